package dev.candor.inference.engine.encoder;

import dev.candor.inference.engine.ModelException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request's sequences. {@link #next} and the results belong to the engine's thread. */
final class EncoderWork implements Encoding {
    /** One of the sequences. */
    record Item(EncoderWork work, int index) {
        EncoderInput input() {
            return work.inputs.get(index);
        }

        int length() {
            return input().length();
        }
    }

    private final List<EncoderInput> inputs;
    private final String client;
    private final OptionalLong deadlineNanos;
    private final long tokens;
    private final float[][] results;
    private final CompletableFuture<List<float[]>> end = new CompletableFuture<>();
    private int taken;
    private int done;

    EncoderWork(List<EncoderInput> inputs, String client, OptionalLong deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
        this.inputs = inputs;
        this.client = client;
        this.tokens = inputs.stream().mapToLong(EncoderInput::length).sum();
        this.results = new float[inputs.size()][];
    }

    String client() {
        return client;
    }

    /** Tokens of all its sequences. */
    long tokens() {
        return tokens;
    }

    /** Whether it is not wanted any more. */
    boolean over() {
        if (deadlineNanos.isPresent() && deadlineNanos.getAsLong() - System.nanoTime() <= 0) {
            late();
        }
        return end.isDone();
    }

    private void late() {
        end.completeExceptionally(new TimeoutException("the time for the sequences was up"));
    }

    boolean allTaken() {
        return taken == inputs.size();
    }

    /** The sequence that is next, without taking it. */
    Item peek() {
        return new Item(this, taken);
    }

    Item next() {
        return new Item(this, taken++);
    }

    void finished(int index, float[] result) {
        results[index] = result;
        if (++done == inputs.size()) {
            end.complete(Arrays.asList(results));
        }
    }

    void failed(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public List<float[]> await() throws ModelException, TimeoutException, InterruptedException {
        try {
            return ended();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TimeoutException late -> throw late;
                case ModelException failure -> throw new ModelException(failure.getMessage(), failure);
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private List<float[]> ended() throws ExecutionException, InterruptedException {
        if (deadlineNanos.isPresent()) {
            try {
                return end.get(Math.max(0, deadlineNanos.getAsLong() - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                late();
            }
        }
        return end.get();
    }

    @Override
    public void cancel() {
        end.completeExceptionally(new CancellationException("the sequences were cancelled"));
    }
}
