package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForeignLoadTest {
    private static final long DEADLINE_NANOS = Duration.ofSeconds(60).toNanos();

    @Test
    void seesAnotherProcessAtWork() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        ForeignLoad load = new ForeignLoad();
        assumeTrue(load.busyCores() >= 0, "the system tells");
        Process busy = new ProcessBuilder("/bin/sh", "-c", "while :; do :; done").start();
        try {
            long end = System.nanoTime() + DEADLINE_NANOS;
            double seen = load.busyCores();
            while (seen < 0.4 && System.nanoTime() < end) {
                busy.waitFor(200, TimeUnit.MILLISECONDS);
                seen = load.busyCores();
            }
            assertThat(seen).isGreaterThanOrEqualTo(0.4).isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        } finally {
            busy.destroyForcibly().waitFor();
        }
    }

    @Test
    void countsNotItsOwnWork() throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> busy = IntStream.range(0, cores).mapToObj(i -> Thread.ofPlatform().daemon().start(() -> spin(over))).toList();
        try {
            ForeignLoad load = new ForeignLoad();
            long end = System.nanoTime() + DEADLINE_NANOS;
            double seen = Double.MAX_VALUE;
            while (seen > 0.85 * cores && System.nanoTime() < end) {
                busy.getFirst().join(Duration.ofMillis(200));
                seen = load.busyCores();
            }
            assertThat(seen).as("while our own threads want every core").isLessThanOrEqualTo(0.85 * cores);
        } finally {
            over.set(true);
        }
    }

    private static void spin(AtomicBoolean over) {
        while (!over.get()) {
            Thread.onSpinWait();
        }
    }
}
