package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.receipt.SignedReceipt;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThirdPartyClientsTest {
    @TempDir
    private static Path folder;

    private static ClientPackages clients;
    private static DemoNode free;
    private static DemoNode paid;

    @BeforeAll
    static void start() throws Exception {
        clients = ClientPackages.install();
        free = new DemoNode(folder.resolve("free"), true);
        paid = new DemoNode(folder.resolve("paid"), false);
    }

    @AfterAll
    static void stop() {
        free.close();
        paid.close();
    }

    @Test
    void theOfficialNodeClientChatsAndStreamsWithOnlyItsBaseUrlChanged() throws Exception {
        JsonNode result = clients.node("openai-node.mjs", free.url() + "/v1");
        chatted(result);
        assertThat(result.at("/streamUsage/completion_tokens").asInt()).isEqualTo(16);
    }

    @Test
    void theOfficialPythonClientChatsAndStreamsWithOnlyItsBaseUrlChanged() throws Exception {
        chatted(clients.python("openai_python.py", free.url() + "/v1"));
    }

    @Test
    void unmodifiedX402FetchPaysForAStreamAndGetsItsFirstTokenBeforeAnySettlement() throws Exception {
        JsonNode result = clients.node("x402-fetch.mjs", paid.url().toString(), DemoNode.MODEL, paid.walletKey());
        assertThat(result.path("status").asInt()).isEqualTo(200);
        assertThat(result.path("done").asBoolean()).isTrue();
        assertThat(result.path("answer").asText()).isNotBlank();
        assertThat(result.path("cacheControl").asText()).contains("private");
        assertThat(result.path("stateAtFirstToken").asText()).isEqualTo("reserved");
        assertThat(result.path("stateInTheEnd").asText()).isEqualTo("settled");
        SignedReceipt receipt = SignedReceipt.parse(Base64Url.decode(result.path("receipt").asText()));
        assertThat(receipt.receipt().payment().orElseThrow().charged()).hasToString(result.path("charged").asText());
    }

    private static void chatted(JsonNode result) {
        assertThat(result.path("models").get(0).asText()).isEqualTo(DemoNode.MODEL);
        assertThat(result.path("text").asText()).isNotBlank().isEqualTo(result.path("streamed").asText());
        assertThat(result.path("finish").asText()).isEqualTo("length").isEqualTo(result.path("streamFinish").asText());
        assertThat(result.at("/usage/completion_tokens").asInt()).isEqualTo(16);
        assertThat(result.at("/error/status").asInt()).isEqualTo(400);
        assertThat(result.at("/error/param").asText()).isEqualTo("temperature");
    }
}
