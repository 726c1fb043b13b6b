package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.client.CandorClient;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.SettlementMode;
import dev.candor.client.verify.CheckName;
import dev.candor.client.verify.CheckResult;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of somebody who has just read the README, with the real program, one process a command. */
class NewcomerTest {
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(120);
    private static final Duration ANCHOR_LIMIT = Duration.ofSeconds(240);

    @TempDir
    private static Path folder;

    private static Path home;
    private static NodeProcess node;

    @BeforeAll
    static void up() throws Exception {
        home = folder.resolve("home");
        node = NodeProcess.start(home, folder.resolve("node.out"), List.of("-Xmx1g"), Map.of()).awaitReady();
    }

    @AfterAll
    static void down() throws Exception {
        node.close();
    }

    @Test
    void paysForAnAnswerVerifiesItAndSeesItSettledAndAnchored() throws Exception {
        JsonNode answer = last(candor(0, "chat", "Write one sentence about the ocean.", "--max-tokens", "16", "--temperature", "0", "--json"));
        assertThat(answer.path("text").asText()).startsWith("The ocean is a vast");
        assertThat(answer.path("verified").asBoolean()).isTrue();
        assertThat(answer.path("charged").asText()).isEqualTo(37 + 16 * 4 + "000000000000");
        String id = answer.path("receiptId").asText();
        CandorClient program = CandorClient.connect(node.url()).home(folder.resolve("program")).wallet(home.resolve("wallet.key"))
                .settlement(SettlementMode.ON_CHAIN).settlementTimeout(ANCHOR_LIMIT).build();
        CompletableFuture<ChatAnswer> onChain =
                program.async().chat(ChatRequest.builder(DemoNode.MODEL).ask("Write one sentence about the ocean.").maxTokens(4).build());

        assertThat(results(id)).containsEntry("payment", "ok").containsEntry("model digest", "ok");
        Eventually.await("it is in the log", SETTLE_LIMIT, () -> node.get("/v1/receipts/" + id + "/proof").has("leaf_hash"));
        assertThat(results(id)).containsEntry("inclusion proof", "ok").containsEntry("checkpoint signature", "ok");
        Eventually.await("it is settled", SETTLE_LIMIT, () -> money("unsettled").equals("0") && !money("settled").equals("0"));
        assertThat(status().at("/money/unsettled").asText()).isEqualTo("0");
        Eventually.await("it is anchored", ANCHOR_LIMIT, () -> node.get("/v1/receipts/" + id + "/anchor").has("anchor_index"));
        assertThat(results(id)).containsEntry("on-chain anchor", "ok");
        assertThat(onChain.get(ANCHOR_LIMIT.toSeconds(), TimeUnit.SECONDS).receipt().report().checks())
                .as("a Java program that waits for the chain").allMatch(check -> check.result() == CheckResult.OK || check.name() == CheckName.MODEL_DIGEST);
        program.close();
        assertThat(last(candor(0, "verify", id, "--json", "--offline")).path("verified").asBoolean()).isTrue();
        candor(1, "verify", id, "--require-hardware");
        candor(0, "log", "fsck");
        candor(0, "ledger", "audit");
    }

    /** The goldens are ONNX Runtime's in Python, on the publisher's graph and tokenizer. */
    @Test
    void paysForVectorsVerifiesThemAndGetsWhatTheOriginalModelGives() throws Exception {
        JsonNode goldens = new ObjectMapper().readTree(getClass().getResourceAsStream("/minilm.json"));
        List<String> command = new ArrayList<>(List.of("embed", "--json"));
        goldens.forEach(golden -> command.add(golden.path("text").asText()));
        JsonNode answer = last(candor(0, command.toArray(String[]::new)));

        int tokens = 0;
        for (int i = 0; i < goldens.size(); i++) {
            JsonNode vector = answer.path("embeddings").get(i);
            tokens += goldens.get(i).path("tokens").asInt();
            for (int at = 0; at < 16; at++) {
                assertThat(vector.get(at).asDouble()).as("%d %d", i, at).isCloseTo(goldens.get(i).path("first").get(at).asDouble(), within(1e-5));
            }
            assertThat(vector.get(383).asDouble()).isCloseTo(goldens.get(i).path("last").asDouble(), within(1e-5));
        }
        assertThat(cosine(answer, 0, 1)).as("two of the sea").isGreaterThan(0.4).isGreaterThan(0.3 + cosine(answer, 0, 2));
        assertThat(answer.path("dimensions").asInt()).isEqualTo(384);
        assertThat(answer.path("verified").asBoolean()).isTrue();
        assertThat(answer.path("charged").asText()).isEqualTo(tokens + "00000000000");
        String id = answer.path("receiptId").asText();
        assertThat(results(id)).containsEntry("output", "ok").containsEntry("model digest", "ok");
        assertThat(last(candor(0, "verify", id, "--json", "--offline")).path("verified").asBoolean()).isTrue();
        assertThat(candor(0, "embed", "The sea.", "--dimensions", "8")).contains("8 dimensions", "verified", id.substring(0, 5));
    }

