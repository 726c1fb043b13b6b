package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.attestation.testing.MutatedBytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Each parser of outside bytes refuses by its documented exception alone, and what it accepts it writes back the same. */
class LogParsersFuzzTest {
    private static final int MAX_WIDTH = 256;
    private static final int ROUNDS = 1500;

    @Test
    void changedBytesOfGoodInputsAreRefusedOrReadTheSame() {
        LogKey key = LogSamples.key(1);
        byte[] note = key.sign(new Checkpoint(key.origin(), 7, MerkleHash.emptyRoot())).note().bytes();
        new MutatedBytes(note, ROUNDS, 3).forEach(this::noteAndCheckpoint);
        new MutatedBytes(key.verifierKey().vkey().getBytes(StandardCharsets.ISO_8859_1), ROUNDS, 3).forEach(this::verifierKey);
        new MutatedBytes("tile/0/x001/x234/067.p/12".getBytes(StandardCharsets.ISO_8859_1), ROUNDS, 3).forEach(this::tilePath);
        new MutatedBytes(EntryBundle.encode(LogSamples.entries(0, 9)), ROUNDS, 3).forEach(this::entryBundle);
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
