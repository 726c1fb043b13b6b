package dev.candor.settlement.facilitator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.settlement.facilitator.PaymentRejectedException.Kind;
import dev.candor.settlement.chain.Eventually;
import dev.candor.settlement.ledger.PaymentKey;
import dev.candor.settlement.ledger.PaymentState;
import dev.candor.settlement.ledger.ReceiptCommit;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.SchemeException;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.X402Vectors;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalFacilitatorTest {
    private static final BigInteger CAP = BigInteger.valueOf(500_000);
    private static final EvmAddress OPERATOR = EvmAddress.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    private static final EvmAddress TOKEN = EvmAddress.parse("0x036CbD53842c5426634e7929541eC2318f3dCF7e");
    private static final Digest BODY = Digest.sha256(new byte[] {1});

    private final SteppingClock clock = new SteppingClock();
    private final StubChain chain = new StubChain(clock);
    private final UptoPermit2Scheme scheme = new UptoPermit2Scheme(
            84532,
            EvmAddress.parse("0x000000000022D473030F116dDEE9F6B43aC78BA3"),
            EvmAddress.parse("0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002"));
    private final Secp256k1KeyPair alice = wallet(1);
    private final Secp256k1KeyPair bob = wallet(2);
    @TempDir
    private Path folder;
    private SqlLedger ledger;
    private LocalFacilitator facilitator;

    @BeforeEach
    void open() {
        ledger = new SqlLedger(SqlDatabase.open(folder.resolve("ledger.db")), clock);
        facilitator = patient(Duration.ofSeconds(30));
    }

    private LocalFacilitator patient(Duration patience) {
        PaymentTerms terms = PaymentTerms.of(TOKEN, "OpenGradient", "1", OPERATOR, OPERATOR, CAP.multiply(BigInteger.valueOf(4)));
        return new LocalFacilitator(scheme, terms, ledger, chain, clock, patience);
    }

    @AfterEach
    void close() {
        chain.hang.countDown();
        ledger.close();
    }

    @Test
    void offersTheSameForTheSameCapAndInTheFormOfTheVectors() {
        PaymentRequirements offer = facilitator.offer(CAP);

        assertThat(facilitator.offer(CAP)).isEqualTo(offer);
        clock.step(Duration.ofHours(1));
        assertThat(facilitator.offer(CAP)).isEqualTo(offer);
        assertThat(facilitator.offer(CAP.add(BigInteger.ONE))).isNotEqualTo(offer);
        assertThat(offer.asset()).isEqualTo("0x036CbD53842c5426634e7929541eC2318f3dCF7e");
        assertThat(offer.payTo()).isEqualTo("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
        assertThat(offer.maxTimeoutSeconds()).isEqualTo(3600);
        assertThat(offer.extra().toString()).isEqualTo("{\"name\":\"OpenGradient\",\"version\":\"1\","
                + "\"assetTransferMethod\":\"permit2\",\"facilitatorAddress\":\"0x70997970C51812dc3A010C7d01b50e0d17dc79C8\"}");
    }

    @Test
    void reservesAPaymentForOneRequest() throws Exception {
        PaymentPayload payment = pay(alice, 1);

        assertThat(reserve(payment)).isInstanceOfSatisfying(ReservedPayment.Fresh.class, fresh -> {
            assertThat(fresh.cap()).isEqualTo(CAP);
            assertThat(fresh.offerIndex()).isZero();
            assertThat(ledger.payment(fresh.key()).orElseThrow().bodyDigest()).isEqualTo(BODY);
        });
        assertThat(reserve(payment)).isInstanceOfSatisfying(ReservedPayment.Used.class,
                used -> assertThat(used.payment().state()).isEqualTo(PaymentState.RESERVED));
    }

    @Test
    void sellsOneAnswerForFiftyParallelCopiesOfAPayment() throws Exception {
        PaymentPayload payment = pay(alice, 1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<ReservedPayment>> attempts = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                        try {
                            go.await();
                            return reserve(payment);
                        } catch (InterruptedException | PaymentRejectedException e) {
                            throw new AssertionError(e);
                        }
                    }, threads))
                    .toList();
            go.countDown();

            List<ReservedPayment> outcomes = attempts.stream().map(CompletableFuture::join).toList();
            assertThat(outcomes).filteredOn(ReservedPayment.Fresh.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(ReservedPayment.Used.class::isInstance).hasSize(49);
        }
    }

    @Test
    void takesAnOlderOfferThatIsStillHonoured() throws Exception {
        PaymentRequirements older = facilitator.offer(CAP.add(BigInteger.ONE));
        PaymentPayload payment = scheme.sign(alice, older, null, clock.instant(), BigInteger.ONE);

        assertThat(facilitator.reserve(payment, List.of(facilitator.offer(CAP), older), BODY))
                .isInstanceOfSatisfying(ReservedPayment.Fresh.class, fresh -> assertThat(fresh.offerIndex()).isEqualTo(1));
    }

    @Test
    void knowsAUsedPaymentThoughItsOfferAndDeadlineAreOver() throws Exception {
        PaymentPayload payment = pay(alice, 1);
        reserve(payment);
        clock.step(Duration.ofHours(2));

        assertThat(facilitator.reserve(payment, List.of(facilitator.offer(BigInteger.TEN)), BODY)).isInstanceOf(ReservedPayment.Used.class);
    }

    @Test
    void refusesAPaymentForAnotherOffer() throws Exception {
        PaymentPayload payment = scheme.sign(alice, facilitator.offer(BigInteger.TEN), null, clock.instant(), BigInteger.ONE);

        refused(payment, Kind.INVALID, "invalid_payment_requirements");
    }

    @Test
    void believesItsOwnOfferAndNotTheCopyInThePayment() throws Exception {
        PaymentPayload cheap = scheme.sign(alice, facilitator.offer(BigInteger.TEN), null, clock.instant(), BigInteger.ONE);
        PaymentPayload lie = new PaymentPayload(2, cheap.payload(), null, facilitator.offer(CAP), null);

        refused(lie, Kind.INVALID, "permit2_amount_mismatch");
    }

    @Test
    void writesNothingForASignatureThatIsNotThePayers() throws Exception {
        PaymentPayload good = pay(alice, 1);
        ObjectNode stolen = good.payload().deepCopy();
        ((ObjectNode) stolen.get("permit2Authorization")).put("from", bob.address().checksummed());

        refused(new PaymentPayload(2, stolen, null, good.accepted(), null), Kind.INVALID, "invalid_permit2_signature");

        assertThat(chain.questions).hasValue(0);
        assertThat(ledger.totals().unsettledCaps()).isZero();
        assertThat(reserve(pay(bob, 1))).isInstanceOf(ReservedPayment.Fresh.class);
    }

    @Test
    void refusesAPayloadWithoutTheSchemesForm() throws Exception {
        PaymentPayload good = pay(alice, 1);
        ObjectNode broken = good.payload().deepCopy();
        broken.remove("permit2Authorization");

        refused(new PaymentPayload(2, broken, null, good.accepted(), null), Kind.MALFORMED, "invalid_payload");
    }

    @Test
    void refusesAPaymentThatWouldLapseBeforeItIsSettled() throws Exception {
        PaymentPayload payment = pay(alice, 1);
        clock.step(Duration.ofSeconds(3001));

        refused(payment, Kind.INVALID, "permit2_deadline_expired");
    }

    @Test
    void refusesANonceThatTheChainHasSeen() throws Exception {
        chain.usedNonces.add(BigInteger.ONE);

        refused(pay(alice, 1), Kind.INVALID, "permit2_invalid_nonce");
    }

    @Test
    void refusesWhatThePayerCannotPay() throws Exception {
        chain.balance = CAP.subtract(BigInteger.ONE);
        refused(pay(alice, 1), Kind.INVALID, "permit2_insufficient_balance");
        chain.balance = CAP;
        chain.allowance = CAP.subtract(BigInteger.ONE);
        refused(pay(alice, 1), Kind.INVALID, "permit2_allowance_required");
        chain.allowance = CAP;
        assertThat(reserve(pay(alice, 1))).isInstanceOf(ReservedPayment.Fresh.class);
        refused(pay(alice, 2), Kind.INVALID, "permit2_insufficient_balance");
    }

    @Test
    void takesOffTheBalanceWhatWasSettledAfterItWasRead() throws Exception {
        chain.balance = CAP.add(BigInteger.valueOf(10));
        reserveAndSettle(1, 100);
        chain.down = true;

        refused(pay(alice, 2), Kind.INVALID, "permit2_insufficient_balance");
    }

    @Test
    void takesNoPaymentOnceTheTotalExposureIsReached() throws Exception {
        chain.balance = CAP.multiply(BigInteger.TEN);
        facilitator.checkOpen(CAP);
        for (int n = 1; n <= 4; n++) {
            reserve(pay(alice, n));
        }
        refused(pay(bob, 5), Kind.BACKLOG, "settlement_backlog");
        closed();

        ledger.release(key(pay(alice, 1)), "failed").join();
        facilitator.checkOpen(CAP);
        assertThat(reserve(pay(bob, 5))).isInstanceOf(ReservedPayment.Fresh.class);
    }

    @Test
    void goesOnForTenMinutesWithoutTheChainAndThenTakesNoMore() throws Exception {
        reserve(pay(alice, 1));
        chain.balance = CAP.multiply(BigInteger.TEN);
        chain.down = true;
        clock.step(Duration.ofMinutes(10));

        facilitator.checkOpen(CAP);
        assertThat(reserve(pay(alice, 2))).isInstanceOf(ReservedPayment.Fresh.class);
        // The reading of the first payment serves: two caps fill the balance it showed.
        refused(pay(alice, 3), Kind.INVALID, "permit2_insufficient_balance");
        refused(pay(bob, 4), Kind.BACKLOG, "settlement_backlog");

        clock.step(Duration.ofSeconds(1));
        closed();
        refused(pay(alice, 5), Kind.BACKLOG, "settlement_backlog");
    }

    @Test
    void opensAgainWhenTheChainComesBack() throws Exception {
        chain.down = true;
        closed();
        chain.down = false;
        clock.step(Duration.ofSeconds(6));

        facilitator.checkOpen(CAP);
        assertThat(reserve(pay(alice, 1))).isInstanceOf(ReservedPayment.Fresh.class);
    }

    @Test
    void saysThatTheChainWasSilentForLongOnlyIfItWas() throws Exception {
        chain.down = true;
        assertThatThrownBy(() -> facilitator.checkOpen(CAP)).hasMessageContaining("cannot be asked about payers now; try again in a minute");
        assertThatThrownBy(() -> reserve(pay(alice, 1))).hasMessageContaining("cannot be asked about this payer now; try again in a minute");
        clock.step(Duration.ofMinutes(10));
        assertThatThrownBy(() -> facilitator.checkOpen(CAP)).hasMessageContaining("has not answered for 10 minutes");
        assertThatThrownBy(() -> reserve(pay(alice, 1))).hasMessageContaining("has not answered for 10 minutes");

        chain.down = false;
        clock.step(Duration.ofSeconds(6));
        reserve(pay(alice, 1));
        chain.down = true;
        clock.step(Duration.ofHours(1));
        assertThatThrownBy(() -> facilitator.checkOpen(CAP)).as("nobody asked it for an hour").hasMessageContaining("cannot be asked");
    }

    @Test
    void waitsForAChainThatHangsNoLongerThanItsPatience() throws Exception {
        facilitator = patient(Duration.ofMillis(300));
        reserve(pay(alice, 1));
        chain.hang = new CountDownLatch(1);
        clock.step(Duration.ofSeconds(20));

        assertThat(reserve(pay(alice, 2))).isInstanceOf(ReservedPayment.Fresh.class);
        clock.step(Duration.ofMinutes(10));
        assertThatThrownBy(() -> facilitator.checkOpen(CAP)).hasMessageContaining("has not answered for 10 minutes");
    }

    /** Whoever waited would wait for an hour. */
    @Test
    @Timeout(120)
    void nobodyWaitsForAChainThatHasJustFailed() throws Exception {
        facilitator = patient(Duration.ofHours(1));
        reserve(pay(alice, 1));
        clock.step(Duration.ofSeconds(20));
        chain.down = true;
        assertThat(reserve(pay(alice, 2))).isInstanceOf(ReservedPayment.Fresh.class);
        chain.hang = new CountDownLatch(1);

        for (int n = 3; n <= 4; n++) {
            refused(pay(alice, n), Kind.INVALID, "permit2_insufficient_balance");
            refused(pay(bob, n), Kind.BACKLOG, "settlement_backlog");
        }
        clock.step(Duration.ofSeconds(6));
        refused(pay(alice, 5), Kind.INVALID, "permit2_insufficient_balance");
    }

    @Test
    void asksTheChainOnceForParallelCopies() throws Exception {
        facilitator = patient(Duration.ofMillis(300));
        chain.hang = new CountDownLatch(1);
        PaymentPayload payment = pay(alice, 1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                threads.submit(() -> reserve(payment));
            }
        }
        Eventually.holds(Duration.ofSeconds(60), "the chain is asked", () -> chain.questions.get() > 0);
        assertThat(chain.questions).hasValue(1);
    }

    @Test
    void namesItsSchemeNetworkAndSignerAsSupported() {
        assertThat(facilitator.supported().toString()).isEqualTo("{\"kinds\":[{\"x402Version\":2,\"scheme\":\"upto\",\"network\":\"eip155:84532\","
                + "\"extra\":{\"facilitatorAddress\":\"0x70997970C51812dc3A010C7d01b50e0d17dc79C8\"}}],\"extensions\":[],"
                + "\"signers\":{\"eip155:*\":[\"0x70997970C51812dc3A010C7d01b50e0d17dc79C8\"]}}");
    }

    @Test
    void supportsWhatARealFacilitatorWasSeenToSupport() {
        var observed = X402Vectors.observed("observed-supported.json");

        assertThat(facilitator.supported().get("kinds").get(0)).isEqualTo(observed.get("kinds").get(1));
        assertThat(facilitator.supported().get("signers")).isEqualTo(observed.get("signers"));
    }

    @Test
    void refusesTermsThatNoPaymentCouldMeet() {
        assertThatThrownBy(() -> new PaymentTerms(TOKEN, "a", "1", OPERATOR, OPERATOR, Duration.ofSeconds(60), Duration.ofSeconds(60), CAP))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PaymentTerms.of(TOKEN, "a", "1", OPERATOR, OPERATOR, BigInteger.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    private void reserveAndSettle(long n, long amount) throws Exception {
        PaymentPayload payment = pay(alice, n);
        reserve(payment);
        ReceiptId id = ReceiptId.of(ByteBuffer.allocate(16).putLong(n).array());
        ledger.commit(new ReceiptCommit(Optional.of(key(payment)), BigInteger.valueOf(amount), id, new byte[1], new byte[33])).join();
        ledger.transition(key(payment), PaymentState.CHARGED, PaymentState.SETTLING, Optional.of("0x1"), Optional.empty()).join();
        ledger.transition(key(payment), PaymentState.SETTLING, PaymentState.SETTLED, Optional.of("0x1"), Optional.empty()).join();
    }

    private PaymentKey key(PaymentPayload payment) throws SchemeException {
        var authorization = scheme.parse(payment.payload());
        return new PaymentKey(84532, authorization.payer(), authorization.nonce());
    }

    private ReservedPayment reserve(PaymentPayload payment) throws PaymentRejectedException {
        return facilitator.reserve(payment, List.of(facilitator.offer(CAP)), BODY);
    }

    private PaymentPayload pay(Secp256k1KeyPair wallet, long nonce) throws SchemeException {
        return scheme.sign(wallet, facilitator.offer(CAP), null, clock.instant(), BigInteger.valueOf(nonce));
    }

    private void refused(PaymentPayload payment, Kind kind, String code) {
        assertThatThrownBy(() -> reserve(payment)).isInstanceOfSatisfying(PaymentRejectedException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.getMessage()).isNotBlank();
        });
    }

    private void closed() {
        assertThatThrownBy(() -> facilitator.checkOpen(CAP)).isInstanceOfSatisfying(PaymentRejectedException.class, e -> {
            assertThat(e.code()).isEqualTo("settlement_backlog");
            assertThat(e.kind()).isEqualTo(Kind.BACKLOG);
        });
    }

    private static Secp256k1KeyPair wallet(int n) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) n);
        return Secp256k1KeyPair.of(secret);
    }
}
