package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EncoderRequestFuzzTest {
    private static final List<String> FULL = List.of(
            "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"encoding_format\":\"base64\",\"dimensions\":3,\"user\":\"u\",\"verification\":\"none\"}",
            "{\"model\":\"m\",\"input\":[[1,2],[3]],\"truncate_prompt_tokens\":-1}",
            "{\"model\":\"m\",\"query\":\"q\",\"documents\":[\"a\",{\"text\":\"b\"}],\"top_n\":1,\"return_documents\":true}");
    private static final List<String> PIECES = List.of(
            "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "0", "1e999", "4294967296", "\"input\"", "\"documents\"", "[[", "\\ud800");

    private final Json json = new Json();

    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(byte[] body) {
        check(body);
    }

    private void check(byte[] body) {
        try {
            EmbeddingRequest request = EmbeddingRequest.parse(body, json);
            assertThat(request.inputs()).isNotEmpty().hasSizeLessThanOrEqualTo(2048);
            assertThat(request.common().model()).isNotNull();
        } catch (ApiException refusal) {
            checkRefusal(refusal);
        }
        try {
            assertThat(ClassifyRequest.parse(body, json).inputs()).isNotEmpty();
        } catch (ApiException refusal) {
            checkRefusal(refusal);
        }
        try {
            RerankRequest request = RerankRequest.parse(body, json);
            assertThat(request.top()).isBetween(1, request.documents().size());
        } catch (ApiException refusal) {
            checkRefusal(refusal);
        }
    }

    private static void checkRefusal(ApiException refusal) {
        assertThat(refusal.error().status()).isBetween(400, 499);
        assertThat(refusal.getMessage()).isNotBlank();
    }

    @Test
    void survivesMutatedRequests() {
        Random random = new Random(20261121);
        assertThatCode(() -> EmbeddingRequest.parse(FULL.getFirst().getBytes(StandardCharsets.UTF_8), json)).doesNotThrowAnyException();
        assertThatCode(() -> RerankRequest.parse(FULL.getLast().getBytes(StandardCharsets.UTF_8), json)).doesNotThrowAnyException();
        for (int i = 0; i < 2_000; i++) {
            StringBuilder body = new StringBuilder(FULL.get(random.nextInt(FULL.size())));
            for (int change = 0; change <= random.nextInt(3); change++) {
                int at = random.nextInt(body.length() + 1);
                String piece = PIECES.get(random.nextInt(PIECES.size()));
                switch (random.nextInt(3)) {
                    case 0 -> body.insert(at, piece);
                    case 1 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(8)));
                    default -> body.replace(at, Math.min(body.length(), at + 1 + random.nextInt(5)), piece);
                }
            }
            check(body.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
