package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.e2e.PayingClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node keeps no prompt and no answer: looks through all that a real one wrote and said. */
@Timeout(600)
class PrivacyTest {
    private static final String PROMPT = "Zyxomma petiolatum hovers over the quagmire of Xochimilco \u00e4\u20ac\ud83e\udd80";
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int TOKENS = 24;
    /** Other programs may have made it. */
    private static final Path TELEMETRY = Path.of(System.getProperty("user.home"), ".cache", "Microsoft");

    private final ObjectMapper json = new ObjectMapper();
    private final Traces traces = new Traces();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neitherPromptNorAnswerIsKeptLoggedOrMeasured(boolean free) throws Exception {
        boolean telemetry = Files.exists(TELEMETRY);
        Path user = Files.createDirectories(folder.resolve("user"));
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path output = folder.resolve("node.out");
        try (NodeProcess node = start(user, temporary, output, free); PayingClient client = new PayingClient(node.wallet())) {
            traces.text("prompt", PROMPT);
            traces.text("escaped prompt", "Zyxomma petiolatum hovers over the quagmire of Xochimilco \\u00e4");
            traces.text("beginning of the prompt", "Zyxomma petiolatum");
            remember(chat(node, client, false, free));
            remember(chat(node, client, true, free));
            fail(node, client);
            cancel(node, client, free);
            awaitSettled(node, client);

            assertThat(traces.in("/metrics", client.get(node.url(), "/metrics", "text/plain").body())).isEmpty();
            assertThat(traces.in("/node/status", client.get(node.url(), "/node/status", "application/json").body())).isEmpty();
            assertThat(traces.in(node.home().root())).as("while it runs").isEmpty();
            node.stop();
        }
        assertThat(Files.size(folder.resolve("home").resolve("ledger.db"))).isPositive();
        assertThat(Files.size(output)).isPositive();
        assertThat(traces.in(folder)).as("home, output, temporary files").isEmpty();
        assertThat(user.resolve(".cache").resolve("Microsoft")).doesNotExist();
        assertThat(Files.exists(TELEMETRY)).as("ONNX Runtime's telemetry in the real home").isEqualTo(telemetry);
    }

    @Test
    void theSearchFindsWhatIsThere() throws Exception {
        traces.text("text", "distinctive words");
        traces.tokens("ids", new int[] {5, 70_000, 9});

        assertThat(traces.in("a", "x distinctive words y".getBytes())).isNotEmpty();
        for (String before : List.of("", "1", "12", "123")) {
            byte[] whole = (before + "distinctive words, and more").getBytes();
            assertThat(traces.in("b", Base64.getEncoder().encode(whole))).as("after %s", before).isNotEmpty();
            assertThat(traces.in("c", HexFormat.of().formatHex(whole).getBytes())).isNotEmpty();
        }
        assertThat(traces.in("d", "{\"ids\":[5,70000,9]}".getBytes())).isNotEmpty();
        assertThat(traces.in("e", "nothing of it".getBytes())).isEmpty();
    }

    private static NodeProcess start(Path user, Path temporary, Path output, boolean free) throws Exception {
        List<String> jvm = List.of("-Duser.home=" + user, "-Djava.io.tmpdir=" + temporary);
        Map<String, String> environment = Map.of("HOME", user.toString(), "XDG_CACHE_HOME", user.resolve(".cache").toString(),
                "TMPDIR", temporary.toString(), "ORT_DISABLE_TELEMETRY", "");
        Path home = output.resolveSibling("home");
        NodeProcess node = free
                ? NodeProcess.start(home, output, jvm, environment, "--free")
                : NodeProcess.start(home, output, jvm, environment);
        return node.awaitReady();
    }

    private Answer chat(NodeProcess node, PayingClient client, boolean stream, boolean free) throws Exception {
        ObjectNode body = client.chat(PROMPT, TOKENS, stream);
        Answer answer = free
                ? client.post(node.url(), body.toString(), Optional.empty(), piece -> {})
                : client.send(node.url(), client.order(node.url(), body));
        assertThat(answer.status()).as(answer::text).isEqualTo(200);
        return answer;
    }

    private void remember(Answer answer) throws Exception {
        boolean stream = answer.text().startsWith("data: ");
        ResponseBytes parts = stream ? ResponseBytes.ofStream(answer.bytes()) : ResponseBytes.ofBody(answer.bytes());
        String text = json.readTree(parts.content().json().toString()).at("/0/message/content").asText();
        assertThat(text).hasSizeGreaterThan(30);
        traces.text("answer", text.substring(0, 30));
        traces.text("answer's end", text.substring(text.length() - 20));
        traces.tokens("answer's tokens", parts.tokenIds().getFirst());
    }

    /** Requests that fail in different depths: parser, limits, payment. */
    private void fail(NodeProcess node, PayingClient client) throws Exception {
        ObjectNode good = client.chat(PROMPT, TOKENS, false);
        for (String body : List.of(
                good.toString().replace("}]", "}"),
                good.deepCopy().put("temperature", PROMPT).toString(),
                good.deepCopy().put("model", PROMPT).toString(),
                good.deepCopy().put("tools", PROMPT).toString(),
                client.chat(PROMPT.repeat(400), TOKENS, true).toString(),
                client.chat(PROMPT + "\\ud800", TOKENS, true).toString().replace("\\\\ud800", "\\ud800"))) {
            assertThat(client.post(node.url(), body, Optional.empty(), piece -> {}).status()).as(body).isBetween(400, 499);
        }
        client.post(node.url(), good.toString(), Optional.of(PROMPT.replaceAll("[^ -~]", "")), piece -> {});
    }

    /** Goes away in the middle of a stream. */
    private void cancel(NodeProcess node, PayingClient client, boolean free) throws Exception {
        ObjectNode body = client.chat(PROMPT, 400, true);
        Optional<String> payment = free ? Optional.empty() : Optional.of(client.order(node.url(), body).header());
        try {
            client.post(node.url(), body.toString(), payment, piece -> {
                throw new UncheckedIOException(new IOException("enough"));
            });
        } catch (UncheckedIOException enough) {
            Eventually.await("the cancelled sequence ends", LIMIT, () ->
                    client.json(node.url(), "/node/status").at("/queue/running").asInt() == 0);
        }
    }

    private static void awaitSettled(NodeProcess node, PayingClient client) throws Exception {
        Eventually.await("settlements", LIMIT, () -> {
            JsonNode money = client.json(node.url(), "/node/status").path("money");
            return money.path("unsettled").asText().equals("0") && money.path("reserved").asText().equals("0");
        });
    }
}
