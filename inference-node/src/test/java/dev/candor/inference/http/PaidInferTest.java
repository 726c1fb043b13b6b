package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.ContractHttpClient;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.TensorModels;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.x402.X402Codec;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaidInferTest {
    private static final String PATH = "/v2/models/candor/sums/infer";
    /** Rows of 3 floats in two inputs: 100 take 2,400 bytes, which is 3 KiB. */
    private static final int ROWS = 100;

    @TempDir
    private Path home;

    private HttpFixture node;
    private Client client;
    private HttpClient http;

    @BeforeEach
    void start() throws Exception {
        node = new HttpFixture(home, HttpFixture.Setup.paying());
        node.models.add(TensorModels.open("candor/sums@1", TensorGraphs.arithmetic(Files.createDirectory(home.resolve("sums")))));
        node.prices.set("candor/sums@1", new Price(BigInteger.valueOf(500), BigInteger.ZERO));
        client = new Client(node.url());
        http = ContractHttpClient.create();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        client.close();
        node.close();
        node.models.close();
    }

    @Test
    void asksForThePriceOfEachKibibyteTakenAndChargesIt() throws Exception {
        String body = body(ROWS, ROWS);
        HttpResponse<byte[]> asked = post(body);
        assertThat(asked.statusCode()).isEqualTo(402);
        assertThat(new X402Codec().decodeRequired(asked.headers().firstValue("PAYMENT-REQUIRED").orElseThrow()).accepts().getFirst().amount()).isEqualTo("1500");
        assertThat(Client.JSON.readTree(asked.body()).path("error").asText()).startsWith("Payment required");

        String payment = client.pay(asked, node.scheme, Instant.now());
        HttpResponse<byte[]> answer = post(body, "PAYMENT-SIGNATURE", payment);
        assertThat(answer.statusCode()).isEqualTo(200);
        ResponseBytes parts = ResponseBytes.ofRaw(answer.body(), Base64.getUrlDecoder().decode(answer.headers().firstValue("Candor-Receipt").orElseThrow()));
        PaymentBinding paid = parts.receipt().receipt().payment().orElseThrow();
        assertThat(paid.charged()).isEqualTo(1500);
        assertThat(parts.receipt().receipt().usage().promptTokens()).isEqualTo(3);
        ReceiptChecks.output(parts.receipt().receipt(), body.getBytes(StandardCharsets.UTF_8), parts);
        ReceiptChecks.payment(parts.receipt().receipt());
        assertThat(answer.headers().firstValue("PAYMENT-RESPONSE")).isPresent();

        HttpResponse<byte[]> again = post(body, "PAYMENT-SIGNATURE", payment);
        assertThat(again.body()).isEqualTo(answer.body());
        assertThat(again.headers().firstValue("Candor-Receipt")).isEqualTo(answer.headers().firstValue("Candor-Receipt"));
    }

    @Test
    void aRunThatFailsCostsNothing() throws Exception {
        String unequal = body(ROWS, 2);
        HttpResponse<byte[]> asked = post(unequal);
        HttpResponse<byte[]> failed = post(unequal, "PAYMENT-SIGNATURE", client.pay(asked, node.scheme, Instant.now()));

        assertThat(failed.statusCode()).isEqualTo(400);
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().unsettled()).isZero();
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAPaymentIsAskedFor() throws Exception {
        assertThat(post("{\"inputs\":[]}").statusCode()).isEqualTo(400);
    }

    private static String body(int rows, int otherRows) {
        return "{\"inputs\":[" + input("a", rows) + "," + input("b", otherRows) + "]}";
    }

    private static String input(String name, int rows) {
        String data = IntStream.range(0, rows * 3).mapToObj(String::valueOf).collect(Collectors.joining(","));
        return "{\"name\":\"" + name + "\",\"datatype\":\"FP32\",\"shape\":[" + rows + ",3],\"data\":[" + data + "]}";
    }

    private HttpResponse<byte[]> post(String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + PATH))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
        return http.send((headers.length == 0 ? request : request.headers(headers)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
