package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Renders and tokenises prompts on a few threads of its own: native code would hold the carriers of virtual threads. */
final class Prompts implements AutoCloseable {
    private final ExecutorService threads;
    private final ExecutorService compilers = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("form-", 0).daemon().factory());

    Prompts(int threads) {
        this.threads = Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("prompt-", 0).daemon().factory());
    }

    /** Runs {@code work}, which throws no checked exception but an {@link ApiException}. */
    <T> T run(Callable<T> work) throws ApiException, InterruptedException {
        return on(threads, work);
    }

    /** As {@link #run}, for work that may compile a form of answers: that can take seconds, for which no other prompt is to wait. */
    <T> T compile(Callable<T> work) throws ApiException, InterruptedException {
        return on(compilers, work);
    }

    private static <T> T on(ExecutorService threads, Callable<T> work) throws ApiException, InterruptedException {
        try {
            return threads.submit(work).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ApiException refused -> throw refused;
                case RuntimeException failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        compilers.shutdownNow();
    }
}