    private static double cosine(JsonNode answer, int a, int b) {
        double sum = 0;
        for (int i = 0; i < 384; i++) {
            sum += answer.path("embeddings").get(a).get(i).asDouble() * answer.path("embeddings").get(b).get(i).asDouble();
        }
        return sum;
    }

    @Test
    void showsThePanelWithWhatTheStartPromises() throws Exception {
        assertThat(Files.readString(folder.resolve("node.out")))
                .contains(node.url() + "/v1", DemoNode.MODEL, "1 OPG per million", "receipt key 0x", "software", "dev chain 31337", "/log/checkpoint")
                .contains("proves nothing about this machine", "./candor chat", "./candor status", "./candor proxy");
    }

    @Test
    void showsWhatTheMemoryForKeysAndValuesHolds() throws Exception {
        String prompt = "The keeper counted the steps of the lighthouse on the way up and again on the way down. ".repeat(10);
        candor(0, "chat", prompt, "--max-tokens", "2");
        JsonNode memory = status().at("/models/0/kv_memory");

        assertThat(memory.path("prefix_cache_bytes").asLong()).isPositive();
        assertThat(memory.path("used_bytes").asLong()).isGreaterThanOrEqualTo(memory.path("prefix_cache_bytes").asLong());
        assertThat(memory.path("limit_bytes").asLong()).isGreaterThanOrEqualTo(memory.path("used_bytes").asLong());
        assertThat(candor(0, "status")).contains("MiB for keys and values");
    }

    @Test
    void keepsKeysAndReceiptsToTheirOwner() throws Exception {
        candor(0, "chat", "Hello", "--max-tokens", "2");
        assertThat(Files.getPosixFilePermissions(home.resolve("wallet.key"))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(home.resolve("operator.key"))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(home.resolve("log.key"))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(home)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(home.resolve("receipts"))).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void isToldInOneLineThatANodeRunsAlready() throws Exception {
        assertThat(candor(1, "up", "--port", "0")).hasLineCount(1).contains("already runs", "candor down");
        assertThat(candor(1, "up", "--port", "0", "--detach")).hasLineCount(1).contains("already runs", "candor down");
    }

    @Test
    void startsAProxyThatOpenAiClientsReachAndThatCanBeFoundAndStopped() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port + "/v1/models";
        assertThat(candor(0, "proxy", "--detach", "--port", Integer.toString(port))).contains("http://127.0.0.1:" + port + "/v1");
        HttpRequest models = HttpRequest.newBuilder(URI.create(url)).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(models, HttpResponse.BodyHandlers.ofString()).body()).contains(DemoNode.MODEL);
        }
        assertThat(candor(1, "proxy", "--port", Integer.toString(port))).hasLineCount(1).contains("in use", "--port");
        ProcessHandle process = ProcessHandle.of(Long.parseLong(Files.readString(home.resolve("proxies").resolve("" + port)).strip())).orElseThrow();
        process.destroy();
        assertThat(Eventually.within(SETTLE_LIMIT, () -> !process.isAlive())).as("the proxy ends").isTrue();
    }

    private static String candor(int status, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "candor", ".out");
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--home", home.toString()));
        int ended = NodeProcess.run(output, command.toArray(String[]::new));
        String said = Files.readString(output);
        assertThat(ended).as("candor %s said: %s", command, said).isEqualTo(status);
        return said;
    }

    /** What each check of {@code verify} came to. */
    private static Map<String, String> results(String id) throws IOException, InterruptedException {
        Map<String, String> results = new HashMap<>();
        for (JsonNode check : last(candor(0, "verify", id, "--json")).path("checks")) {
            results.put(check.path("name").asText(), check.path("result").asText());
        }
        return results;
    }

    private static JsonNode status() throws IOException, InterruptedException {
        return last(candor(0, "status", "--json"));
    }

    private static String money(String name) throws IOException, InterruptedException {
        return node.get("/node/status").path("money").path(name).asText();
    }

    private static JsonNode last(String output) throws IOException {
        return new ObjectMapper().readTree(output.lines().reduce((before, line) -> line).orElseThrow());
    }
}
