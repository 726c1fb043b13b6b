package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.Priority;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTermsTest extends ServedNode {
    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.free();
    }

    @Test
    void withoutAWordARequestIsInteractiveAndItsAddresss() throws Exception {
        client.post(Client.chat("hello"));

        ServiceTerms terms = node.engine.lastTerms();
        assertThat(terms.client()).isEqualTo("address 127.0.0.1");
        assertThat(terms.priority()).isEqualTo(Priority.INTERACTIVE);
        assertThat(terms.deadlineNanos()).isEmpty();
        assertThat(terms.cacheSalt()).isEmpty();
    }

    @Test
    void bodyAndHeadersSayHowToServe() throws Exception {
        ObjectNode body = Client.chat("hello").put("service_tier", "flex").put("cache_salt", "mine");
        long before = System.nanoTime();
        client.post(body, "Candor-Timeout", "100.5");

        ServiceTerms terms = node.engine.lastTerms();
        assertThat(terms.priority()).isEqualTo(Priority.BATCH);
        assertThat(terms.cacheSalt()).isEqualTo("mine");
        assertThat(terms.deadlineNanos().getAsLong() - before).isBetween(TimeUnit.MILLISECONDS.toNanos(100_500), TimeUnit.SECONDS.toNanos(160));
    }

    @Test
    void keysThatEverybodyCouldMakeUpTellNobodyApart() throws Exception {
        client.post(Client.chat("hello"), "authorization", "Bearer one");
        String one = node.engine.lastTerms().client();
        client.post(Client.chat("hello"), "authorization", "Bearer two");

        assertThat(one).isEqualTo("address 127.0.0.1");
        assertThat(node.engine.lastTerms().client()).isEqualTo(one);
    }

    @Test
    void aTimeThatIsOverEndsTheAnswerWithWhatThereIs() throws Exception {
        node.engine.beLateAfter(3);
        HttpResponse<String> answer = client.post(Client.chat("hello"), "Candor-Timeout", "50");
        JsonNode json = Client.JSON.readTree(answer.body());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("timeout");
        assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("hel");
    }

    @Test
    void aTimeThatIsOverBeforeTheFirstTokenIsAnErrorAndNotRetried() throws Exception {
        node.engine.beLateAfter(0);
        HttpResponse<String> answer = client.post(Client.chat("hello"), "Candor-Timeout", "50");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(Client.code(answer)).isEqualTo("deadline_exceeded");
        assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "abc", "1e3", "86401", "0.0001", "", "99999999999999999999"})
    void refusesATimeThatIsNone(String value) throws Exception {
        HttpResponse<String> answer = client.post(Client.chat("hello"), "Candor-Timeout", value);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(answer.body()).at("/error/param").asText()).isEqualTo("Candor-Timeout");
    }

    @Test
    void metricsHaveTheNamesOfVllm() throws Exception {
        String metrics = client.get("/metrics").body();

        assertThat(metrics).contains(
                "num_requests_running{", "num_requests_waiting{", "kv_cache_usage_perc{", "prefix_cache_queries_total{",
                "prefix_cache_hits_total{", "num_preemptions_total{", "spec_decode_num_drafts_total{",
                "spec_decode_num_draft_tokens_total{", "spec_decode_num_accepted_tokens_total{");
    }
}
