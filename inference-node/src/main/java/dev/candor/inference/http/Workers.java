package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs handlers that block on virtual threads, at most so many at once; the event loop never waits. */
final class Workers implements AutoCloseable {
    /** A handler that may block. */
    interface Blocking {
        /** @throws Exception answered by {@link Failures} */
        void handle(Exchange exchange) throws Exception;
    }

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
    private final Semaphore places;
    private final Failures failures;

    Workers(int maxInFlight, Failures failures) {
        this.places = new Semaphore(maxInFlight);
        this.failures = failures;
    }

    /** A route's handler that runs {@code blocking} off the event loop. */
    Handler<RoutingContext> run(Blocking blocking) {
        return routing -> {
            Exchange exchange = new Exchange(routing);
            if (!places.tryAcquire()) {
                exchange.send(failures.reply(
                        new ApiException(ErrorCode.QUEUE_FULL, "Too many requests at once: try again later."),
                        exchange.requestId(), exchange.path()));
                return;
            }
            execute(exchange, () -> {
                try {
                    blocking.handle(exchange);
                } catch (Throwable failure) {
                    exchange.send(failures.reply(failure, exchange.requestId(), exchange.path()));
                } finally {
                    places.release();
                }
            });
        };
    }

    private void execute(Exchange exchange, Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            places.release();
            ApiException stopping = new ApiException(ErrorCode.UNAVAILABLE, "The node is stopping.");
            exchange.send(failures.reply(stopping, exchange.requestId(), exchange.path()));
        }
    }

    /** Waits for requests at work, at most so long; false if some are still there. */
    boolean await(Duration limit) {
        threads.shutdown();
        try {
            return threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Interrupts what is left. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
