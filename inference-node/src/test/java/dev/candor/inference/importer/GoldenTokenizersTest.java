package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.tokenizer.FolderTokenizer;
import dev.candor.hub.importer.tokenizer.GgufTokenizer;
import dev.candor.hub.importer.tokenizer.TokenizerFiles;
import dev.candor.hub.testing.GgufBuilder;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizers made of a SentencePiece model or a GGUF file give the ids of SentencePiece, llama.cpp and the tokenizers library. */
class GoldenTokenizersTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "golden");
    private static final int VOCABULARY = 416;

    @TempDir
    Path temp;

    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"sp_bpe", "gemma", "unigram"})
    void modelsOfSentencePieceGiveItsIds(String name) throws Exception {
        Files.copy(GOLDEN.resolve("tokenizers/" + name + ".model"), temp.resolve("tokenizer.model"));
        Files.writeString(temp.resolve("tokenizer_config.json"), "{\"bos_token\":\"<s>\",\"eos_token\":\"</s>\"}");

        TokenizerFiles files = new FolderTokenizer(temp, json.createObjectNode()).files(VOCABULARY);

        assertIds(files.tokenizer(), golden(name).get("sentencepiece"));
    }

    @ParameterizedTest
    @CsvSource({"llama2, sp_bpe, llama_cpp", "gemma3, gemma, llama_cpp", "qwen2, qwen2, tokenizers", "smollm2, smollm, tokenizers", "llama3, llama3, tokenizers"})
    void ggufFilesGiveTheIdsOfTheirOracle(String family, String name, String oracle) throws Exception {
        try (GgufFile file = GgufFile.open(GOLDEN.resolve(family + "/model.gguf"))) {
            assertIds(new GgufTokenizer(file.metadata()).files(VOCABULARY).tokenizer(), golden(name).get(oracle));
        }
    }

    static Stream<String> preTokenizers() throws IOException {
        Iterator<String> names = new ObjectMapper().readTree(GOLDEN.resolve("tokenizers/pre_tokenizers.json").toFile()).get("ids").fieldNames();
        return Stream.iterate(names, Iterator::hasNext, each -> each).map(Iterator::next);
    }

    @ParameterizedTest
    @MethodSource("preTokenizers")
    void preTokenizersCutAsLlamaCppDoes(String name) throws Exception {
        JsonNode golden = golden("pre_tokenizers");
        GgufBuilder gguf = new GgufBuilder()
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", name)
                .texts("tokenizer.ggml.tokens", texts(golden.get("tokens")))
                .texts("tokenizer.ggml.merges", texts(golden.get("merges")))
                .int32s("tokenizer.ggml.token_type", ids(golden.get("types")))
                .uint32("tokenizer.ggml.eos_token_id", 414);
        List<String> texts = texts(golden.get("texts"));
        try (GgufFile file = GgufFile.of(gguf.build());
                Tokenizer tokenizer = open(new GgufTokenizer(file.metadata()).files(VOCABULARY).tokenizer())) {
            SoftAssertions.assertSoftly(softly -> {
                for (int i = 0; i < texts.size(); i++) {
                    // Qwen composes accents first, as its own tokenizer.json says; llama.cpp does not.
                    if (!name.equals("qwen2") || !texts.get(i).contains("\u0301")) {
                        softly.assertThat(tokenizer.encode(texts.get(i))).as(texts.get(i)).isEqualTo(ids(golden.get("ids").get(name).get(i)));
                    }
                }
            });
        }
    }

    @Test
    void textsComeBackFromTheirIds() throws Exception {
        for (String family : List.of("llama2", "gemma3", "qwen2")) {
            try (GgufFile file = GgufFile.open(GOLDEN.resolve(family + "/model.gguf"));
                    Tokenizer tokenizer = open(new GgufTokenizer(file.metadata()).files(VOCABULARY).tokenizer())) {
                for (String text : List.of("Hello, world!", "two  spaces\n\n\nand lines", "Привет 今日 😀")) {
                    assertThat(tokenizer.decode(tokenizer.encode(text))).as(family).isEqualTo(text);
                }
            }
        }
    }

    private void assertIds(byte[] tokenizerJson, JsonNode cases) throws IOException {
        assertThat(cases).hasSizeGreaterThan(20);
        try (Tokenizer tokenizer = open(tokenizerJson)) {
            SoftAssertions.assertSoftly(softly -> {
                for (JsonNode one : cases) {
                    softly.assertThat(tokenizer.encode(one.get("text").textValue())).as(one.get("text").toString()).isEqualTo(ids(one.get("ids")));
                }
            });
        }
    }

    private Tokenizer open(byte[] tokenizerJson) throws IOException {
        return HfTokenizer.open(Files.write(temp.resolve("tokenizer.json"), tokenizerJson), Models.natives());
    }

    private JsonNode golden(String name) throws IOException {
        return json.readTree(GOLDEN.resolve("tokenizers/" + name + ".json").toFile());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }
}
