package dev.candor.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void endsWithTheBenchmarkThatStartedItWhenThatIsTerminated() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
        Path written = folder.resolve("pid");
        Process benchmark = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                        "-cp", System.getProperty("java.class.path"), ChildMain.class.getName(), "exec sleep 600", written.toString())
                .inheritIO()
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            while (!Files.exists(written) || Files.size(written) == 0) {
                assertThat(benchmark.isAlive() && System.nanoTime() < end).as("the benchmark starts its server").isTrue();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            ProcessHandle server = ProcessHandle.of(Long.parseLong(Files.readString(written))).orElseThrow();
            assertThat(server.isAlive()).isTrue();

            benchmark.destroy();

            server.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(benchmark.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            benchmark.destroyForcibly();
        }
    }

    @Test
    void endsWhenItIsClosed() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
        Child child = new Child(new ProcessBuilder("sh", "-c", "exec sleep 600").start());

        child.close();

        assertThat(child.process().isAlive()).isFalse();
    }
}
