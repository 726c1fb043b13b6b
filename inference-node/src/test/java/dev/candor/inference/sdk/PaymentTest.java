package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.client.CandorClient;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.error.NodeErrorException;
import dev.candor.client.error.PaymentRefusedException;
import dev.candor.client.error.SpendingLimitExceededException;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.pay.SpendingLimitException;
import dev.candor.client.pay.SpendingLimits;
import dev.candor.inference.sdk.FaultyRelay.Fault;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.settlement.scheme.PaymentSigner;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a client pays, and what it does not. */
class PaymentTest extends SdkFixture {
    @Test
    void signsNothingAboveALimit() throws Exception {
        start(HttpFixture.Setup.paying());
        BigInteger below = CAP.subtract(BigInteger.ONE);
        BigInteger wide = SpendingLimits.standard().perDay();
        refused(new SpendingLimits(below, wide), SpendingLimitException.Limit.REQUEST);
        refused(new SpendingLimits(CAP, below), SpendingLimitException.Limit.DAY);
        refused(new SpendingLimits(CAP, wide, below), SpendingLimitException.Limit.HOST);
    }

    private void refused(SpendingLimits limits, SpendingLimitException.Limit limit) {
        try (CandorClient candor = paying().limits(limits).build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOfSatisfying(SpendingLimitExceededException.class, e -> {
                assertThat(e.limit()).isEqualTo(limit);
                assertThat(e.asked()).isEqualTo(CAP);
                assertThat(e.allowed()).isEqualTo(CAP.subtract(BigInteger.ONE));
                assertThat(e.getMessage()).contains("nothing was signed").contains("SpendingLimits.withPer");
            });
            assertThat(relay.payments()).isZero();
            assertThat(candor.spentToday()).isZero();
        }
    }

