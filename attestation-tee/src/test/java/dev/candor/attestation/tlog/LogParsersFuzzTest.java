package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each parser of outside bytes refuses by its documented exception alone, and what it accepts it writes back the same. */
class LogParsersFuzzTest {
    private static final int MAX_WIDTH = 256;
    private static final int ROUNDS = 1500;

    @FunctionalInterface
    private interface Parser {
        void accept(byte[] data);
    }

    @Test
    void changedBytesOfGoodInputsAreRefusedOrReadTheSame() {
        LogKey key = LogSamples.key(1);
        Random random = new Random(3);
        byte[] note = key.sign(new Checkpoint(key.origin(), 7, MerkleHash.emptyRoot())).note().bytes();
        mutate(note, random, this::noteAndCheckpoint);
        mutate(key.verifierKey().vkey().getBytes(StandardCharsets.ISO_8859_1), random, this::verifierKey);
        mutate("tile/0/x001/x234/067.p/12".getBytes(StandardCharsets.ISO_8859_1), random, this::tilePath);
        mutate(EntryBundle.encode(LogSamples.entries(0, 9)), random, this::entryBundle);
    }

    private static void mutate(byte[] good, Random random, Parser parser) {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length + 3) : good.length);
            for (int i = random.nextInt(4); i >= 0 && bad.length > 0; i--) {
                bad[random.nextInt(bad.length)] = (byte) (random.nextBoolean() ? random.nextInt() : ' ' + random.nextInt(95));
            }
            parser.accept(bad);
        }
    }

    @FuzzTest
    void noteAndCheckpoint(byte[] data) {
        try {
            SignedNote note = SignedNote.parse(data);
            assertThat(note.bytes()).isEqualTo(data);
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            assertThat(note.text()).startsWith(checkpoint.text());
        } catch (LogFormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void verifierKey(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        try {
            assertThat(LogVerifierKey.parse(text).vkey()).isEqualTo(text);
        } catch (LogFormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void tilePath(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        try {
            assertThat(TilePath.parse(text).path()).isEqualTo(text);
        } catch (LogFormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void entryBundle(byte[] data) {
        int width = data.length == 0 ? 0 : Math.min(MAX_WIDTH, data[0] & 0xff);
        try {
            assertThat(EntryBundle.encode(EntryBundle.decode(data, width))).isEqualTo(data);
        } catch (LogFormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
