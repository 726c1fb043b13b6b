package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.client.sdk.AnswerSink;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandTest {
    @TempDir
    private Path folder;

    private HttpFixture node;
    private ExchangeOutcome.Answered answer;

    @BeforeEach
    void chat() throws Exception {
        node = new HttpFixture(folder.resolve("node"), HttpFixture.Setup.free());
        NodeConnection connection = new NodeConnection(HttpClient.newHttpClient(), URI.create(node.url()));
        BundleStore store = new BundleStore(folder.resolve("home").resolve("receipts"), new BundleCodec());
        ReceiptVerifier verifier = new ReceiptVerifier(Clock.systemUTC(), (rpc, anchor, statement) -> "");
        try (VerifyingExchange exchange =
                new VerifyingExchange(connection, Optional.empty(), verifier, VerifyOptions.standard(), store)) {
            byte[] body = Client.chat("hello there").toString().getBytes(StandardCharsets.UTF_8);
            answer = (ExchangeOutcome.Answered) exchange.post("v1/chat/completions", body, Map.of(), AnswerSink.none());
        }
        node.awaitLog();
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void verifiesASavedReceiptByItsIdAndByItsFile() {
        assertThat(run(id()).status()).isZero();
        assertThat(run(saved().toString(), "--offline").output()).contains("on-chain anchor        skipped  offline");
    }

    @Test
    void neverReplacesAWholeSavedReceiptByABareOne() throws Exception {
        Path bare = Files.write(folder.resolve("bare.cose"), answer.bundle().cose());
        assertThat(run(bare.toString()).output()).contains("output                 ok");
        assertThat(run(id(), "--offline").status()).isZero();
    }

    @Test
    void callsABareReceiptVerifiedOnlyWhereThatIsAskedFor() throws Exception {
        Path bare = Files.write(folder.resolve("bare.cose"), answer.bundle().cose());
        Files.delete(saved());
        assertThat(run(bare.toString()).status()).isEqualTo(1);
        assertThat(run(bare.toString(), "--receipt-only").status()).isZero();
    }

    @Test
    void givesTheChecksAsJsonAndTheVerdictAsExitStatus() throws Exception {
        byte[] file = Files.readAllBytes(saved());
        Run good = run(saved().toString(), "--json", "--offline");
        JsonNode report = Client.JSON.readTree(good.output());
        assertThat(report.path("verified").asBoolean()).isTrue();
        assertThat(report.path("checks")).hasSize(10).allSatisfy(check -> assertThat(check).hasSize(3));
        String forged = new String(file, StandardCharsets.UTF_8).replaceFirst("\"request\":\"ey", "\"request\":\"eX");
        Path other = Files.writeString(folder.resolve("forged.candor.json"), forged);
        Run bad = run(other.toString(), "--json", "--offline");
        assertThat(bad.status()).isEqualTo(1);
        assertThat(Client.JSON.readTree(bad.output()).path("verified").asBoolean()).isFalse();
    }

    @Test
    void acceptsNoSoftwareEvidenceWhereHardwareIsRequired() {
        Run run = run(id(), "--require-hardware", "--offline");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("appraisal              failed").contains("NOT verified");
    }

    @Test
    void saysInOneLineWhatIsNoReceipt() throws Exception {
        assertThat(run("rcpt_00").errors()).contains("rcpt_").hasLineCount(1);
        Path noise = Files.writeString(folder.resolve("noise"), "noise");
        assertThat(run(noise.toString()).errors()).contains("neither a saved receipt").hasLineCount(1);
        assertThat(run("rcpt_" + "00".repeat(16)).errors()).contains("has no receipt").hasLineCount(1);
    }

    @Test
    void saysInOneLineThatAReceiptIsNotWholeAndWhatToDo() throws Exception {
        byte[] whole = Files.readAllBytes(saved());
        Path half = Files.write(folder.resolve("half.candor.json"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(run(half.toString()).errors()).contains("the saved receipt is cut short: it ends after " + whole.length / 2 + " bytes", "by its id")
                .doesNotContain("jackson", "JsonToken").hasLineCount(1);
        byte[] cose = answer.bundle().cose();
        Path bare = Files.write(folder.resolve("half.cose"), Arrays.copyOf(cose, cose.length / 2));
        assertThat(run(bare.toString()).errors()).contains("cut short or damaged", "by its id").hasLineCount(1);
    }

    private String id() {
        return answer.bundle().id().value();
    }

    private Path saved() {
        return folder.resolve("home").resolve("receipts").resolve(id() + ".candor.json");
    }

    private record Run(int status, String output, String errors) {}

    private Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = Stream.concat(
                        Stream.of("verify", "--home", folder.resolve("home").toString(), "--node", node.url()), Stream.of(arguments))
                .toList();
        int status = line.execute(all.toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }
}
