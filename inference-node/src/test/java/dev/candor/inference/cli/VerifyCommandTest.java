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
    void asksTheNodeThatTheSavedReceiptNames() throws Exception {
        assertThat(verify(id(), "--max-pending", "0").output()).containsPattern("inclusion proof +ok").contains("the node has given no anchor");
        assertThat(Files.readString(saved())).contains("\"proof\"");
        Path copy = Files.copy(saved(), folder.resolve("copy.candor.json"));
        Files.writeString(copy, Files.readString(copy).replaceFirst("\"proof\":", "\"was\":"));
        assertThat(verify(copy.toString(), "--max-pending", "0").output()).containsPattern("inclusion proof +ok");
    }

    @Test
    void asksTheNodeThatItIsGivenBeforeTheOneThatTheSavedReceiptNames() {
        Run run = verify(id(), "--max-pending", "0", "--node", "http://127.0.0.1:1");
        assertThat(run.errors()).contains("cannot reach the node at http://127.0.0.1:1/").hasLineCount(1);
        assertThat(run.output()).containsPattern("inclusion proof +failed +missing: the node could not be asked");
    }

    @Test
    void saysThatANodeCouldNotBeAskedAndBlamesItForNothing() throws Exception {
        Files.writeString(saved(), Files.readString(saved()).replace(answer.bundle().node(), "http://127.0.0.1:1/"));
        Run late = verify(id(), "--max-pending", "0");
        assertThat(late.status()).isEqualTo(1);
        assertThat(late.errors()).contains("cannot reach the node at http://127.0.0.1:1/", "checking with what is saved").hasLineCount(1);
        assertThat(late.output()).containsPattern("on-chain anchor +failed +missing: the node could not be asked").doesNotContain("has given no anchor");
        assertThat(verify(id()).output()).containsPattern("on-chain anchor +skipped +pending: the node could not be asked");
    }

    @Test
    void checksWithWhatIsSavedWhereTheFileNamesNoNodeThatCanBeAsked() throws Exception {
        Path other = Files.writeString(folder.resolve("other.candor.json"), Files.readString(saved()).replace(answer.bundle().node(), "file:///etc/"));
        Run run = verify(other.toString());
        assertThat(run.errors()).contains("the saved receipt's node wants a URL", "checking with what is saved").hasLineCount(1);
        assertThat(run.output()).containsPattern("signature +ok");
    }

    @Test
    void saysFirstThatAReceiptIsNotSaved() throws Exception {
        Path moved = Files.move(saved(), folder.resolve("moved.candor.json"));
        Run run = run(id(), "--receipt-only");
        assertThat(run.status()).isZero();
        assertThat(run.errors()).startsWith("candor: receipt " + id() + " is not saved at " + saved()).contains("without the bytes").hasLineCount(1);
        assertThat(run(moved.toString()).errors()).isEmpty();
        assertThat(verify(id(), "--node", "http://127.0.0.1:1").errors()).contains(" is not saved at ", "cannot reach the node").hasLineCount(1);
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
        return verify(Stream.concat(Stream.of("--node", node.url()), Stream.of(arguments)).toArray(String[]::new));
    }

    private Run verify(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = Stream.concat(
                        Stream.of("verify", "--home", folder.resolve("home").toString()), Stream.of(arguments))
                .toList();
        int status = line.execute(all.toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }
}
