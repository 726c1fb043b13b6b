package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.client.CandorClient;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.CompletionAnswer;
import dev.candor.client.api.CompletionRequest;
import dev.candor.client.api.FinishReason;
import dev.candor.client.api.RecordSchema;
import dev.candor.client.api.ResponseAnswer;
import dev.candor.client.api.ResponseRequest;
import dev.candor.client.api.TokenList;
import dev.candor.client.api.Tool;
import dev.candor.client.error.NodeErrorException;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Completions, responses and tokens by the SDK. */
class OtherRoutesTest extends SdkFixture {
    private static final String CALL = EchoEngine.SAY + "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>";

    record Place(String city) {}

    @Test
    void aCompletionIsPaidForAndVerified() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build()) {
            CompletionAnswer answer = candor.complete(CompletionRequest.builder(MODEL, TEXT).maxTokens(100).build());
            assertThat(answer.text()).isEqualTo(TEXT);
            assertThat(answer.choices().getFirst().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(answer.receipt().charged()).isPositive();
            assertThat(candor.async().complete(CompletionRequest.of(MODEL, TEXT)).get(60, TimeUnit.SECONDS).text()).isEqualTo(TEXT);
        }
    }

    @Test
    void aResponseIsGoneOnWith() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build()) {
            Tool weather = new Tool("weather", "of a city", RecordSchema.of(Place.class), false);
            ResponseAnswer first = candor.respond(ResponseRequest.builder(MODEL).ask(CALL).tool(weather).maxTokens(100).build());
            assertThat(first.toolCalls()).hasSize(1);
            assertThat(first.toolCalls().getFirst().arguments(Place.class)).isEqualTo(new Place("Oslo"));
            assertThat(first.receipt().report().verified()).isTrue();
            ResponseAnswer second = candor.respond(ResponseRequest.builder(MODEL)
                    .after(first).result(first.toolCalls().getFirst(), EchoEngine.SAY + "rain").tool(weather).maxTokens(100).build());
            assertThat(second.text()).startsWith("rain");
            assertThat(second.complete()).isTrue();
            assertThat(second.usage().completionTokens()).isPositive();
            ResponseAnswer cut = candor.respond(ResponseRequest.builder(MODEL).ask(TEXT).maxTokens(3).store(false).build());
            assertThat(cut.complete()).isFalse();
            assertThat(relay.payments()).isEqualTo(3);
        }
    }

    @Test
    void tokensAreToldWithoutAPayment() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build()) {
            TokenList tokens = candor.tokenize(MODEL, TEXT);
            assertThat(tokens.ids()).hasSize(TEXT.length());
            assertThat(tokens.contextLength()).isEqualTo(4096);
            assertThat(candor.detokenize(MODEL, tokens.ids())).isEqualTo(TEXT);
            assertThat(candor.countTokens(question())).isEqualTo(("user:" + TEXT).length());
            assertThat(relay.payments()).isZero();
            assertThatThrownBy(() -> candor.countTokens(ChatRequest.of("no/such@1", "x"))).isInstanceOf(NodeErrorException.class);
        }
    }
}
