package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFsckTest {
    private static final int SIZE = 600;

    @TempDir
    private Path folder;

    private final LogKey key = LogSamples.key(1);

    @BeforeEach
    void writeALog() throws IOException {
        try (TileLog log = TileLog.open(folder, key)) {
            log.append(0, LogSamples.entries(0, 300));
            log.append(300, LogSamples.entries(300, 520));
            log.append(520, LogSamples.entries(520, SIZE));
        }
    }

    @Test
    void aSoundLogHasNoFaults() {
        LogFsck.Report report = check();

        assertThat(report.sound()).isTrue();
        assertThat(report.entries()).isEqualTo(SIZE);
        assertThat(report.checkpoint().orElseThrow().size()).isEqualTo(SIZE);
    }

    @Test
    void aFlippedBitInAnyFileIsFoundAndTheFileNamed() throws Exception {
        Random random = new Random(6);
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            for (int sample = 0; good.length > 0 && sample < 12; sample++) {
                int bit = sample == 0 ? 0 : sample == 1 ? good.length * 8 - 1 : random.nextInt(good.length * 8);
                byte[] bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file, bad);
                assertThat(String.join("\n", check().faults())).as("%s bit %s", file, bit).contains(blamed(file));
            }
            Files.write(file, good);
        }
        assertThat(check().sound()).isTrue();
    }

    @Test
    void aMissingFileIsFound() throws Exception {
        for (String name : List.of(
                "checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/000",
                "tile/entries/001", "tile/entries/002.p/88")) {
            Path file = folder.resolve(name);
            byte[] good = Files.readAllBytes(file);
            Files.delete(file);
            assertThat(check().faults()).as(name).contains(name + ": missing");
            Files.write(file, good);
        }
    }

    @Test
    void aShortenedOrLengthenedFileIsFound() throws Exception {
        for (Path file : files()) {
            byte[] good = Files.readAllBytes(file);
            for (int length : new int[] {good.length - 1, good.length / 2, 0, good.length + 1, good.length + 32}) {
                if (good.length > 0) {
                    Files.write(file, Arrays.copyOf(good, length));
                    assertThat(check().sound()).as("%s with %s bytes", file, length).isFalse();
                }
            }
            Files.write(file, good);
        }
    }

    @Test
    void filesThatDoNotBelongAreFound() throws Exception {
        for (String name : List.of(
                "note.txt", "tile/0/003", "tile/0/002.p/99", "tile/0/002.p/x", "tile/0/000.bak", "tile/2/000.p/1",
                "tile/entries/004.p/1", "tile/9/000")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[32]);
            assertThat(check().faults()).as(name).anyMatch(fault -> fault.startsWith(name + ": "));
            Files.delete(file);
        }
    }

    @Test
    void aFileOfAbsurdSizeIsNotRead() throws Exception {
        Files.write(folder.resolve("tile/1/000.p/2"), new byte[100_000]);

        assertThat(check().faults()).anyMatch(fault -> fault.contains("more than the 64 it can have"));
    }

    @Test
    void aCheckpointOfFewerOrMoreEntriesThanTheRootHasIsFound() throws Exception {
        LogReader reader = LogReader.open(folder, key.verifierKey());
        for (long size : new long[] {SIZE - 1, SIZE + 1, 0}) {
            Checkpoint wrong = new Checkpoint(key.origin(), size, reader.root(SIZE));
            Files.write(folder.resolve("checkpoint"), key.sign(wrong).note().bytes());
            assertThat(check().sound()).as("size %s", size).isFalse();
            Files.write(folder.resolve("checkpoint"), key.sign(new Checkpoint(key.origin(), SIZE, reader.root(0))).note().bytes());
            assertThat(check().faults()).anyMatch(fault -> fault.contains("the entries lead to"));
            Files.write(folder.resolve("checkpoint"), key.sign(new Checkpoint(key.origin(), SIZE, wrong.root())).note().bytes());
        }
        assertThat(check().sound()).isTrue();
    }

    @Test
    void aCheckpointOfAnotherKeyIsFound() {
        assertThat(new LogFsck(folder, LogSamples.key(2).verifierKey()).check().faults())
                .singleElement()
                .asString()
                .startsWith("checkpoint: note: not signed by");
    }

    @Test
    void manyFaultsAreCountedPastTheFirstHundred() throws Exception {
        for (int i = 0; i < 130; i++) {
            Files.write(folder.resolve("stray" + i), new byte[1]);
        }

        assertThat(check().faults()).hasSize(101).last().isEqualTo("and 30 more");
    }

    @Test
    void anEmptyFolderIsNoLog() {
        LogFsck.Report report = new LogFsck(folder.resolve("absent"), key.verifierKey()).check();

        assertThat(report.faults()).containsExactly("checkpoint: missing");
        assertThat(report.checkpoint()).isEmpty();
    }

    private LogFsck.Report check() {
        return new LogFsck(folder, key.verifierKey()).check();
    }

    /** A fault names the changed file, or the tile that its entries no longer lead to. */
    private String blamed(Path file) {
        String name = folder.relativize(file).toString();
        return name.startsWith("tile/entries/") ? "tile/" : name;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
