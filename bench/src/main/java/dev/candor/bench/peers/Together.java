package dev.candor.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs clients at once, each on a thread of its own. */
final class Together {
    private Together() {}

    /** @throws IOException naming the first failure */
    static <T> List<T> run(List<Callable<T>> clients) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = clients.stream().map(threads::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage() == null ? e.getCause().toString() : e.getCause().getMessage(), e.getCause());
        }
    }
}
