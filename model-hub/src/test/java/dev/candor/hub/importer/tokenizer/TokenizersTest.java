package dev.candor.hub.importer.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.importer.source.ImportException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "golden", "tokenizers");

    @TempDir
    Path folder;

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void refusesSentencePieceModelsThatAreNone() {
        assertRefused(new byte[0], "has no pieces");
        assertRefused(new byte[] {10, 5, 1}, "a field of 5 bytes where 1 are left");
        assertRefused(new byte[] {10, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, "a number of more than 64 bits");
        assertRefused(new byte[] {10}, "a number that is cut off");
        assertRefused(new byte[] {3}, "a field without a number");
        assertRefused(new byte[] {39, 0}, "a field of the unknown kind 7");
        assertRefused(new byte[] {8, 0}, "field 1 of kind 0 where kind 2 belongs");
        assertRefused(piece("a", 0, 9), "a piece of the unknown kind 9");
        assertRefused(piece("a", Float.NaN, 1), "piece 0 of the SentencePiece model has the score NaN");
        assertRefused(join(piece("a", 0, 1), new byte[] {18, 2, 24, 3}), "is of type 3; 1 (unigram) and 2 (BPE) are imported");
        assertRefused(join(piece("a", 0, 1), new byte[] {18, 3, -64, 1, 1}), "writes spaces as suffixes");
    }

    @Test
    void refusesPiecesThatMakeNoTokenizer() throws IOException {
        assertFolderRefused(piece("a", 0, 1), "has no token for what it does not know");
        assertFolderRefused(join(piece("<unk>", 0, 2), piece("a", 0, 1), piece("a", 0, 1)), "token 2 twice, first as 1");
        assertFolderRefused(join(piece("<unk>", 0, 2), new byte[] {18, 3, -104, 2, 1}), "lacks <0x00>");
        assertFolderRefused(join(piece("<unk>", 0, 2), piece("x".repeat(2000), 0, 1), new byte[] {18, 2, 24, 2}), "has 2000 characters");
    }

    @Test
    void refusesATokenizerThatDoesNotFitTheModel() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"),
                "{\"added_tokens\":[{\"id\":9,\"content\":\"<end>\"}],\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[]}}");
        config("{\"eos_token\":\"<end>\"}");

        assertThat(files(10).eosTokens()).containsExactly(9);
        assertThatThrownBy(() -> files(9)).isInstanceOf(ImportException.class)
                .hasMessage("the tokenizer has token 9, the model's vocabulary only 9: the two do not belong together");
    }

    @Test
    void readsWhatBeginsAndEndsTextsFromEveryFileThatSaysSo() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"),
                "{\"added_tokens\":[{\"id\":2,\"content\":\"<s>\"},{\"id\":3,\"content\":\"<end>\"}],\"model\":{\"vocab\":[[\"a\",0],[\"b\",-1.5]]}}");
        config("{\"bos_token\":{\"content\":\"<s>\"},\"eos_token\":\"<end>\",\"chat_template\":[{\"name\":\"tool_use\",\"template\":\"T\"},"
                + "{\"name\":\"default\",\"template\":\"D\"}]}");
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[1,3]}");

        TokenizerFiles files = files(4);

        assertThat(files.bosToken()).isEqualTo(2);
        assertThat(files.eosTokens()).containsExactly(3, 1);
        assertThat(files.chatTemplate()).contains("D");

        Files.writeString(folder.resolve("chat_template.jinja"), "J");
        assertThat(files(4).chatTemplate()).contains("J");

        config("{\"bos_token\":null,\"eos_token\":\"<none>\"}");
        assertThatThrownBy(() -> files(4)).hasMessage("tokenizer_config.json names the token <none>, which the tokenizer lacks");
        config("{\"bos_token\":null}");
        assertThat(files(4).bosToken()).isEqualTo(-1);
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":\"x\"}");
        assertThatThrownBy(() -> files(4)).hasMessageContaining("eos_token_id is \"x\"");
        Files.delete(folder.resolve("generation_config.json"));
        assertThatThrownBy(() -> files(4)).hasMessageContaining("no token ends an answer");
    }

    @Test
    void refusesTokenizerFilesThatAreNone() throws IOException {
        assertThatThrownBy(() -> files(4)).hasMessageContaining("has neither tokenizer.json nor tokenizer.model");
        for (String text : List.of("[]", "{}", "{\"model\":7}", "{", "{\"model\":{\"vocab\":{\"a\":-1}}}")) {
            Files.writeString(folder.resolve("tokenizer.json"), text);
            assertThatThrownBy(() -> files(4)).as(text).isInstanceOf(ImportException.class).hasMessageStartingWith("tokenizer.json");
        }
    }

    @Test
    void keepsTokensThatStandBesideTheSentencePieceModel() throws IOException {
        Files.write(folder.resolve("tokenizer.model"), join(piece("<unk>", 0, 2), piece("a", 0, 1), new byte[] {18, 2, 24, 2}));
        config("{\"eos_token\":\"<|end|>\",\"bos_token\":\"<|begin|>\",\"added_tokens_decoder\":{\"2\":{\"content\":\"<|end|>\",\"special\":true},"
                + "\"3\":{\"content\":\"<|begin|>\",\"special\":true}}}");
        TokenizerFiles files = files(4);
        JsonNode tokenizer = json.readTree(files.tokenizer());

        assertThat(files.eosTokens()).containsExactly(2);
        assertThat(files.bosToken()).isEqualTo(3);
        assertThat(tokenizer.get("added_tokens").findValuesAsText("content")).containsExactly("<unk>", "<|end|>", "<|begin|>");
        assertThat(tokenizer.at("/post_processor/special_tokens/<|begin|>/ids/0").intValue()).isEqualTo(3);
    }

    @Test
    void anyDamageIsReadOrRefused() throws IOException {
        byte[] good = Files.readAllBytes(GOLDEN.resolve("gemma.model"));
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int change = 0; bytes.length > 0 && change <= i % 8; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            readAnything(bytes);
        }
    }

    @FuzzTest
    void anySentencePieceModelIsReadOrRefused(byte[] bytes) throws IOException {
        readAnything(bytes);
    }

    @FuzzTest
    void anyTokenizerJsonIsReadOrRefused(byte[] bytes) throws IOException {
        try {
            assertThat(TokenizerIndex.read(bytes).largest()).isNotNegative();
        } catch (ImportException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void readAnything(byte[] bytes) throws IOException {
        try {
            new PieceTokenizer(SentencePieceModel.read(bytes), Map.of(), OptionalInt.empty()).toBytes();
        } catch (ImportException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private TokenizerFiles files(int vocabulary) throws IOException {
        return new FolderTokenizer(folder, json.createObjectNode()).files(vocabulary);
    }

    private void config(String text) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), text);
    }

    private void assertFolderRefused(byte[] model, String message) throws IOException {
        Files.write(folder.resolve("tokenizer.model"), model);
        assertThatThrownBy(() -> files(1000)).isInstanceOf(ImportException.class).hasMessageContaining(message);
    }

    private static void assertRefused(byte[] model, String message) {
        assertThatThrownBy(() -> SentencePieceModel.read(model)).isInstanceOf(ImportException.class).hasMessageContaining(message);
    }

    private static byte[] piece(String text, float score, int kind) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length + 9 + (bytes.length < 128 ? 0 : 1);
        ByteBuffer buffer = ByteBuffer.allocate(length + (length < 128 ? 2 : 3)).order(ByteOrder.LITTLE_ENDIAN);
        varint(buffer.put((byte) 10), length);
        varint(buffer.put((byte) 10), bytes.length);
        return buffer.put(bytes).put((byte) 21).putFloat(score).put((byte) 24).put((byte) kind).array();
    }

    private static void varint(ByteBuffer buffer, int value) {
        if (value >= 128) {
            buffer.put((byte) (value | 0x80));
            buffer.put((byte) (value >> 7));
        } else {
            buffer.put((byte) value);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
