package dev.candor.inference.node;

import dev.candor.inference.http.DiskGuard;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at the disk every few seconds. */
final class Housekeeping implements AutoCloseable {
    private static final long PERIOD_SECONDS = 5;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("housekeeping").factory());

    Housekeeping(DiskGuard disk) {
        disk.check();
        timer.scheduleWithFixedDelay(disk::check, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
