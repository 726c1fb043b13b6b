package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.client.pay.Payer;
import dev.candor.client.pay.SpendingBudget;
import dev.candor.client.pay.SpendingLimits;
import dev.candor.client.pay.WalletFile;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ChainAnchorLookup;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.inference.proxy.VerifyingProxy;
import dev.candor.settlement.x402.X402Codec;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ThirdPartyClientsTest {
    private static final int SHORT_QUEUE = 4;
    private static final List<String> ANSWERS = List.of(
            "chat", "errors", "embeddings", "tools", "structured", "completions", "responses", "responses-constrained", "cancel");
    private static final List<String> OFFICIAL = and(ANSWERS, "models", "choices");
    private static final List<String> OF_A_BUSY_NODE = and(OFFICIAL, "busy");

    @TempDir
    private static Path folder;

    private static ClientPackages clients;
    private static DemoNode free;
    private static DemoNode paid;

    @BeforeAll
    static void start() throws Exception {
        clients = ClientPackages.install();
        free = new DemoNode(folder.resolve("free"), true, 31337, SHORT_QUEUE);
        paid = new DemoNode(folder.resolve("paid"), false);
    }

    @AfterAll
    static void stop() {
        free.close();
        paid.close();
    }

    @TestFactory
    Stream<DynamicTest> theOfficialNodeClientWorksWithOnlyItsBaseUrlChanged() throws Exception {
        return clients.check("openai-checks.mjs", arguments(free.url(), OF_A_BUSY_NODE)).tests();
    }

    @TestFactory
    Stream<DynamicTest> theOfficialPythonClientWorksWithOnlyItsBaseUrlChanged() throws Exception {
        return clients.check("openai_checks.py", arguments(free.url(), OFFICIAL)).tests();
    }

    @TestFactory
    Stream<DynamicTest> theVercelAiSdkWorksWithOnlyItsBaseUrlChanged() throws Exception {
        return clients.check("vercel-checks.mjs", arguments(free.url(), ANSWERS)).tests();
    }

    @Test
    void theOfficialClientsWorkThroughTheProxyWhichPaysAndVerifies() throws Exception {
        Path receipts = folder.resolve("receipts");
        SpendingBudget budget = new SpendingBudget(SpendingLimits.standard(), folder.resolve("spending"), Clock.systemUTC());
        Payer payer = new Payer(new WalletFile(paid.home().walletKey()).read().orElseThrow(), budget, new X402Codec(), Clock.systemUTC(), new SecureRandom());
        NodeConnection node = new NodeConnection(HttpClient.newHttpClient(), paid.url());
        ReceiptVerifier verifier = new ReceiptVerifier(Clock.systemUTC(), new ChainAnchorLookup());
        BundleStore store = new BundleStore(receipts, new BundleCodec());
        try (VerifyingExchange exchange = new VerifyingExchange(node, Optional.of(payer), verifier, VerifyOptions.standard(), store);
                VerifyingProxy proxy = VerifyingProxy.start(exchange, node, "127.0.0.1", 0)) {
            URI url = URI.create("http://127.0.0.1:" + proxy.port());

            clients.check("openai-checks.mjs", arguments(url, OFFICIAL)).requireAllPassed();
            clients.check("openai_checks.py", arguments(url, List.of("chat", "tools", "embeddings", "completions", "responses"))).requireAllPassed();
        }
        try (Stream<Path> saved = Files.list(receipts)) {
            List<Path> bundles = saved.toList();
            assertThat(bundles).hasSizeGreaterThanOrEqualTo(10);
            for (Path bundle : bundles) {
                assertThat(Files.readString(bundle)).contains("\"permit2Authorization\"");
            }
        }
    }

    @Test
    void unmodifiedX402FetchPaysForAStreamAndGetsItsFirstTokenBeforeAnySettlement() throws Exception {
        JsonNode result = clients.node("x402-fetch.mjs", paid.url().toString(), DemoNode.MODEL, paid.walletKey());
        assertThat(result.path("status").asInt()).isEqualTo(200);
        assertThat(result.path("done").asBoolean()).isTrue();
        assertThat(result.path("answer").asText()).isNotBlank();
        assertThat(result.path("cacheControl").asText()).contains("private");
        assertThat(result.path("stateAtFirstToken").asText()).as("a slow client looks when the answer is over").isIn("reserved", "charged");
        assertThat(result.path("stateInTheEnd").asText()).isEqualTo("settled");
        SignedReceipt receipt = SignedReceipt.parse(Base64Url.decode(result.path("receipt").asText()));
        assertThat(receipt.receipt().payment().orElseThrow().charged()).hasToString(result.path("charged").asText());
    }

    private static List<String> and(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    private static List<String> arguments(URI node, List<String> sections) {
        return Stream.concat(Stream.of(node.toString(), DemoNode.MODEL, DemoNode.ENCODER), sections.stream()).toList();
    }
}
