package dev.candor.inference.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.testing.MutatedBytes;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HfTokenizerTest {
    private static final String MIXED = "naïve café 日本語 😀👩‍👩‍👧 \u0000 \t\r\n <|im_end|>x";

    @TempDir
    private Path folder;

    @Test
    void encodesAsLlamaCppDoes() throws IOException {
        List<JsonNode> cases = Models.references("tokens.json");
        assertThat(cases).hasSizeGreaterThan(30);
        try (HfTokenizer tokenizer = HfTokenizer.open(Models.demo("q8").tokenizer(), Models.natives())) {
            for (JsonNode one : cases) {
                int[] expected = StreamSupport.stream(one.path("ids").spliterator(), false).mapToInt(JsonNode::asInt).toArray();

                assertThat(tokenizer.encode(one.path("text").asText())).as(one.path("text").asText()).isEqualTo(expected);
            }
        }
    }

    @Test
    void doesNotTruncate() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            String text = "the quick brown fox ".repeat(2000);

            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void givesAnEmojiWhenItsLastTokenHasCome() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            int[] tokens = tokenizer.encode("😀");
            assertThat(tokens).hasSize(4);
            IncrementalDecoder decoder = tokenizer.newDecoder();

            assertThat(decoder.append(tokens[0])).isEmpty();
            assertThat(decoder.append(tokens[1])).isEmpty();
            assertThat(decoder.append(tokens[2])).isEmpty();
            assertThat(decoder.append(tokens[3])).isEqualTo("😀");
            assertThat(decoder.flush()).isEmpty();
        }
    }

    @Test
    void givesAnUnfinishedCharacterAsReplacementAtTheEnd() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            IncrementalDecoder decoder = tokenizer.newDecoder();
            decoder.append(tokenizer.encode("é")[0]);

            assertThat(decoder.flush()).isEqualTo("\uFFFD");
            assertThat(decoder.flush()).isEmpty();
        }
    }

    @Test
    void decodesAnyTokensInPiecesAsItDoesAtOnce() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            Random random = new Random(11);
            for (int round = 0; round < 300; round++) {
                int[] tokens = random.ints(1 + random.nextInt(40), 0, 278).toArray();

                assertThat(pieces(tokenizer.newDecoder(), tokens)).isEqualTo(tokenizer.decode(tokens));
            }
        }
    }

    @Test
    void showsSpecialTokensWhereTheyAreAskedFor() throws IOException {
        try (HfTokenizer tokenizer = HfTokenizer.open(Models.demo("q8").tokenizer(), Models.natives())) {
            int[] tokens = tokenizer.encode("<|im_start|>sea<|im_end|>");

            assertThat(tokenizer.decodeWhole(tokens)).isEqualTo("<|im_start|>sea<|im_end|>");
            assertThat(tokenizer.decode(tokens)).isEqualTo("sea");
            assertThat(tokenizer.decodeWhole(new int[] {tokens[1], 99_999_999})).isEqualTo("sea");
        }
    }

    @Test
    void windowDecoderGivesWholeCharactersForAnyTokenizer() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            int[] tokens = tokenizer.encode(MIXED);

            assertThat(pieces(new WindowDecoder(tokenizer::decode), tokens)).isEqualTo(tokenizer.decode(tokens));
        }
    }

    @Test
    void windowDecoderDoesNotHoldBackBytesThatNeverBecomeACharacter() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            int continuation = tokenizer.encode("é")[1];
            WindowDecoder decoder = new WindowDecoder(tokenizer::decode);
            StringBuilder told = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                told.append(decoder.append(continuation));
            }

            assertThat(told.length()).isBetween(90, 100);
        }
    }

    private static String pieces(IncrementalDecoder decoder, int[] tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(decoder.append(token));
        }
        return text.append(decoder.flush()).toString();
    }

    @Test
    void recognisesSpecialTokensAndLeavesThemOutOfText() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            int[] tokens = tokenizer.encode("<|im_start|>user");

            assertThat(tokens[0]).isEqualTo(1);
            assertThat(tokenizer.decode(tokens)).isEqualTo("user");
            assertThat(pieces(tokenizer.newDecoder(), tokens)).isEqualTo("user");
        }
    }

    @Test
    void takesHalfASurrogatePairAsReplacementCharacter() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            assertThat(tokenizer.encode("a\uD83Db\uDE00")).isEqualTo(tokenizer.encode("a\uFFFDb\uFFFD"));
            assertThat(tokenizer.decode(tokenizer.encode(MIXED))).isEqualTo(MIXED.replace("<|im_end|>", ""));
        }
    }

    @Test
    void neverChangesATextOnTheWayThroughTokens() throws IOException {
        try (HfTokenizer tokenizer = toy()) {
            Random random = new Random(5);
            for (int round = 0; round < 200; round++) {
                String text = random.ints(random.nextInt(50), 0, 0x2FFFF)
                        .filter(c -> !(c >= 0xD800 && c < 0xE000))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();

                assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
            }
        }
    }

    @Test
    void refusesAFileThatIsNoTokenizer() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"decoder\":{\"type\":\"ByteLevel\"},\"model\":{}}");
        assertThatThrownBy(() -> HfTokenizer.open(file, Models.natives())).isInstanceOf(IOException.class).hasMessageContaining("vocab");

        Files.writeString(file, "{}");
        assertThatThrownBy(() -> HfTokenizer.open(file, Models.natives())).isInstanceOf(IOException.class).hasMessageContaining("tokenizer");
    }

    @Test
    void damagedFilesAreRefusedOrReadButNeverAnythingElse() throws IOException {
        byte[] good = Files.readAllBytes(ToyModels.write(folder.resolve("toy")).tokenizer());
        for (byte[] bad : new MutatedBytes(good, 500, 1)) {
            try {
                ByteLevelVocabulary.parse(bad);
            } catch (IOException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            } catch (RuntimeException e) {
                fail("parse must throw IOException, not %s, on %s", e, new String(bad, StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void isNotFreedWhileSomebodyUsesIt() throws Exception {
        NativeTokenizer tokenizer = HfTokenizer.load(ToyModels.write(folder.resolve("toy")).tokenizer(), Models.natives(), false);
        Thread closing = Thread.ofPlatform().unstarted(tokenizer::close);

        int ids = tokenizer.use(library -> {
            closing.start();
            while (closing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            return library.encode("abc", false, false).getIds().length;
        });

        closing.join();
        assertThat(ids).isPositive();
        assertThatThrownBy(() -> tokenizer.use(library -> library.encode("abc", false, false))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void putsTheTokenizersOwnSpecialTokensAroundABareTextOnly() throws IOException {
        Path file = ToyModels.write(folder.resolve("toy")).tokenizer();
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        json.set("post_processor", new ObjectMapper().readTree("""
                {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<|im_start|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
                "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
                "special_tokens":{"<|im_start|>":{"id":"<|im_start|>","ids":[1],"tokens":["<|im_start|>"]}}}"""));
        Path begins = Files.writeString(folder.resolve("begins.json"), json.toString());
        try (HfTokenizer plain = HfTokenizer.open(file, Models.natives());
                HfTokenizer beginning = HfTokenizer.open(begins, Models.natives())) {
            int[] text = plain.encode("sea");

            assertThat(plain.encodeBare("sea")).isEqualTo(text);
            assertThat(beginning.encode("sea")).isEqualTo(text);
            assertThat(beginning.encodeBare("sea")).startsWith(1).endsWith(text).hasSize(text.length + 1);
            assertThat(beginning.encodeBare("")).containsExactly(1);
        }
    }

    private HfTokenizer toy() throws IOException {
        return HfTokenizer.open(ToyModels.write(folder.resolve("toy")).tokenizer(), Models.natives());
    }
}
