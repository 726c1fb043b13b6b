package dev.candor.hub.importer.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.testing.GgufBuilder;
import dev.candor.hub.testing.MutatedBytes;
import dev.candor.hub.testing.ToyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir
    Path temp;

    @Test
    void readsEveryKindOfMetadata() throws IOException {
        GgufBuilder gguf = new GgufBuilder()
                .text("text", "hällo")
                .uint32("u32", -1)
                .float32("f32", 1.5f)
                .flag("flag", true)
                .texts("texts", List.of("a", ""))
                .int32s("wholes", -1, 7)
                .pair("u8", 0, new byte[] {(byte) 200})
                .pair("i8", 1, new byte[] {-5})
                .pair("i64", 11, little(8).putLong(-9).array())
                .pair("f64", 12, little(8).putDouble(0.25).array());
        try (GgufFile file = open(gguf.build())) {
            GgufMetadata metadata = file.metadata();
            assertThat(metadata.text("text")).isEqualTo("hällo");
            assertThat(metadata.positive("f32")).isEqualTo(1.5);
            assertThat(metadata.positive("f64")).isEqualTo(0.25);
            assertThat(metadata.texts("texts")).containsExactly("a", "");
            assertThat(metadata.wholes("wholes")).containsExactly(-1, 7);
            assertThat(metadata.whole("u8", 0, 255)).isEqualTo(200);
            assertThat(metadata.whole("i8", -10, 0)).isEqualTo(-5);
            assertThat(metadata.has("flag")).isTrue();
            assertThat(metadata.optionalText("absent")).isEmpty();
            assertThatThrownBy(() -> metadata.whole("u32", 0, 100)).hasMessage("metadata u32 is 4294967295, allowed is 0 to 100");
            assertThatThrownBy(() -> metadata.text("flag")).hasMessage("metadata flag is a boolean, it must be a string");
        }
    }

    @Test
    void decodesEveryEncoding() throws IOException {
        ByteBuffer q4 = little(18).putShort(Float.floatToFloat16(0.5f));
        ByteBuffer q41 = little(20).putShort(Float.floatToFloat16(0.5f)).putShort(Float.floatToFloat16(-2f));
        ByteBuffer q8 = little(34).putShort(Float.floatToFloat16(0.25f));
        for (int i = 0; i < 16; i++) {
            byte both = (byte) (i | 15 - i << 4);
            q4.put(both);
            q41.put(both);
        }
        for (int i = 0; i < 32; i++) {
            q8.put((byte) (i * 8 - 128));
        }
        GgufBuilder gguf = new GgufBuilder()
                .tensor("f32", 0, little(8).putFloat(1.25f).putFloat(-3).array(), 2)
                .tensor("f16", 1, little(4).putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(-8f)).array(), 2)
                .tensor("q4_0", 2, q4.array(), 32)
                .tensor("q4_1", 3, q41.array(), 32, 1)
                .tensor("q8_0", 8, q8.array(), 32);
        try (GgufFile file = open(gguf.build())) {
            assertThat(decode(file, "f32")).containsExactly(1.25f, -3);
            assertThat(decode(file, "f16")).containsExactly(1.5f, -8);
            float[] four = decode(file, "q4_0");
            float[] fourOne = decode(file, "q4_1");
            float[] eight = decode(file, "q8_0");
            for (int i = 0; i < 32; i++) {
                int nibble = i < 16 ? i : 31 - i;
                assertThat(four[i]).isEqualTo(0.5f * (nibble - 8));
                assertThat(fourOne[i]).isEqualTo(0.5f * nibble - 2);
                assertThat(eight[i]).isEqualTo(0.25f * (i * 8 - 128));
            }
        }
    }

    @Test
    void refusesAnotherMagicVersionOrByteOrder() {
        assertRefused(new byte[0], "no GGUF file");
        assertRefused("GGML and something more than that".getBytes(StandardCharsets.US_ASCII), "no GGUF file");
        assertRefused(header(2, 0, 0), "version 2");
        assertRefused(header(0x03000000, 0, 0), "big-endian");
    }

    @Test
    void refusesCountsThatTheFileCannotHold() {
        assertRefused(header(3, -1, 0), "18446744073709551615 tensors");
        assertRefused(header(3, 60_000, 0), "60000 tensors do not fit");
        assertRefused(header(3, 0, 60_000), "metadata pairs do not fit");
        assertRefused(new GgufBuilder().pair("big", 9, little(12).putInt(8).putLong(1 << 20).array()).build(), "do not fit into the rest");
        assertRefused(new GgufBuilder().pair("big", 8, little(8).putLong(1L << 40).array()).build(), "bytes of metadata big");
    }

    @Test
    void refusesMetadataItCannotRead() {
        assertRefused(new GgufBuilder().flag("a", true).flag("a", true).build(), "metadata a comes twice");
        assertRefused(new GgufBuilder().pair("a", 99, new byte[8]).build(), "metadata a has the unknown type 99");
        assertRefused(new GgufBuilder().pair("a", 9, little(16).putInt(9).putLong(0).putInt(0).array()).build(), "array of arrays");
        assertRefused(new GgufBuilder().pair("a", 7, new byte[] {2}).build(), "boolean 2");
        assertRefused(new GgufBuilder().pair("a", 8, little(9).putLong(1).put((byte) 0xff).array()).build(), "not UTF-8");
        assertRefused(new GgufBuilder().pair("a", 10, little(8).putLong(-1).array()).build(), "too large");
        assertRefused(new GgufBuilder().uint32("general.alignment", 48).build(), "power of two");
    }

    @Test
    void refusesTensorsThatDoNotFit() {
        assertRefused(new GgufBuilder().tensor("t", 0, new byte[4], 1).tensor("t", 0, new byte[4], 1).build(), "tensor t comes twice");
        assertRefused(new GgufBuilder().tensor("t", 0, new byte[4], 2).build(), "tensor t reaches beyond the end");
        assertRefused(new GgufBuilder().tensor("t", 8, new byte[34], 31).build(), "no multiple of the block of Q8_0");
        assertRefused(new GgufBuilder().tensor("t", 0, new byte[4], 0).build(), "dimension of 0");
        assertRefused(new GgufBuilder().tensor("t", 0, new byte[4], -1).build(), "dimension of 18446744073709551615");
        assertRefused(new GgufBuilder().tensor("t", 0, new byte[4], 1 << 30, 1 << 30, 1 << 30).build(), "out of bounds");
        assertRefused(new GgufBuilder().tensor("t", 0, new byte[4]).build(), "0 dimensions");
        assertRefused(new GgufBuilder().tensor("t", 11, new byte[110], 256).build(), "tensor t has type Q3_K, which the importer does not read");
        assertRefused(new GgufBuilder().tensor("t", 777, new byte[4], 1).build(), "type number 777");
    }

    @Test
    void refusesOverlappingAndUnalignedTensors() {
        byte[] two = new GgufBuilder().tensor("a", 0, new byte[64], 16).tensor("b", 0, new byte[64], 16).build();
        int offsetOfB = lastOffsetField(two);
        assertRefused(with(two, offsetOfB, 32), "tensors a and b overlap");
        assertRefused(with(two, offsetOfB, 65), "no multiple of 32");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = small();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> GgufFile.of(cut)).as("%d bytes", length).isInstanceOf(GgufException.class);
        }
        GgufFile.of(whole).close();
    }

    @Test
    void damagedHeadersNeverDoMoreThanBeRefused() {
        new MutatedBytes(small(), 20_000, 7).forEach(GgufFileTest::readAnything);
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] bytes) {
        readAnything(bytes);
    }

    @Test
    void readsAFileFromDisk() throws IOException {
        Path path = Files.write(temp.resolve("toy.gguf"), ToyModels.gguf(ToyModels.Shape.standard()).build());
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.tensors()).hasSize(20).containsKey("blk.1.ffn_down.weight");
            assertThat(file.tensors().get("token_embd.weight").rows()).isEqualTo(278);
        }
    }

    private static void readAnything(byte[] bytes) {
        try (GgufFile file = GgufFile.of(bytes)) {
            for (EncodedTensor tensor : file.tensors().values()) {
                float[] row = new float[tensor.columns()];
                tensor.decode(0, 0, row.length, row, 0);
                tensor.decode(tensor.rows() - 1, 0, row.length, row, 0);
            }
        } catch (GgufException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static byte[] small() {
        return new GgufBuilder()
                .text("general.architecture", "llama")
                .texts("tokens", List.of("a", "b"))
                .int32s("types", 1, 2, 3)
                .tensor("a", 0, new byte[32], 4, 2)
                .tensor("b", 8, new byte[34], 32)
                .build();
    }

    private static GgufFile open(byte[] bytes) throws GgufException {
        return GgufFile.of(bytes);
    }

    private static float[] decode(GgufFile file, String name) {
        EncodedTensor tensor = file.tensors().get(name);
        float[] out = new float[tensor.columns()];
        tensor.decode(0, 0, out.length, out, 0);
        return out;
    }

    private static byte[] header(int version, long tensors, long pairs) {
        return little(64).putInt(0x46554747).putInt(version).putLong(tensors).putLong(pairs).array();
    }

    private static int lastOffsetField(byte[] gguf) {
        for (int at = gguf.length - 136; at > 0; at--) {
            if (ByteBuffer.wrap(gguf).order(ByteOrder.LITTLE_ENDIAN).getLong(at) == 64) {
                return at;
            }
        }
        throw new IllegalStateException("no such field");
    }

    private static byte[] with(byte[] bytes, int at, long value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
        return changed;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> GgufFile.of(bytes)).isInstanceOf(GgufException.class).hasMessageContaining(message);
    }
}
