package dev.candor.client.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCodecTest {
    private final BundleCodec codec = new BundleCodec();

    @TempDir
    private Path folder;

    @Test
    void readsBackWhatItWrote() throws Exception {
        ReceiptBundle bundle = new SampleAnswer().bundle(folder);
        ReceiptBundle read = codec.read(codec.write(bundle));
        assertThat(read.cose()).isEqualTo(bundle.cose());
        assertThat(read.exchange().orElseThrow().response()).isEqualTo(bundle.exchange().orElseThrow().response());
        assertThat(read.exchange().orElseThrow().tokens().getFirst()).isEqualTo(bundle.exchange().orElseThrow().tokens().getFirst());
        assertThat(read.attestation().orElseThrow()).hasToString(bundle.attestation().orElseThrow().toString());
        assertThat(read.proof().orElseThrow().get("checkpoint")).isEqualTo(bundle.proof().orElseThrow().get("checkpoint"));
        assertThat(codec.write(read)).isEqualTo(codec.write(bundle));
    }

    @Test
    void saysWhatIsWrongWithAFileThatIsNoSavedReceipt() {
        assertThatThrownBy(() -> codec.read(bytes("{}"))).isInstanceOf(BundleException.class).hasMessageContaining("it has no version");
        assertThatThrownBy(() -> codec.read(bytes("{\"v\":2}"))).isInstanceOf(BundleException.class).hasMessageContaining("has version 2");
        assertThatThrownBy(() -> codec.read(bytes(""))).isInstanceOf(BundleException.class);
        assertThatThrownBy(() -> codec.read(bytes("{\"v\":1,\"v\":1}"))).isInstanceOf(BundleException.class).hasMessageContaining("not valid JSON at line 1, column");
        assertThatThrownBy(() -> codec.read(bytes("{\"v\":1}"))).isInstanceOf(BundleException.class).hasMessageContaining("\"id\"");
        assertThatThrownBy(() -> codec.read(bytes("{\"v\":1,\"id\":\"x\"}"))).isInstanceOf(BundleException.class).hasMessageContaining("rcpt_");
        assertThatThrownBy(() -> codec.read(bytes("[".repeat(100_000)))).isInstanceOf(BundleException.class);
    }

    @Test
    void saysWhatToDoAboutASavedReceiptThatIsNotWhole() throws Exception {
        byte[] good = codec.write(new SampleAnswer().bundle(folder));
        for (int length : new int[] {2, good.length / 2, good.length - 1}) {
            assertThatThrownBy(() -> codec.read(Arrays.copyOf(good, length))).isInstanceOf(BundleException.class)
                    .hasMessageContaining("cut short: it ends after " + length + " bytes").hasMessageContaining("by its id");
        }
        String text = new String(good, StandardCharsets.UTF_8);
        assertDamaged(text.replace("\"receipt\":\"", "\"receipt\":\"*"), "\"receipt\" of the saved receipt is no base64url");
        assertDamaged(text.replace("\"token_ids\":[[", "\"token_ids\":[[1.5,"), "no token id");
        assertDamaged(text.replace("\"token_ids\":[[", "\"token_ids\":[4,["), "no list of token ids");
        assertDamaged(text.replace("\"token_ids\":[[", "\"token_ids\":[[3000000000,"), "no token id");
    }

    private void assertDamaged(String text, String message) {
        assertThatThrownBy(() -> codec.read(bytes(text))).isInstanceOf(BundleException.class).hasMessageContaining(message).hasMessageContaining("damaged");
    }

    @Test
    void throwsNothingElseForMutatedBytes() throws Exception {
        byte[] good = codec.write(new SampleAnswer().bundle(folder));
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            byte[] changed = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            parse(changed);
        }
    }

    @FuzzTest
    void throwsNothingElseForAnyBytes(byte[] bytes) {
        parse(bytes);
    }

    @Test
    void keepsReceiptsWhereOnlyTheirOwnerReads() throws Exception {
        ReceiptBundle bundle = new SampleAnswer().bundle(folder.resolve("log"));
        BundleStore store = new BundleStore(folder.resolve("receipts"), codec);
        store.save(bundle);
        store.save(bundle);
        assertThat(store.load(bundle.id()).map(ReceiptBundle::cose).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))).isEqualTo(Optional.of(new String(bundle.cose(), StandardCharsets.ISO_8859_1)));
        assertThat(Files.getPosixFilePermissions(folder.resolve("receipts"))).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        try (var files = Files.list(folder.resolve("receipts"))) {
            assertThat(files).containsExactly(store.path(bundle.id()));
        }
    }

    @Test
    void tellsABundleFromOneThatLacksItsRequestAndAnswer() throws Exception {
        ReceiptBundle whole = new SampleAnswer().bundle(folder);
        ReceiptBundle bare = ReceiptBundle.bare(whole.id(), whole.node(), whole.cose());
        assertThat(whole.describes(codec.read(codec.write(whole)))).isTrue();
        assertThat(whole.describes(bare)).isFalse();
        assertThat(bare.describes(whole)).isFalse();
    }

    private void parse(byte[] bytes) {
        try {
            codec.read(bytes);
        } catch (BundleException e) {
            assertThat(e).hasMessageContaining("receipt");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
