package dev.candor.hub.importer.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.testing.SafetensorsBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    Path temp;

    @Test
    void readsTheThreeElementTypes() throws IOException {
        byte[] halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(-2)).array();
        byte[] brain = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 0x3fc0).putShort((short) 0xc000).array();
        SafetensorsFile file = SafetensorsFile.of(new SafetensorsBuilder()
                .floats("a", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                .tensor("b", "F16", halves, 2)
                .tensor("c", "BF16", brain, 1, 2)
                .tensor("ids", "I64", new byte[16], 2)
                .build());

        assertThat(file.tensors()).containsOnlyKeys("a", "b", "c");
        EncodedTensor matrix = file.tensors().get("a");
        assertThat(matrix.rows()).isEqualTo(2);
        assertThat(matrix.columns()).isEqualTo(3);
        assertThat(row(matrix, 1)).containsExactly(4, 5, 6);
        assertThat(row(file.tensors().get("b"), 0)).containsExactly(1.5f, -2);
        assertThat(row(file.tensors().get("c"), 0)).containsExactly(1.5f, -2);
        assertThat(file.unread()).containsEntry("ids", "I64 [2]");
    }

    @Test
    void refusesOffsetsThatLie() {
        assertRefused(good().entry("b", "F32", 4, 8, 1), "begins at 4 where 8 was expected: tensors overlap or leave a gap");
        assertRefused(good().entry("b", "F32", 8, 8, 0).entry("c", "F32", 12, 12, 0), "lies at 12 to 12 of 8 bytes; the file was cut off");
        assertRefused(good().entry("b", "F32", 8, 1_000_000, 2), "lies at 8 to 1000000 of 8 bytes; the file was cut off or damaged");
        assertRefused(good().entry("b", "F32", 8, 4, 1), "lies at 8 to 4");
        assertRefused(good().tensor("b", "F32", new byte[8], 3), "tensor b of F32 [3] needs 12 bytes, it has 8");
        assertRefused(good().tensor("b", "F32", new byte[8], Long.MAX_VALUE, 3), "impossible shape");
        assertRefused(good().tensor("b", "F4", new byte[8], 2), "unknown element type F4");
        assertRefused(good().tensor("a", "F32", new byte[8], 2), "Duplicate field 'a'");
        assertRefused(SafetensorsBuilder.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[9]),
                "its tensors end at 4 of 9 bytes");
        assertRefused(SafetensorsBuilder.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", new byte[8]),
                "begins at 4 where 0 was expected");
        assertRefused(SafetensorsBuilder.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", new byte[4]),
                "must hold at most 8 numbers that are not negative");
    }

    @Test
    void refusesHeadersThatAreNone() {
        assertRefused(new byte[5], "only 5 bytes");
        assertRefused(ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(13).array(), "its header claims 13 bytes, the file has 20");
        assertRefused(ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array(), "its header claims 18446744073709551615 bytes");
        assertRefused(SafetensorsBuilder.file("[]", new byte[4]), "START_ARRAY where START_OBJECT belongs");
        assertRefused(SafetensorsBuilder.file("{\"a\":{\"dtype\":\"F32\"", new byte[4]), "no JSON that can be read");
        assertRefused(SafetensorsBuilder.file("{\"a\":7}", new byte[4]), "VALUE_NUMBER_INT where START_OBJECT belongs");
        assertRefused(SafetensorsBuilder.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", new byte[4]), "tensor a lacks dtype, shape or two");
        assertRefused(SafetensorsBuilder.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}}", new byte[4]),
                "unknown member more");
        assertRefused(SafetensorsBuilder.file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", new byte[4]),
                "must hold at most 8 numbers");
    }

    @Test
    void namesTheFileThatCannotBeRead() throws IOException {
        Path file = Files.write(temp.resolve("weights.safetensors"), new byte[100]);

        assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessageStartingWith("weights.safetensors cannot be read as safetensors: ");
    }

    @Test
    void anyDamageIsReadOrRefused() {
        byte[] good = good().tensor("b", "BF16", new byte[24], 3, 4).build();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int change = 0; bytes.length > 0 && change <= i % 4; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            readAnything(bytes);
        }
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] bytes) {
        readAnything(bytes);
    }

    @Test
    void joinsTheFilesThatAnIndexNames() throws IOException {
        Files.write(temp.resolve("one.safetensors"), new SafetensorsBuilder().floats("a", new float[] {1}, 1).build());
        Files.write(temp.resolve("two.safetensors"), new SafetensorsBuilder().floats("b", new float[] {2}, 1).build());
        index("{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
        try (SafetensorsWeights weights = SafetensorsWeights.open(temp)) {
            assertThat(weights.tensors()).containsOnlyKeys("a", "b");
        }

        index("{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"one.safetensors\"}}");
        assertFolderRefused("tensor b is named by model.safetensors.index.json, but is in none of its files");
        index("{\"weight_map\":{\"a\":\"three.safetensors\"}}");
        assertFolderRefused("names three.safetensors, which is not in the folder; fetch it too");
        index("{\"weight_map\":{\"a\":\"../one.safetensors\"}}");
        assertFolderRefused("a file name that ends in .safetensors was expected");
        index("{}");
        assertFolderRefused("has no weight_map");
        Files.write(temp.resolve("two.safetensors"), new SafetensorsBuilder().floats("a", new float[] {2}, 1).build());
        index("{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
        assertFolderRefused("tensor a is in two of the model's files");
    }

    @Test
    void saysWhatAFolderWithoutSafetensorsLacks() {
        assertFolderRefused("has neither model.safetensors nor model.safetensors.index.json");
    }

    private void index(String json) throws IOException {
        Files.writeString(temp.resolve("model.safetensors.index.json"), json);
    }

    private void assertFolderRefused(String message) {
        assertThatThrownBy(() -> SafetensorsWeights.open(temp)).isInstanceOf(ImportException.class).hasMessageContaining(message);
    }

    private static SafetensorsBuilder good() {
        return new SafetensorsBuilder().floats("a", new float[] {1, 2}, 2);
    }

    private static void assertRefused(SafetensorsBuilder file, String message) {
        assertRefused(file.build(), message);
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> SafetensorsFile.of(file)).isInstanceOf(ImportException.class).hasMessageContaining(message);
    }

    private static float[] row(EncodedTensor tensor, int row) {
        float[] values = new float[tensor.columns()];
        tensor.decode(row, 0, values.length, values, 0);
        return values;
    }

    private static void readAnything(byte[] bytes) {
        try (SafetensorsFile file = SafetensorsFile.of(bytes)) {
            for (EncodedTensor tensor : file.tensors().values()) {
                row(tensor, 0);
                row(tensor, tensor.rows() - 1);
            }
        } catch (ImportException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
