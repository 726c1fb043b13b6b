package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TileLogTest {
    @TempDir
    private Path folder;

    private final LogKey key = LogSamples.key(1);

    @Test
    void aNewLogPublishesTheEmptyTree() throws Exception {
        try (TileLog log = open()) {
            assertThat(log.size()).isZero();
            assertThat(log.checkpoint().checkpoint().root()).isEqualTo(MerkleHash.emptyRoot());
        }
        assertThat(SignedCheckpoint.open(Files.readAllBytes(folder.resolve("log/checkpoint")), key.verifierKey()).size()).isZero();
    }

    @Test
    void theFilesAreThoseOfTheSpecification() throws Exception {
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 200));
            log.append(200, LogSamples.entries(200, 600));
        }

        assertThat(files()).containsExactlyInAnyOrder(
                "checkpoint", ".lock", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88");
        assertThat(Files.size(folder.resolve("log/tile/0/000"))).isEqualTo(8192);
    }

    @Test
    void randomBatchesGiveTheRootsAndProofsOfTheNaiveTree() throws Exception {
        Random random = new Random(42);
        int total = 1500;
        NaiveTree naive = new NaiveTree(LogSamples.entries(0, total));
        TileLog log = open();
        while (log.size() < total) {
            int size = (int) log.size();
            int batch = Math.min(total - size, random.nextInt(4) == 0 ? random.nextInt(600) : random.nextInt(40));
            assertThat(log.append(size, LogSamples.entries(size, size + batch)).checkpoint().root())
                    .isEqualTo(naive.root(size + batch));
            requireProofs(log, naive, random);
            if (random.nextInt(3) == 0) {
                log.close();
                log = open();
            }
        }
        log.close();
        assertSound();
    }

    @Test
    void everyPairOfSizesUpToThreeHundredIsConsistentFromTiles() throws Exception {
        NaiveTree naive = new NaiveTree(LogSamples.entries(0, 300));
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 300));
            for (int oldSize = 1; oldSize <= 300; oldSize += 7) {
                for (int newSize = oldSize; newSize <= 300; newSize += 11) {
                    assertThat(log.consistencyProof(oldSize, newSize).hashes()).isEqualTo(naive.consistency(oldSize, newSize));
                }
            }
        }
    }

    @Test
    void aTreeOfThreeLevelsProvesItsLeaves() throws Exception {
        int total = 256 * 256 + 300;
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 40_000));
            Digest oldRoot = log.checkpoint().checkpoint().root();
            log.append(40_000, LogSamples.entries(40_000, total));
            Digest root = log.checkpoint().checkpoint().root();
            for (long index : new long[] {0, 1, 255, 256, 39_999, 65_535, 65_536, total - 1}) {
                log.inclusionProof(index, total).verify(MerkleHash.leaf(LogSamples.entry(index)), root);
            }
            log.consistencyProof(40_000, total).verify(oldRoot, root);
        }
        assertThat(folder.resolve("log/tile/2/000.p/1")).exists();
        assertThat(folder.resolve("log/tile/entries/256")).exists();
        assertSound();
    }

    @Test
    void appendingTheSameEntriesAgainChangesNothing() throws Exception {
        try (TileLog log = open()) {
            SignedCheckpoint first = log.append(0, LogSamples.entries(0, 300));

            assertThat(log.append(0, LogSamples.entries(0, 300))).isEqualTo(first);
            assertThat(log.append(250, LogSamples.entries(250, 310)).size()).isEqualTo(310);
        }
    }

    @Test
    void publishedEntriesCannotBecomeOthers() throws Exception {
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 300));

            assertThatThrownBy(() -> log.append(299, LogSamples.entries(0, 2)))
                    .isInstanceOf(LogStateException.class)
                    .hasMessageContaining(MerkleHash.leaf(LogSamples.entry(299)).hex())
                    .hasMessageContaining(MerkleHash.leaf(LogSamples.entry(0)).hex());
            assertThatThrownBy(() -> log.append(301, LogSamples.entries(301, 302)))
                    .isInstanceOf(LogStateException.class)
                    .hasMessageContaining("gap");
            assertThat(log.append(300, LogSamples.entries(300, 301)).size()).isEqualTo(301);
        }
        assertSound();
    }

    @Test
    void entriesAreReadBackFromAnyIndexAndNotPastTheEnd() throws Exception {
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 700));

            assertThat(log.reader().entries(200, 400)).containsExactlyElementsOf(LogSamples.entries(200, 600));
            assertThat(log.reader().entries(650, 400)).containsExactlyElementsOf(LogSamples.entries(650, 700));
            assertThat(log.reader().entries(700, 400)).isEmpty();
            assertThat(log.reader().entries(0, 0)).isEmpty();
        }
    }

    @Test
    void proofsOutsideTheLogAreRefused() throws Exception {
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 3));

            assertThatThrownBy(() -> log.inclusionProof(3, 3)).hasMessageContaining("leaf index 3 is not in a tree of size 3");
            assertThatThrownBy(() -> log.inclusionProof(0, 4)).hasMessageContaining("has 3 entries");
            assertThatThrownBy(() -> log.consistencyProof(0, 3)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.consistencyProof(3, 2)).isInstanceOf(IllegalArgumentException.class);
            assertThat(log.inclusionProof(0, 1).hashes()).isEmpty();
        }
    }

    @Test
    void onlyTheFilesOfTheLogAreServed() throws Exception {
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 300));

            assertThat(log.file("checkpoint")).contains(Files.readAllBytes(folder.resolve("log/checkpoint")));
            assertThat(log.file("tile/0/000").orElseThrow()).hasSize(8192);
            assertThat(log.file("tile/0/001.p/44").orElseThrow()).hasSize(44 * 32);
            assertThat(log.file("tile/0/001")).isEmpty();
            assertThat(log.file(".lock")).isEmpty();
            assertThat(log.file("tile/0/../../checkpoint")).isEmpty();
            assertThat(log.file("../log.key")).isEmpty();
        }
    }

    @Test
    void aReaderWithoutTheLockSeesWhatTheWriterPublished() throws Exception {
        LogReader reader = LogReader.open(folder.resolve("log"), key.verifierKey());
        assertThatThrownBy(reader::checkpoint).isInstanceOf(LogStateException.class).hasMessageContaining("no checkpoint");
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 5));
            assertThat(reader.checkpoint()).isEqualTo(log.checkpoint());
            log.append(5, LogSamples.entries(5, 500));
            reader.inclusionProof(3, 5).verify(MerkleHash.leaf(LogSamples.entry(3)), reader.root(5));
        }
    }

    @Test
    void aSecondWriterIsRefused() throws Exception {
        try (TileLog log = open()) {
            assertThatThrownBy(this::open).isInstanceOf(LogStateException.class).hasMessageContaining("already open");
            log.append(0, LogSamples.entries(0, 1));
        }
        TileLog closed = open();
        closed.close();
        assertThatThrownBy(() -> closed.append(1, LogSamples.entries(1, 2))).hasMessageContaining("is closed");
    }

    @Test
    void aLogOfAnotherKeyIsRefused() throws Exception {
        open().close();

        assertThatThrownBy(() -> TileLog.open(folder.resolve("log"), LogSamples.key(2)))
                .isInstanceOf(LogStateException.class)
                .hasMessageContaining("not signed by " + LogSamples.key(2).origin());
    }

    @Test
    void aLogWhoseCheckpointIsGoneIsNotBegunAnew() throws Exception {
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 1));
        }
        Files.delete(folder.resolve("log/checkpoint"));

        assertThatThrownBy(this::open).isInstanceOf(LogStateException.class).hasMessageContaining("restore it");
    }

    @Test
    void aCheckpointThatWentBackUnderARunningWriterStopsIt() throws Exception {
        Path checkpoint = folder.resolve("log/checkpoint");
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 1));
            byte[] old = Files.readAllBytes(checkpoint);
            log.append(1, LogSamples.entries(1, 5));
            Files.write(checkpoint, old);

            assertThatThrownBy(() -> log.append(5, LogSamples.entries(5, 6))).hasMessageContaining("changed by somebody else");
            assertThatThrownBy(() -> log.append(5, LogSamples.entries(5, 6))).hasMessageContaining("went back from size 5 to 1");
        }
    }

    @Test
    void damagedLastTilesAreFoundAtOpening() throws Exception {
        try (TileLog log = open()) {
            log.append(0, LogSamples.entries(0, 300));
        }
        flip(folder.resolve("log/tile/0/001.p/44"));
        assertThatThrownBy(this::open).isInstanceOf(LogStateException.class).hasMessageContaining("lead to root");

        flip(folder.resolve("log/tile/0/001.p/44"));
        flip(folder.resolve("log/tile/entries/001.p/44"));
        assertThatThrownBy(this::open).isInstanceOf(LogStateException.class).hasMessageContaining("fsck");
    }

    @Test
    void entriesOfTheGreatestLengthAreKeptAndLongerOnesRefused() throws Exception {
        try (TileLog log = open()) {
            log.append(0, List.of(new byte[EntryBundle.MAX_ENTRY_BYTES], new byte[0]));
            assertThatThrownBy(() -> log.append(2, List.of(new byte[EntryBundle.MAX_ENTRY_BYTES + 1])))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(log.size()).isEqualTo(2);
        }
        assertSound();
    }

    private void requireProofs(TileLog log, NaiveTree naive, Random random) throws Exception {
        int size = (int) log.size();
        for (int round = 0; size > 0 && round < 4; round++) {
            int of = 1 + random.nextInt(size);
            int index = random.nextInt(of);
            int older = 1 + random.nextInt(of);
            InclusionProof proof = log.inclusionProof(index, of);
            assertThat(proof.hashes()).isEqualTo(naive.path(index, of));
            proof.verify(MerkleHash.leaf(LogSamples.entry(index)), naive.root(of));
            assertThat(log.consistencyProof(older, of).hashes()).isEqualTo(naive.consistency(older, of));
            assertThat(log.reader().root(of)).isEqualTo(naive.root(of));
        }
    }

    private TileLog open() throws IOException {
        return TileLog.open(folder.resolve("log"), key);
    }

    private void assertSound() {
        assertThat(new LogFsck(folder.resolve("log"), key.verifierKey()).check().faults()).isEmpty();
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    private List<String> files() throws IOException {
        Path root = folder.resolve("log");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(file -> root.relativize(file).toString()).toList();
        }
    }
}
