package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForeignLoadTest {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final long DEADLINE_NANOS = Duration.ofSeconds(60).toNanos();
    private static final String BUSY = "while :; do :; done";

    private final ForeignLoad load = new ForeignLoad();

    @BeforeEach
    void needsAShell() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        assumeTrue(load.busyCores() >= 0, "the system tells");
    }

    @Test
    void seesAnotherProcessAtWork() throws Exception {
        Process starter = shell("(" + BUSY + ") >/dev/null & echo $!");
        ProcessHandle busy = ProcessHandle.of(Long.parseLong(starter.inputReader().readLine())).orElseThrow();
        try {
            assertThat(starter.waitFor()).isZero();

            assertThat(eventually(seen -> seen >= 0.4)).isGreaterThanOrEqualTo(0.4).isLessThanOrEqualTo(CORES);
        } finally {
            busy.destroyForcibly();
        }
    }

    @Test
    void countsNotItsOwnWork() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        IntStream.range(0, CORES).forEach(i -> Thread.ofPlatform().daemon().start(() -> spin(over)));
        try {
            assertThat(eventually(seen -> seen <= 0.85 * CORES)).as("while our own threads want every core").isLessThanOrEqualTo(0.85 * CORES);
        } finally {
            over.set(true);
        }
    }

    @Test
    void countsNotWhatItStarted() throws Exception {
        List<Process> busy = List.of(shell(BUSY), shell(BUSY), shell(BUSY), shell(BUSY));
        try {
            assertThat(eventually(seen -> seen <= 0.85 * CORES)).as("while our own processes want every core").isLessThanOrEqualTo(0.85 * CORES);
        } finally {
            busy.forEach(Process::destroyForcibly);
        }
    }

    private double eventually(DoublePredicate wanted) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE_NANOS;
        double seen;
        do {
            new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
            seen = load.busyCores();
        } while (!wanted.test(seen) && System.nanoTime() < end);
        return seen;
    }

    private static Process shell(String script) throws IOException {
        return new ProcessBuilder("/bin/sh", "-c", script).start();
    }

    private static void spin(AtomicBoolean over) {
        while (!over.get()) {
            Thread.onSpinWait();
        }
    }
}
