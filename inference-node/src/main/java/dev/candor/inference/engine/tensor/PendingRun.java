package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.ModelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A request on its way through a {@link QueuedTensorEngine}. */
final class PendingRun implements TensorRun {
    private final TensorRequest request;
    private final Consumer<PendingRun> stopped;
    private final RunControl control = new RunControl();
    private final CompletableFuture<List<Tensor>> end = new CompletableFuture<>();
    private long order;

    /** @param stopped called whenever it was stopped, so that it need not wait any more */
    PendingRun(TensorRequest request, Consumer<PendingRun> stopped) {
        this.request = request;
        this.stopped = stopped;
    }

    /** Its place among all that came. */
    void arrived(long place) {
        order = place;
    }

    long order() {
        return order;
    }

    String client() {
        return request.client();
    }

    TensorRequest request() {
        return request;
    }

    RunControl control() {
        return control;
    }

    /** Whether it is still wanted. */
    boolean begin() {
        if (request.deadlineNanos() - System.nanoTime() <= 0) {
            stop(TensorStoppedException.Reason.DEADLINE);
        }
        return !end.isDone();
    }

    void succeed(List<Tensor> outputs) {
        end.complete(outputs);
    }

    void fail(Throwable failure) {
        end.completeExceptionally(failure);
    }

    void stop(TensorStoppedException.Reason reason) {
        end.completeExceptionally(new TensorStoppedException(reason, switch (reason) {
            case DEADLINE -> "the request's time was up before the model had answered";
            case CANCELLED -> "the request was cancelled";
            case CLOSED -> "the model was unloaded before it had answered";
        }));
        control.stop();
        stopped.accept(this);
    }

    @Override
    public List<Tensor> await() throws ModelException, TensorStoppedException, InterruptedException {
        try {
            return end.get(Math.max(0, request.deadlineNanos() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            stop(TensorStoppedException.Reason.DEADLINE);
            return outcome();
        } catch (ExecutionException e) {
            return thrown(e.getCause());
        }
    }

    private List<Tensor> outcome() throws ModelException, TensorStoppedException, InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            return thrown(e.getCause());
        }
    }

    private static List<Tensor> thrown(Throwable cause) throws ModelException, TensorStoppedException {
        switch (cause) {
            case ModelException failure -> throw failure;
            case TensorStoppedException stopped -> throw stopped;
            default -> throw new ModelException("the model's run failed: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void cancel() {
        stop(TensorStoppedException.Reason.CANCELLED);
    }
}
