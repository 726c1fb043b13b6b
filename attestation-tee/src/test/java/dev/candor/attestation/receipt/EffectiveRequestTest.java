package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import dev.candor.attestation.testing.ReceiptSamples;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveRequestTest {
    private static final ReceiptSamples SAMPLES = new ReceiptSamples();

    @Test
    void everyDefaultIsFilledIn() throws Exception {
        Receipt receipt = SAMPLES.json().receipt();
        EffectiveRequest effective =
                EffectiveRequest.of(ReceiptSamples.PATH, SAMPLES.json().request(), receipt.model(), receipt.sampling(), receipt.verification());
        assertThat(effective.json().properties().stream().map(java.util.Map.Entry::getKey))
                .containsExactlyInAnyOrder("model", "messages", "max_tokens", "temperature", "top_p", "top_k", "min_p", "frequency_penalty", "presence_penalty",
                        "repetition_penalty", "seed", "stop", "stream", "verification", "min_tokens", "ignore_eos");
        assertThat(effective.digest()).isEqualTo(receipt.request().effective());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/v1/chat/completions|{'max_completion_tokens':9,'max_tokens':8}",
        "/v1/completions|{'max_tokens':8}",
        "/v1/responses|{'max_output_tokens':8}"
    })
    void everyRoutesNameOfTheLimitBecomesOne(String path, String body) throws Exception {
        Receipt receipt = SAMPLES.json().receipt();
        EffectiveRequest effective = EffectiveRequest.of(path, utf8(body), receipt.model(), receipt.sampling(), receipt.verification());
        assertThat(effective.json().path("max_tokens").asInt()).isEqualTo(receipt.sampling().maxTokens());
        assertThat(effective.json().has("max_completion_tokens")).isFalse();
        assertThat(effective.json().has("max_output_tokens")).isFalse();
    }

    @Test
    void everyMemberThatIsNotNullIsBound() throws Exception {
        Receipt receipt = SAMPLES.json().receipt();
        ObjectNode body = StrictJson.parseObject(SAMPLES.json().request());
        for (String member : List.of("n", "logit_bias", "logprobs", "tools", "response_format", "suffix", "echo", "best_of", "input", "instructions",
                "previous_response_id", "stream", "min_tokens", "ignore_eos", "of_tomorrow")) {
            ObjectNode more = body.deepCopy();
            more.putNull(member);
            assertThat(digest(more, receipt)).as(member).isEqualTo(receipt.request().effective());
            more.put(member, 7);
            assertThat(digest(more, receipt)).as(member).isNotEqualTo(receipt.request().effective());
        }
    }

    private static Digest digest(ObjectNode body, Receipt receipt) throws InvalidJsonException {
        return EffectiveRequest.ofGeneration(ReceiptSamples.PATH, body, receipt.model(), receipt.sampling(), receipt.verification()).digest();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "completion|n|2|number of choices", "completion|prompt|\"one\"|number of choices", "completion|max_tokens|4|max_tokens",
        "response|max_output_tokens|63|max_output_tokens", "response|temperature|0.5|temperature", "tools|n|1|number of choices",
        "tools|max_completion_tokens|63|max_completion_tokens", "completion stream|stream|false|answer format", "response stream|stream|false|answer format"
    })
    void eachRouteIsHeldAgainstItsOwnMembers(String name, String member, String value, String reason) throws Exception {
        ReceiptSamples.Exchange exchange = SAMPLES.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        ObjectNode body = StrictJson.parseObject(exchange.request());
        String path = exchange.receipt().request().path();
        EffectiveRequest.checkConsistent(path, utf8(body.toString()), exchange.receipt());
        body.set(member, StrictJson.parse(utf8(value)));
        assertThatThrownBy(() -> EffectiveRequest.checkConsistent(path, utf8(body.toString()), exchange.receipt()))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] utf8(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void seedsThatDifferBeyondADoublesPrecisionGiveOtherDigests() throws Exception {
        assertThat(EffectiveRequest.exact((1L << 53) - 1).isNumber()).isTrue();
        assertThat(EffectiveRequest.exact(1L << 53).isTextual()).isTrue();
        assertThat(EffectiveRequest.exact(Long.MIN_VALUE).textValue()).isEqualTo(Long.toString(Long.MIN_VALUE));
    }

    @Test
    void bodiesWithLoneSurrogatesHaveNoDigest() throws Exception {
        Receipt receipt = SAMPLES.json().receipt();
        ObjectNode body = StrictJson.parseObject("{\"messages\":[\"\\ud800\"]}".getBytes(StandardCharsets.UTF_8));
        EffectiveRequest effective = EffectiveRequest.ofGeneration(ReceiptSamples.PATH, body, receipt.model(), receipt.sampling(), receipt.verification());
        assertThatThrownBy(effective::digest).isInstanceOf(InvalidJsonException.class).hasMessageContaining("surrogate");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "huggingfacetb/smollm2-135m-instruct@1", "huggingfacetb/smollm2-135m-instruct", "smollm2-135m-instruct@1", "smollm2-135m-instruct"
    })
    void aModelMayBeAskedForWithoutPublisherOrVersion(String name) throws Exception {
        ObjectNode body = body();
        body.put("model", name);
        assertThatCode(() -> EffectiveRequest.checkConsistent(ReceiptSamples.PATH, body.toString().getBytes(StandardCharsets.UTF_8), SAMPLES.stream().receipt())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "model|\"other\"", "temperature|0.8", "top_p|1", "top_k|5", "min_p|0.1", "frequency_penalty|1", "presence_penalty|-1", "repetition_penalty|1.1",
        "seed|9007199254740992", "max_tokens|511", "max_completion_tokens|1", "stop|\"x\"", "stop|[]", "verification|\"none\"", "n|2",
        "temperature|\"hot\"", "temperature|\"0.7\"", "seed|\"a\"", "top_k|\"0\"", "max_tokens|\"600\""
    })
    void aValueThatTheReceiptDoesNotGiveIsRefusedByName(String member, String json) throws Exception {
        ObjectNode body = body();
        body.set(member, StrictJson.parse(json.getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> EffectiveRequest.checkConsistent(ReceiptSamples.PATH, body.toString().getBytes(StandardCharsets.UTF_8), SAMPLES.stream().receipt()))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining(member)
                .hasMessageContaining("the request asked for");
    }

    @ParameterizedTest
    @CsvSource({
        "json,sse", "json,raw", "stream,json", "stream,raw", "replay,sse", "embedding,sse", "embedding,raw", "rerank,sse", "rerank,raw", "tensor,json", "tensor,sse"
    })
    void anAnswerOfAnotherFormThanThePathAndStreamAskForIsRefused(String name, String format) throws Exception {
        ReceiptSamples.Exchange exchange = SAMPLES.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        Receipt receipt = exchange.receipt();
        String path = receipt.request().path();
        assertThatCode(() -> ReceiptChecks.request(receipt, path, exchange.request(), exchange.nonce())).doesNotThrowAnyException();
        OutputBinding output = receipt.output();
        Receipt other = new Receipt(receipt.id(), receipt.issuer(), receipt.issuedAt(), receipt.verification(), receipt.request(), receipt.model(),
                receipt.runtime(), receipt.sampling(), new OutputBinding(output.tokens(), output.choices(), output.body(), format), receipt.usage(),
                receipt.payment(), receipt.evidence(), receipt.clientNonce());
        assertThatThrownBy(() -> ReceiptChecks.request(other, path, exchange.request(), exchange.nonce()))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessage("answer format: the receipt says " + format + ", the request asked for " + output.format());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "temperature|null", "seed|null", "stop|null", "stop|\"\\n\\n\"", "max_tokens|513", "top_k|-1", "top_k|0", "n|1", "user|\"someone\""
    })
    void aValueThatTheReceiptGivesOrLeavesOpenIsTaken(String member, String json) throws Exception {
        ObjectNode body = body();
        body.set(member, StrictJson.parse(json.getBytes(StandardCharsets.UTF_8)));
        assertThatCode(() -> EffectiveRequest.checkConsistent(ReceiptSamples.PATH, body.toString().getBytes(StandardCharsets.UTF_8), SAMPLES.stream().receipt())).doesNotThrowAnyException();
    }

    private static ObjectNode body() throws InvalidJsonException {
        return StrictJson.parseObject(SAMPLES.stream().request());
    }
}
