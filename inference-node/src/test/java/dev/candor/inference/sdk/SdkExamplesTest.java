package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.client.CandorClient;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.examples.ChatExample;
import dev.candor.client.examples.SetupExample;
import dev.candor.client.examples.StreamExample;
import dev.candor.inference.testing.HttpFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The examples of the SDK's Javadoc do what they say. */
class SdkExamplesTest extends SdkFixture {
    private final String key = HexFormat.of().formatHex(Secp256k1KeyPair.generate(new SecureRandom()).secret());

    @Test
    void fiveLinesGiveAVerifiedAnswer() throws Exception {
        start(HttpFixture.Setup.paying());
        ChatExample.ask(relay.url(), MODEL, key);
        assertThat(relay.payments()).isEqualTo(1);
    }

    @Test
    void aRequestIsAnswered() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().build()) {
            ChatAnswer answer = candor.chat(ChatExample.request(MODEL));
            assertThat(answer.text()).contains("Why is the sky blue?");
            assertThat(answer.toString()).hasSizeLessThan(250).contains("Why is the sky blue?", answer.receipt().id());
            assertThat(answer.receipt().toString()).hasSizeLessThan(250).contains(answer.receipt().id(), MODEL);
        }
    }

    @Test
    void aStreamIsShownWhileItComes() throws Exception {
        start(HttpFixture.Setup.paying());
        StringBuffer screen = new StringBuffer();
        try (CandorClient candor = free().wallet(key).build()) {
            assertThat(StreamExample.stream(candor, question(), screen::append)).startsWith("rcpt_");
            assertThat(StreamExample.later(candor, question(), screen::append).get(60, TimeUnit.SECONDS)).isEqualTo("0.000000000000064 OPG");
        }
        assertThat(screen).hasToString(TEXT + TEXT);
    }

    @Test
    void aClientIsSetUpWithCare() throws Exception {
        start(HttpFixture.Setup.paying());
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("wallet.key"), key);
        String digest;
        try (CandorClient candor = free().build()) {
            digest = candor.model(MODEL).orElseThrow().digest();
        }
        try (CandorClient candor = SetupExample.client(relay.url(), home, MODEL, digest)) {
            String id = candor.chat(question()).receipt().id();
            assertThat(home.resolve("receipts").resolve(id + ".candor.json")).exists();
            assertThat(home.resolve("spending")).exists();
            assertThat(SetupExample.failClosed(candor, ChatRequest.of("no/such@1", "x"))).startsWith("404 model_not_found req_");
        }
        try (CandorClient candor = SetupExample.client(relay.url(), home, MODEL, "ab".repeat(32))) {
            assertThat(SetupExample.failClosed(candor, question())).startsWith("not proven: NOT verified: model digest");
        }
    }
}
