package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stops an append before each step that touches the disk, and looks at what a reopened log makes of the rest. */
class TileLogCrashTest {
    @TempDir
    private Path folder;

    private final LogKey key = LogSamples.key(1);

    /** The process is gone: nothing after it runs but the release of the lock, which the system does. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class KillAt implements LogFiles.Fault {
        private int steps;

        KillAt(int steps) {
            this.steps = steps;
        }

        @Override
        public void before(String step, Path file) {
            if (steps-- == 0) {
                throw new Killed();
            }
        }

        boolean happened() {
            return steps < 0;
        }
    }

    @Test
    void aKillBeforeAnyStepOfAnAppendLeavesALogThatGoesOn() throws Exception {
        boolean killed = true;
        int steps = 0;
        for (; killed; steps++) {
            Path directory = folder.resolve("kill-" + steps);
            try (TileLog log = TileLog.open(directory, key)) {
                log.append(0, LogSamples.entries(0, 250));
            }
            killed = appendKilled(directory, steps, 250, 300);
            requireGoesOn(directory, 250, 300, steps);
        }
        assertThat(steps).as("steps of an append").isGreaterThan(30);
    }

    @Test
    void aKillBeforeAnyStepOfTheFirstOpeningLeavesALogThatGoesOn() throws Exception {
        boolean killed = true;
        for (int steps = 0; killed; steps++) {
            Path directory = folder.resolve("first-" + steps);
            killed = appendKilled(directory, steps, 0, 3);
            try (TileLog log = TileLog.open(directory, key)) {
                log.append(0, LogSamples.entries(0, 3));
            }
            assertSound(directory);
        }
    }

    @Test
    void repeatedKillsInRandomBatchesEndInTheSameLog() throws Exception {
        Path directory = folder.resolve("log");
        Random random = new Random(8);
        int total = 700;
        int kills = 0;
        while (size(directory) < total) {
            int from = (int) size(directory);
            int to = Math.min(total, from + 1 + random.nextInt(300));
            kills += appendKilled(directory, random.nextInt(60), from, to) ? 1 : 0;
        }
        assertThat(kills).isPositive();
        assertSound(directory);
        NaiveTree naive = new NaiveTree(LogSamples.entries(0, total));
        assertThat(LogReader.open(directory, key.verifierKey()).checkpoint().checkpoint().root()).isEqualTo(naive.root(total));
    }

    @Test
    void aFailingDiskLeavesTheOpenLogUsable() throws Exception {
        Path directory = folder.resolve("log");
        int[] countdown = {-1};
        LogFiles files = new LogFiles(directory, (step, file) -> {
            if (countdown[0]-- == 0) {
                throw new IOException("no space left");
            }
        });
        try (TileLog log = TileLog.open(files, key)) {
            log.append(0, LogSamples.entries(0, 200));
            int failures = 0;
            for (boolean failed = true; failed; ) {
                countdown[0] = failures;
                failed = appendFails(log, 200, 240);
                countdown[0] = -1;
                failures += failed ? 1 : 0;
                log.inclusionProof(7, 200).verify(MerkleHash.leaf(LogSamples.entry(7)), log.reader().root(200));
            }
            assertThat(failures).as("fewer each time, since what was written is kept").isGreaterThan(4);
            assertThat(log.append(200, LogSamples.entries(200, 310)).size()).isEqualTo(310);
        }
        assertSound(directory);
    }

    private static boolean appendFails(TileLog log, int from, int to) {
        try {
            log.append(from, LogSamples.entries(from, to));
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessage("no space left");
            return true;
        }
    }

    @Test
    void anAppendWhoseLastStepFailedIsRecognisedWhenRepeated() throws Exception {
        Path directory = folder.resolve("log");
        boolean[] armed = {false};
        LogFiles files = new LogFiles(directory, (step, file) -> {
            if (armed[0] && step.equals("force directory") && file.equals(directory)) {
                throw new IOException("disk gone");
            }
        });
        try (TileLog log = TileLog.open(files, key)) {
            armed[0] = true;
            assertThatThrownBy(() -> log.append(0, LogSamples.entries(0, 4))).hasMessage("disk gone");
            armed[0] = false;
            assertThat(log.append(0, LogSamples.entries(0, 6)).size()).isEqualTo(6);
        }
        assertSound(directory);
    }

    @Test
    void otherEntriesThanThoseOfAnUnfinishedAppendAreRefused() throws Exception {
        for (int steps = 4; steps < 11; steps++) {
            Path directory = folder.resolve("other-" + steps);
            try (TileLog log = TileLog.open(directory, key)) {
                log.append(0, LogSamples.entries(0, 2));
            }
            assertThat(appendKilled(directory, steps, 2, 9)).isTrue();
            assertThat(directory.resolve("tile/entries/000.p/9")).exists();
            try (TileLog log = TileLog.open(directory, key)) {
                for (int count : new int[] {1, 7, 300}) {
                    assertThatThrownBy(() -> log.append(2, LogSamples.entries(50, 50 + count)))
                            .isInstanceOf(LogStateException.class)
                            .hasMessageContaining("000.p/9")
                            .hasMessageContaining("other entries");
                }
                assertThat(log.append(2, LogSamples.entries(2, 5)).size()).isEqualTo(5);
                assertThat(log.append(5, LogSamples.entries(5, 400)).size()).isEqualTo(400);
            }
            assertSound(directory);
        }
    }

    private boolean appendKilled(Path directory, int steps, int from, int to) throws IOException {
        KillAt kill = new KillAt(steps);
        TileLog[] opened = new TileLog[1];
        try {
            opened[0] = TileLog.open(new LogFiles(directory, kill), key);
            opened[0].append(from, LogSamples.entries(from, to));
        } catch (Killed e) {
            assertThat(kill.happened()).isTrue();
        } finally {
            if (opened[0] != null) {
                opened[0].close();
            }
        }
        return kill.happened();
    }

    private void requireGoesOn(Path directory, int oldSize, int newSize, int steps) throws Exception {
        long published = size(directory);
        assertThat(published).as("size after a kill before step %s", steps).isIn((long) oldSize, (long) newSize);
        assertSound(directory);
        NaiveTree naive = new NaiveTree(LogSamples.entries(0, newSize + 5));
        try (TileLog log = TileLog.open(directory, key)) {
            assertThat(log.checkpoint().checkpoint().root()).isEqualTo(naive.root((int) published));
            log.append(oldSize, LogSamples.entries(oldSize, oldSize + 3));
            log.append(oldSize, LogSamples.entries(oldSize, newSize + 5));
            assertThat(log.checkpoint().checkpoint().root()).isEqualTo(naive.root(newSize + 5));
            assertThat(Files.exists(directory.resolve(".tmp/next"))).isFalse();
        }
        assertSound(directory);
    }

    private long size(Path directory) throws IOException {
        return Files.exists(directory.resolve("checkpoint"))
                ? LogReader.open(directory, key.verifierKey()).checkpoint().size()
                : 0;
    }

    private void assertSound(Path directory) {
        assertThat(new LogFsck(directory, key.verifierKey()).check().faults()).isEmpty();
    }
}
