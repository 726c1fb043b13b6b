package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatCompletionTest extends ServedNode {
    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.free();
    }

    @Test
    void answersInTheShapeOfOpenAi() throws Exception {
        HttpResponse<String> answer = client.post(Client.chat("hello"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        JsonNode body = Client.JSON.readTree(answer.body());
        assertThat(body.path("id").asText()).startsWith("chatcmpl-");
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("model").asText()).isEqualTo(HttpFixture.MODEL);
        assertThat(body.path("system_fingerprint").asText()).startsWith("fp_");
        JsonNode choice = body.path("choices").path(0);
        assertThat(choice.path("message").path("content").asText()).isEqualTo("hello");
        assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
        assertThat(choice.path("message").get("refusal").isNull()).isTrue();
        assertThat(choice.get("logprobs").isNull()).isTrue();
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(body.path("usage").path("prompt_tokens").asInt()).isEqualTo("user:hello".length());
        assertThat(body.path("usage").path("completion_tokens").asInt()).isEqualTo("hello".length() + 1);
        assertThat(body.path("usage").path("total_tokens").asInt()).isEqualTo(16);
    }

    @Test
    void bindsTheReceiptToRequestAndAnswer() throws Exception {
        ObjectNode request = Client.chat("hello");
        HttpResponse<String> answer = client.post(request, "Candor-Nonce", "00112233445566778899aabbccddeeff");

        ResponseBytes response = ResponseBytes.ofBody(answer.body().getBytes(StandardCharsets.UTF_8));
        Receipt receipt = response.receipt().receipt();
        response.receipt().verifySignature(node.receiptKey.compressedPublicKey());
        assertThat(receipt.output()).isEqualTo(response.output());
        assertThat(receipt.request().body()).isEqualTo(Digest.sha256(request.toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(receipt.request().effective())
                .isEqualTo(EffectiveRequest.ofGeneration("/v1/chat/completions", request, receipt.model(), receipt.sampling(), receipt.verification()).digest());
        assertThat(receipt.request().path()).isEqualTo("/v1/chat/completions");
        assertThat(receipt.clientNonce()).contains("00112233445566778899aabbccddeeff");
        assertThat(receipt.usage().completionTokens()).isEqualTo(6);
        assertThat(receipt.payment()).isEmpty();
        assertThat(receipt.evidence().cpu()).isEqualTo(node.attestation.evidence().digest());
        assertThat(answer.headers().firstValue("Candor-Receipt-Id")).contains(receipt.id().value());
    }

    @Test
    void streamsChunksThenTheReceiptThenDone() throws Exception {
        HttpResponse<String> answer = client.post(Client.chat("hi").put("stream", true), "Accept-Encoding", "gzip, deflate, br");

        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        assertThat(answer.body()).endsWith("\n\ndata: [DONE]\n\n");
        List<JsonNode> chunks = chunks(answer.body());
        JsonNode first = chunks.getFirst().path("choices").path(0).path("delta");
        assertThat(first.path("role").asText()).isEqualTo("assistant");
        assertThat(first.path("content").asText()).isEmpty();
        assertThat(chunks.stream().map(chunk -> chunk.path("id").asText()).distinct()).hasSize(1);
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("choices")).hasSize(1);
            assertThat(chunk.has("usage")).isFalse();
        });
        assertThat(chunks.getLast().path("choices").path(0).path("finish_reason").asText()).isEqualTo("stop");
        assertThat(text(chunks)).isEqualTo("hi");
        ResponseBytes response = ResponseBytes.ofStream(answer.body().getBytes(StandardCharsets.UTF_8));
        response.receipt().verifySignature(node.receiptKey.compressedPublicKey());
        assertThat(response.receipt().receipt().output()).isEqualTo(response.output());
        assertThat(answer.headers().firstValue("Candor-Receipt-Id")).contains(response.receipt().receipt().id().value());
    }

    @Test
    void tellsTheUsageOfAStreamOnlyWhenAsked() throws Exception {
        ObjectNode request = Client.chat("hi").put("stream", true);
        request.putObject("stream_options").put("include_usage", true);

        List<JsonNode> chunks = chunks(client.post(request).body());

        assertThat(chunks.getLast().path("choices")).isEmpty();
        assertThat(chunks.getLast().path("usage").path("completion_tokens").asInt()).isEqualTo(3);
        assertThat(chunks.subList(0, chunks.size() - 1)).allSatisfy(chunk -> assertThat(chunk.get("usage").isNull()).isTrue());
    }

    @Test
    void sendsTheReceiptAsAnEventToAClientThatAsks() throws Exception {
        HttpResponse<String> answer = client.post(Client.chat("hi").put("stream", true), "Candor-Receipt", "event");

        assertThat(answer.body()).contains("event: candor.receipt\ndata: {").doesNotContain(": candor-receipt");
        ResponseBytes response = ResponseBytes.ofStream(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(response.receipt().receipt().output()).isEqualTo(response.output());
    }

    @Test
    void sendsNoReceiptToAClientThatWantsNone() throws Exception {
        HttpResponse<String> whole = client.post(Client.chat("hi").put("verification", "none"));
        HttpResponse<String> stream = client.post(Client.chat("hi").put("verification", "none").put("stream", true));

        assertThat(whole.body()).doesNotContain("candor\":");
        assertThat(whole.headers().firstValue("Candor-Receipt-Id")).isEmpty();
        assertThat(stream.body()).doesNotContain(": candor-").endsWith("data: [DONE]\n\n");
        assertThat(node.ledger.leafCount()).isZero();
    }

    @Test
    void servesTheReceiptAndItsProofLater() throws Exception {
        String id = client.post(Client.chat("hi")).headers().firstValue("Candor-Receipt-Id").orElseThrow();
        node.awaitLog();

        JsonNode receipt = Client.JSON.readTree(client.get("/v1/receipts/" + id).body());
        JsonNode proof = Client.JSON.readTree(client.get("/v1/receipts/" + id + "/proof").body());

        assertThat(receipt.path("id").asText()).isEqualTo(id);
        assertThat(receipt.path("receipt").isObject()).isTrue();
        assertThat(receipt.path("leaf_index").asInt()).isZero();
        assertThat(proof.path("log_size").asInt()).isEqualTo(1);
        assertThat(proof.path("checkpoint").asText()).startsWith("candor.node/candor-");
        assertThat(client.get("/v1/receipts/" + id, "Accept", "application/cose").headers().firstValue("content-type")).contains("application/cose");
        assertThat(Client.code(client.get("/v1/receipts/" + id + "/anchor"))).isEqualTo("anchor_pending");
        assertThat(Client.code(client.get("/v1/receipts/rcpt_" + "0".repeat(32)))).isEqualTo("receipt_not_found");
        assertThat(client.get("/log/checkpoint").body()).isEqualTo(proof.path("checkpoint").asText());
        assertThat(client.get("/log/tile/entries/000.p/1").statusCode()).isEqualTo(200);
        assertThat(client.get("/log/tile/../../ledger.db").statusCode()).isEqualTo(404);
    }

    private static List<JsonNode> chunks(String stream) throws Exception {
        List<JsonNode> chunks = new ArrayList<>();
        for (String line : stream.split("\n")) {
            if (line.startsWith("data: {")) {
                chunks.add(Client.JSON.readTree(line.substring("data: ".length())));
            }
        }
        return chunks;
    }

    private static String text(List<JsonNode> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.path("choices").path(0).path("delta").path("content").asText()));
        return text.toString();
    }
}
