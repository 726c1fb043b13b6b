package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    /** Key and note of the documentation of Go's golang.org/x/mod/sumdb/note. */
    private static final String GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private static final String GO_NOTE = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            \u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    private final LogKey key = LogSamples.key(1);
    private final SignedNote note = key.sign(new Checkpoint(key.origin(), 5, MerkleHash.emptyRoot())).note();

    @Test
    void aNoteSignedByGoVerifies() throws Exception {
        SignedNote parsed = SignedNote.parse(GO_NOTE);

        parsed.verify(LogVerifierKey.parse(GO_VKEY));
        assertThat(parsed.format()).isEqualTo(GO_NOTE);
    }

    @Test
    void aNoteReadsBackAsItself() throws Exception {
        SignedNote parsed = SignedNote.parse(note.bytes());

        assertThat(parsed).isEqualTo(note);
        parsed.verify(key.verifierKey());
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] good = note.bytes();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> SignedNote.parse(bad).verify(key.verifierKey()))
                    .as("bit %s", bit)
                    .isInstanceOf(LogProofException.class);
        }
    }

    @Test
    void signaturesOfUnknownKeysArePassedOver() throws Exception {
        SignedNote.Signature other = SignedNote.Signature.of("witness.example/w", 77, new byte[72]);
        SignedNote.Signature sameName = SignedNote.Signature.of(key.origin(), 78, new byte[64]);
        SignedNote both = new SignedNote(note.text(), List.of(other, note.signatures().getFirst(), sameName));

        SignedNote.parse(both.bytes()).verify(key.verifierKey());
    }

    @Test
    void aWrongSignatureOfAKnownKeyIsNotMadeGoodByARightOne() {
        SignedNote.Signature wrong = SignedNote.Signature.of(key.origin(), key.verifierKey().keyId(), new byte[64]);
        SignedNote both = new SignedNote(note.text(), List.of(note.signatures().getFirst(), wrong));

        assertThatThrownBy(() -> both.verify(key.verifierKey()))
                .isInstanceOf(LogProofException.class)
                .hasMessageContaining(key.verifierKey().publicKeyHex());
    }

    @Test
    void anotherKeyIsNamedBesideTheSigner() {
        LogVerifierKey other = LogSamples.key(2).verifierKey();

        assertThatThrownBy(() -> note.verify(other))
                .isInstanceOf(LogProofException.class)
                .hasMessageContaining("not signed by " + other.name())
                .hasMessageContaining("signed by [" + key.origin());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n\u2014 name\n", "text\n\n\u2014  AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n\u2014 name AAAAAA==\n", "text\n\n\u2014 name AAAAAAA\n", "text\n\n\u2014 name AAAAAAA=",
        "text\n\n\u2014 na+me AAAAAAA=\n",
        "text\n\n\u2014 na\u00a0me AAAAAAA=\n", "te\txt\n\n\u2014 name AAAAAAA=\n", "text\n\n\u2014 name AAAAAAB=\n", "text\n\n\u2014 name !!\n"
    })
    void malformedNotesAreRefused(String malformed) {
        assertThatThrownBy(() -> SignedNote.parse(malformed)).isInstanceOf(LogFormatException.class);
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        byte[] bytes = note.bytes();
        bytes[0] = (byte) 0xff;

        assertThatThrownBy(() -> SignedNote.parse(bytes)).isInstanceOf(LogFormatException.class).hasMessageContaining("UTF-8");
    }

    @Test
    void sizeAndSignaturesAreBounded() throws Exception {
        String line = "\u2014 name AAAAAAA=\n";

        assertThat(SignedNote.parse("text\n\n" + line.repeat(SignedNote.MAX_SIGNATURES)).signatures()).hasSize(32);
        assertThatThrownBy(() -> SignedNote.parse("text\n\n" + line.repeat(SignedNote.MAX_SIGNATURES + 1)))
                .hasMessageContaining("more than 32 signatures");
        assertThatThrownBy(() -> SignedNote.parse(new byte[SignedNote.MAX_BYTES + 1])).hasMessageContaining("131073 bytes");
    }

    @Test
    void aVerifierKeyReadsBackAsItself() throws Exception {
        assertThat(LogVerifierKey.parse(key.verifierKey().vkey())).isEqualTo(key.verifierKey());
        assertThat(LogVerifierKey.parse(GO_VKEY).vkey()).isEqualTo(GO_VKEY);
    }

    @Test
    void aVerifierKeyWhoseIdIsNotItsOwnIsRefused() {
        assertThatThrownBy(() -> LogVerifierKey.parse(GO_VKEY.replace("PeterNeumann", "PeterNeuman")))
                .isInstanceOf(LogFormatException.class)
                .hasMessageContaining("states key id c74f20a3");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a+b", "name+c74f20a3+", "name+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+ARpc2QcU"
    })
    void malformedVerifierKeysAreRefused(String vkey) {
        assertThatThrownBy(() -> LogVerifierKey.parse(vkey)).isInstanceOf(LogFormatException.class);
    }

    @Test
    void checkpointsHaveThreeLinesAndMayHaveMore() throws Exception {
        String text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

        assertThat(Checkpoint.parse(text).size()).isEqualTo(20_852_163);
        assertThat(Checkpoint.parse(text).text()).isEqualTo(text);
        assertThat(Checkpoint.parse(text + "extension\n")).isEqualTo(Checkpoint.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "o\n", "o\n1\n", "\n1\nROOT\n", "o\n01\nROOT\n", "o\n-1\nROOT\n", "o\n+1\nROOT\n", "o\n9223372036854775808\nROOT\n",
        "o\n1\nAAAA\n", "o\n1\nROOT", "o\n1\nROOT\n\n", "o\n1\nROOT\n\next\n", "o\n1\nNOPE\n", "o\n\u0661\nROOT\n"
    })
    void malformedCheckpointsAreRefused(String template) {
        String text = template.replace("ROOT", Base64.getEncoder().encodeToString(new byte[32]));

        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(LogFormatException.class);
    }

    @Test
    void aCheckpointOfAnotherLogIsRefusedEvenIfTheKeySignedIt() {
        LogVerifierKey renamed = new LogVerifierKey("other.example/log", key.verifierKey().publicKeyHex());

        assertThatThrownBy(() -> SignedCheckpoint.open(note.bytes(), renamed)).isInstanceOf(LogProofException.class);
        assertThatThrownBy(() -> key.sign(new Checkpoint("other.example/log", 0, MerkleHash.emptyRoot())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSignedTextThatIsNoCheckpointIsRefused() {
        byte[] goNote = GO_NOTE.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> SignedCheckpoint.open(goNote, LogVerifierKey.parse(GO_VKEY)))
                .isInstanceOf(LogFormatException.class)
                .hasMessageContaining("checkpoint");
    }
}
