package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.client.CandorClient;
import dev.candor.client.ChatListener;
import dev.candor.client.ChatStream;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatDelta;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.FinishReason;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.api.ModelInfo;
import dev.candor.client.api.SettlementMode;
import dev.candor.client.error.CallCancelledException;
import dev.candor.client.error.CallTimeoutException;
import dev.candor.client.error.NodeErrorException;
import dev.candor.client.error.NodeUnreachableException;
import dev.candor.client.error.PaymentRefusedException;
import dev.candor.client.error.ProofOverdueException;
import dev.candor.client.verify.CheckName;
import dev.candor.client.verify.CheckResult;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.inference.testing.HttpFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CandorClientTest extends SdkFixture {
    @Test
    void givesAnAnswerThatWasPaidForAndVerified() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build()) {
            ChatAnswer answer = candor.chat(question());
            assertThat(answer.text()).isEqualTo(TEXT);
            assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(answer.usage().completionTokens()).isEqualTo(TEXT.length() + 1);
            assertThat(answer.receipt().report().verified()).isTrue();
            assertThat(answer.receipt().summary()).contains("software evidence: proves nothing about the machine");
            assertThat(answer.receipt().model()).isEqualTo(MODEL);
            assertThat(answer.receipt().charged()).isEqualTo(CHARGE);
            assertThat(answer.receipt().price()).isEqualTo("0.000000000000064 OPG");
            assertThat(candor.spentToday()).isEqualTo(CHARGE);
            assertThat(relay.payments()).isEqualTo(1);
        }
    }

    @Test
    void usesWhatIsFreeWithoutAWalletAndSaysWhatWantsOne() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().build()) {
            assertThat(candor.chat(question()).receipt().charged()).isZero();
            node.prices.set(MODEL, HttpFixture.PRICE);
            assertThatThrownBy(() -> candor.chat(question()))
                    .isInstanceOf(PaymentRefusedException.class)
                    .hasMessageContaining("no wallet");
        }
    }

    @Test
    void handsAStreamOutAsItComesAndVerifiesItsEnd() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().build(); ChatStream stream = candor.stream(question())) {
            assertThat(String.join("", stream.text().toList())).isEqualTo(TEXT);
            ChatAnswer answer = stream.answer();
            assertThat(answer.text()).isEqualTo(TEXT);
            assertThat(answer.model()).isEqualTo(MODEL);
            assertThat(answer.usage().completionTokens()).isEqualTo(TEXT.length() + 1);
            assertThat(answer.receipt().charged()).isEqualTo(CHARGE);
        }
    }

    @Test
    void handsAListenerThePartsBeforeTheAnswerIsThere() throws Exception {
        start(HttpFixture.Setup.free());
        node.engine.hold();
        StringBuffer seen = new StringBuffer();
        CompletableFuture<String> first = new CompletableFuture<>();
        ChatListener listener = ChatListener.ofText(text -> {
            seen.append(text);
            first.complete(text);
        });
        try (CandorClient candor = CandorClient.connect(node.url()).build()) {
            CompletableFuture<ChatAnswer> answer = candor.async().stream(question(), listener);
            node.engine.step(1);
            assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("h");
            assertThat(answer).isNotDone();
            node.engine.release();
            assertThat(answer.get(60, TimeUnit.SECONDS).text()).isEqualTo(TEXT);
            assertThat(seen.toString()).isEqualTo(TEXT);
        }
    }

    @Test
    void endsTheWorkAtTheNodeWhenAStreamIsClosedOrAFutureCancelled() throws Exception {
        start(HttpFixture.Setup.free());
        node.engine.hold();
        try (CandorClient candor = CandorClient.connect(node.url()).build()) {
            ChatStream stream = candor.stream(question());
            node.engine.step(2);
            Iterator<ChatDelta> parts = stream.iterator();
            assertThat(parts.next()).isNotNull();
            stream.close();
            assertThatThrownBy(() -> parts.forEachRemaining(part -> {})).isInstanceOf(CallCancelledException.class);
            assertThatThrownBy(stream::answer).isInstanceOf(CallCancelledException.class);
            awaitCancelled(1);

            CompletableFuture<ChatAnswer> future = candor.async().chat(question());
            while (node.engine.running() == 0) {
                Thread.onSpinWait();
            }
            future.cancel(true);
            awaitCancelled(2);
        }
    }

    @Test
    void endsACallWhoseTimeIsOver() throws Exception {
        start(HttpFixture.Setup.free());
        node.engine.hold();
        try (CandorClient candor = CandorClient.connect(node.url()).timeout(Duration.ofMillis(300)).build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(CallTimeoutException.class).hasMessageContaining("300 ms");
            assertThatThrownBy(() -> candor.stream(question(), text -> {})).isInstanceOf(CallTimeoutException.class);
        }
    }

    @Test
    void saysWhatTheNodeFoundWrongWithARequest() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().build()) {
            assertThatThrownBy(() -> candor.chat(ChatRequest.builder(MODEL).ask("x").temperature(9).build()))
                    .isInstanceOfSatisfying(NodeErrorException.class, e -> {
                        assertThat(e.status()).isEqualTo(400);
                        assertThat(e.param()).contains("temperature");
                        assertThat(e.code()).contains("invalid_value");
                        assertThat(e.requestId()).isPresent();
                    });
            assertThatThrownBy(() -> candor.chat(ChatRequest.of("no/such@1", "x")))
                    .isInstanceOfSatisfying(NodeErrorException.class, e -> assertThat(e.code()).contains("model_not_found"));
        }
    }

    @Test
    void saysThatNothingListens() throws Exception {
        start(HttpFixture.Setup.free());
        relay.close();
        try (CandorClient candor = free().retries(1).build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(NodeUnreachableException.class).hasMessageContaining(relay.url());
            assertThatThrownBy(candor::models).isInstanceOf(NodeUnreachableException.class);
        }
    }

    @Test
    void waitsForTheLogsProofWhereItIsWanted() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().settlement(SettlementMode.ON_LOG).receipts(folder.resolve("receipts")).build()) {
            ChatAnswer answer = candor.chat(question());
            assertThat(answer.receipt().bundle().proof()).isPresent();
            assertThat(answer.receipt().report().checks())
                    .filteredOn(check -> check.name() == CheckName.INCLUSION_PROOF || check.name() == CheckName.CHECKPOINT_SIGNATURE)
                    .hasSize(2)
                    .allMatch(check -> check.result() == CheckResult.OK);
            ReceiptBundle kept = candor.receipts().load(new ReceiptId(answer.receipt().id())).orElseThrow();
            assertThat(kept.proof()).isPresent();
        }
    }

    @Test
    void saysThatTheAnchorDidNotComeAndKeepsTheAnswer() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().settlement(SettlementMode.ON_CHAIN).settlementTimeout(Duration.ofMillis(500)).build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOfSatisfying(ProofOverdueException.class, e -> {
                assertThat(e.getMessage()).contains("ON_CHAIN");
                assertThat(new String(e.bundle().exchange().orElseThrow().response(), StandardCharsets.UTF_8)).contains(TEXT);
            });
        }
    }

    @Test
    void addsLateProofsToTheKeptReceiptInTheBackground() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().build()) {
            String id = candor.chat(question()).receipt().id();
            node.awaitLog();
            candor.awaitProofs(Duration.ofSeconds(60));
            assertThat(candor.receipts().load(new ReceiptId(id)).orElseThrow().proof()).isPresent();
        }
    }

    @Test
    void listsModelsWithPricesAndModes() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = free().build()) {
            assertThat(candor.models()).hasSize(1);
            ModelInfo model = candor.model(MODEL).orElseThrow();
            assertThat(model.contextLength()).isEqualTo(4096);
            assertThat(model.price().orElseThrow().input()).isEqualTo(1000);
            assertThat(model.price().orElseThrow().symbol()).isEqualTo("OPG");
            assertThat(model.modes()).contains(InferenceMode.NONE, InferenceMode.TEE);
            assertThat(model.digest()).hasSize(64);
        }
    }

    @Test
    void failsAsAFutureToo() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().build()) {
            CompletableFuture<ChatAnswer> answer = candor.async().chat(ChatRequest.of("no/such@1", "x"));
            assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NodeErrorException.class);
        }
    }

    private void awaitCancelled(int sequences) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (node.engine.cancelled() < sequences && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(node.engine.cancelled()).isEqualTo(sequences);
    }
}
