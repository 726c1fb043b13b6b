package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.testing.Client;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option {@code --price}, from the command line to what a request is asked for and what its receipt says. */
class OperatorPricesTest {
    private static final BigInteger INPUT = BigInteger.valueOf(11);
    private static final BigInteger OUTPUT = BigInteger.valueOf(13);
    private static final int ANSWER_TOKENS = 4;

    @TempDir
    private Path folder;

    @BeforeAll
    static void loadRuntime() {
        Models.loadRuntime();
    }

    @Test
    void eachModelIsSoldForThePriceThatTheOperatorSetForIt() throws Exception {
        Path cache = folder.resolve("cache");
        ImportedToys.bringIn(folder, cache);
        Path home = folder.resolve("home");
        try (NodeProcess node = NodeProcess.start(
                        home, folder.resolve("node.out"), List.of(), Map.of("CANDOR_CACHE", cache.toString()),
                        "--model", ImportedToys.SUMS + "," + ImportedToys.CHAT, "--price", "sums=7,candor-test/exported=" + INPUT + ":" + OUTPUT);
                HttpClient http = HttpClient.newHttpClient()) {
            node.awaitReady();
            HttpResponse<byte[]> sums = http.send(
                    HttpRequest.newBuilder(node.url().resolve("/v2/models/candor-test/sums/infer"))
                            .timeout(Duration.ofMinutes(2))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(ImportedToys.SUMS_BODY))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(sums.statusCode()).isEqualTo(402);
            assertThat(new X402Codec().decodeRequired(sums.headers().firstValue("PAYMENT-REQUIRED").orElseThrow()).accepts().getFirst().amount()).isEqualTo("7");

            try (PayingClient client = new PayingClient(node.wallet())) {
                JsonNode body = Client.JSON.readTree(ImportedToys.CHAT_BODY);
                PayingClient.Answer asked = client.post(node.url(), body.toString(), Optional.empty(), piece -> {});
                assertThat(asked.status()).isEqualTo(402);
                PayingClient.Order order = client.order(node.url(), body);
                PayingClient.Answer answer = client.send(node.url(), order);

                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                Receipt receipt = ResponseBytes.ofBody(answer.bytes()).receipt().receipt();
                PaymentBinding payment = receipt.payment().orElseThrow();
                assertThat(payment.inputPrice()).isEqualTo(INPUT);
                assertThat(payment.outputPrice()).isEqualTo(OUTPUT);
                assertThat(receipt.usage().completionTokens()).isEqualTo(ANSWER_TOKENS);
                BigInteger cost = INPUT.multiply(BigInteger.valueOf(receipt.usage().promptTokens())).add(OUTPUT.multiply(BigInteger.valueOf(ANSWER_TOKENS)));
                assertThat(order.cap()).isEqualTo(cost);
                assertThat(payment.charged()).isEqualTo(cost);
                JsonNode listed = client.json(node.url(), "/v1/models/" + ImportedToys.CHAT).at("/candor/price");
                assertThat(listed.path("input").asText()).isEqualTo(INPUT.toString());
                assertThat(listed.path("output").asText()).isEqualTo(OUTPUT.toString());
            }
        }
        assertThat(Files.readString(folder.resolve("node.out"))).contains("0.000000000013 OPG per million answer tokens");
    }

    @Test
    void aPriceForAModelThatIsNotServedIsRefusedAtOnceInOneLine() throws Exception {
        Path output = folder.resolve("refused.out");
        int status = NodeProcess.run(output, "up", "--home", folder.resolve("other").toString(), "--port", "0", "--price", "nobody=1");

        assertThat(status).isEqualTo(1);
        assertThat(Files.readString(output)).hasLineCount(1).contains("--price names nobody, which --model does not");
    }
}