    @Test
    void countsADaysChargesAndNotItsCaps() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().home(folder.resolve("home")).limits(new SpendingLimits(CAP, CAP.add(CHARGE))).build()) {
            candor.chat(question());
            candor.chat(question());
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(SpendingLimitExceededException.class);
            assertThat(relay.payments()).isEqualTo(2);
        }
        try (CandorClient later = paying().home(folder.resolve("home")).limits(new SpendingLimits(CAP, CAP.add(CHARGE))).build()) {
            assertThat(later.spentToday()).as("the next process knows").isEqualTo(CHARGE.multiply(BigInteger.TWO));
            assertThatThrownBy(() -> later.chat(question())).isInstanceOf(SpendingLimitExceededException.class);
        }
    }

    @Test
    void paysOnceWhenAnswersAreLostOrCutOrRefusedForAWhile() throws Exception {
        start(HttpFixture.Setup.paying());
        relay.next(new Fault.LoseAnswer(), new Fault.CutAnswer(100),
                new Fault.Refuse(503, Map.of("retry-after", "0"), "{\"error\":{\"message\":\"busy\",\"code\":\"unavailable\"}}"));
        long before = node.ledger.leafCount();
        try (CandorClient candor = paying().build()) {
            assertThat(candor.chat(question()).receipt().charged()).isEqualTo(CHARGE);
            assertThat(relay.paidRequests()).isEqualTo(4);
            assertThat(relay.payments()).as("the same payment each time").isEqualTo(1);
            assertThat(candor.spentToday()).isEqualTo(CHARGE);
            assertThat(node.ledger.leafCount() - before).as("one answer, one charge").isEqualTo(1);
        }
    }

    @Test
    void handsEachPartOfAStreamOutOnceThoughTheConnectionBreaks() throws Exception {
        start(HttpFixture.Setup.paying());
        relay.next(new Fault.CutAnswer(900));
        try (CandorClient candor = paying().build()) {
            StringBuilder seen = new StringBuilder();
            ChatAnswer answer = candor.stream(question(), seen::append);
            assertThat(answer.text()).isEqualTo(TEXT);
            assertThat(seen).hasToString(TEXT);
            assertThat(relay.paidRequests()).isEqualTo(2);
            assertThat(relay.payments()).isEqualTo(1);
        }
    }

    @Test
    void signsOneRefusedPaymentAndNoSecond() throws Exception {
        start(HttpFixture.Setup.paying());
        for (int i = 0; i < 10; i++) {
            relay.next(new Fault.Refuse(402, Map.of(), "{\"error\":{\"message\":\"pay again\",\"code\":\"payment_required\"}}"));
        }
        try (CandorClient candor = paying().build()) {
            assertThatThrownBy(() -> candor.chat(question()))
                    .isInstanceOf(PaymentRefusedException.class)
                    .hasMessageContaining("no second one was signed")
                    .hasCauseInstanceOf(NodeErrorException.class);
            assertThat(relay.payments()).isEqualTo(1);
            assertThat(relay.paidRequests()).isEqualTo(1);
        }
    }

    @Test
    void obeysANodeThatWantsNoRetryOrALateOne() throws Exception {
        start(HttpFixture.Setup.paying());
        String body = "{\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"param\":null,\"code\":\"model_failed\"}}";
        try (CandorClient candor = paying().build()) {
            relay.next(new Fault.Refuse(500, Map.of("x-should-retry", "false", "x-request-id", "req_1"), body));
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOfSatisfying(NodeErrorException.class, e -> {
                assertThat(e.status()).isEqualTo(500);
                assertThat(e.code()).contains("model_failed");
                assertThat(e.type()).contains("server_error");
                assertThat(e.param()).isEmpty();
                assertThat(e.requestId()).contains("req_1");
            });
            assertThat(relay.paidRequests()).isEqualTo(1);
            relay.next(new Fault.Refuse(429, Map.of("retry-after", "3600"), body));
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOfSatisfying(
                    NodeErrorException.class, e -> assertThat(e.retryAfter()).contains(Duration.ofHours(1)));
            assertThat(relay.paidRequests()).isEqualTo(2);
        }
    }

    @Test
    void withholdsAnAnswerThatChargesMoreThanItsTokensCost() throws Exception {
        start(HttpFixture.Setup.paying());
        relay.change(replaced("\"charged\":\"" + CHARGE + "\"", "\"charged\":\"" + CAP + "\""));
        try (CandorClient candor = paying().build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(UnverifiedAnswerException.class).hasMessageContaining("charged amount");
            relay.change(PaymentTest::otherReceipt);
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(UnverifiedAnswerException.class);
        }
    }

    /** Changes a bit in the middle of the signed receipt. */
    private static byte[] otherReceipt(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        int at = text.indexOf("\"receipt\":\"");
        if (at < 0) {
            return body;
        }
        int start = at + "\"receipt\":\"".length();
        byte[] cose = Base64.getUrlDecoder().decode(text.substring(start, text.indexOf('"', start)));
        cose[cose.length / 2] ^= 1;
        return (text.substring(0, start) + Base64.getUrlEncoder().withoutPadding().encodeToString(cose) + text.substring(text.indexOf('"', start)))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void sendsNoPaymentThatItsSignerDidNotSignWell() throws Exception {
        start(HttpFixture.Setup.paying());
        Secp256k1KeyPair key = Secp256k1KeyPair.generate(new SecureRandom());
        Secp256k1KeyPair other = Secp256k1KeyPair.generate(new SecureRandom());
        PaymentSigner mixed = new PaymentSigner() {
            @Override
            public EvmAddress address() {
                return key.address();
            }

            @Override
            public byte[] sign(byte[] digest) {
                return other.signRecoverable(digest);
            }
        };
        try (CandorClient candor = free().wallet(mixed).build(); CandorClient good = free().wallet(PaymentSigner.of(key)).build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(PaymentRefusedException.class).hasMessageContaining("does not hold");
            assertThat(relay.payments()).isZero();
            assertThat(good.chat(question()).text()).isEqualTo(TEXT);
            assertThat(good.wallet()).contains(key.address());
        }
    }
}
