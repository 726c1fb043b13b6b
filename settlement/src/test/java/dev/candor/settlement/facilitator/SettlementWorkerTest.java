package dev.candor.settlement.facilitator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.ChainRpcException;
import dev.candor.settlement.chain.ChainUnreachableException;
import dev.candor.settlement.chain.ChildJvm;
import dev.candor.settlement.chain.Eventually;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.OutboxState;
import dev.candor.settlement.chain.PayerChainReader;
import dev.candor.settlement.chain.PayerFunds;
import dev.candor.settlement.chain.PayerReader;
import dev.candor.settlement.chain.TestChain;
import dev.candor.settlement.chain.TestOffers;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.ledger.PaymentKey;
import dev.candor.settlement.ledger.PaymentState;
import dev.candor.settlement.ledger.ReceiptCommit;
import dev.candor.settlement.ledger.Reservation;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.UptoAuthorization;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SettlementWorkerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final BigInteger PLENTY = BigInteger.TEN.pow(30);

    @TempDir
    Path home;

    private TestChain chain;
    private SqlDatabase database;
    private SqlLedger ledger;
    private UptoPermit2Scheme scheme;
    private Outbox outbox;
    private PayerReader payers;
    private SettlementWorker worker;

    @BeforeEach
    void start() throws Exception {
        chain = TestChain.start(home);
        scheme = new UptoPermit2Scheme(31337, chain.addresses().permit2(), chain.addresses().uptoProxy());
        open();
    }

    private void open() {
        database = SqlDatabase.open(home.resolve("ledger.db"));
        ledger = new SqlLedger(database, Clock.systemUTC());
        ChainClient client = new ChainClient(chain.chain().rpc(), Duration.ofSeconds(2));
        outbox = Outbox.start(database, client, 31337, TestChain.OPERATOR, TestChain.hurried(), Clock.systemUTC());
        chain.hurryWhile(outbox::hasUnconfirmed);
        payers = new PayerChainReader(client, chain.addresses(), Clock.systemUTC());
        worker(payers, Clock.systemUTC());
    }

    private SettlementWorker worker(PayerReader reader, Clock clock) {
        ChainClient client = new ChainClient(chain.chain().rpc(), Duration.ofSeconds(2));
        worker = new SettlementWorker(ledger, outbox, client, scheme, chain.addresses(), reader, clock);
        return worker;
    }

    private void shut() {
        worker.close();
        outbox.close();
        ledger.close();
    }

    @AfterEach
    void stop() {
        shut();
        chain.close();
    }

    private PaymentKey charged(String walletKey, long nonce, long cap, long amount, Instant signedAt) throws Exception {
        Secp256k1KeyPair wallet = Secp256k1KeyPair.of(HexFormat.of().parseHex(walletKey));
        PaymentPayload payload = scheme.sign(wallet, TestOffers.offer(chain, cap), null, signedAt, BigInteger.valueOf(nonce));
        PaymentKey key = new PaymentKey(31337, wallet.address(), BigInteger.valueOf(nonce));
        Reservation reservation = new Reservation(
                key, BigInteger.valueOf(cap), signedAt.plusSeconds(3600), Digest.sha256(new byte[0]), new X402Codec().toJson(payload));
        SqlDatabase.await(ledger.reserve(reservation, PLENTY, PLENTY));
        ReceiptId receipt = new ReceiptId("rcpt_" + Digest.sha256(key.id().getBytes()).hex().substring(0, 32));
        SqlDatabase.await(ledger.commit(new ReceiptCommit(
                Optional.of(key), BigInteger.valueOf(amount), receipt, new byte[] {1}, new byte[] {1, (byte) nonce})));
        return key;
    }

    private PaymentKey charged(long nonce, long amount) throws Exception {
        return charged("22".repeat(32), nonce, 1_000_000, amount, Instant.now());
    }

    private Payment payment(PaymentKey key) {
        return ledger.payment(key).orElseThrow();
    }

    private void awaitState(PaymentKey key, PaymentState state) throws Exception {
        Eventually.holds(LIMIT, "payment is " + state, () -> payment(key).state() == state);
    }

    @Test
    void whatWasChargedIsMovedAndNoMore() throws Exception {
        PaymentKey first = charged(1, 123);
        PaymentKey second = charged(2, 77);
        PaymentKey nothing = charged(3, 0);
        worker.start(POLL);
        awaitState(first, PaymentState.SETTLED);
        awaitState(second, PaymentState.SETTLED);
        awaitState(nothing, PaymentState.SETTLED);
        assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(200);
        assertThat(payment(nothing).transaction()).isEmpty();
        String transaction = payment(first).transaction().orElseThrow();
        assertThat(chain.client().result(transaction).orElseThrow().succeeded()).isTrue();
    }

    @Test
    void paymentsWaitWhileTheChainIsDownAndTheOldestDeadlineIsSettledFirst() throws Exception {
        chain.stop();
        Instant now = Instant.now();
        List<PaymentKey> keys = new ArrayList<>();
        for (long n = 1; n <= 5; n++) {
            keys.addFirst(charged("22".repeat(32), n, 1000, n, now.minusSeconds(10 * n)));
            assertThatThrownBy(worker::round).isInstanceOf(ChainUnreachableException.class);
            assertThat(payment(keys.getFirst()).state()).isEqualTo(PaymentState.CHARGED);
        }
        worker.start(POLL);
        chain.startAgain();
        chain.hurryWhile(outbox::hasUnconfirmed);
        for (PaymentKey key : keys) {
            awaitState(key, PaymentState.SETTLED);
        }
        assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(15);
        assertThat(keys).isSortedAccordingTo(Comparator.comparingLong(this::nonceOfSettlement));
    }

    private long nonceOfSettlement(PaymentKey key) {
        return outbox.find("settle:" + key.id() + ":0").orElseThrow().nonce().orElseThrow();
    }

    @Test
    void aRestartGoesOnWhereItWas() throws Exception {
        PaymentKey key = charged(1, 5);
        worker.start(POLL);
        Eventually.holds(LIMIT, "it is begun", () -> payment(key).state() != PaymentState.CHARGED);
        shut();
        open();
        worker.start(POLL);
        awaitState(key, PaymentState.SETTLED);
        assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(5);
    }

    @Test
    void aPaymentThatTheOutboxForgotButTheChainHasIsFoundThere() throws Exception {
        Instant signedAt = Instant.now();
        PaymentKey key = charged("22".repeat(32), 1, 1000, 5, signedAt);
        worker.start(POLL);
        awaitState(key, PaymentState.SETTLED);
        String transaction = payment(key).transaction().orElseThrow();
        shut();
        Files.delete(home.resolve("ledger.db"));
        Files.deleteIfExists(home.resolve("ledger.db-wal"));
        Files.deleteIfExists(home.resolve("ledger.db-shm"));
        open();
        PaymentKey again = charged("22".repeat(32), 1, 1000, 5, signedAt);
        worker.start(POLL);
        awaitState(again, PaymentState.SETTLED);
        assertThat(payment(again).transaction()).contains(transaction);
        assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(5);
    }

    @Test
    void aProcessKilledAtAnyPointSettlesEachPaymentOnce() throws Exception {
        List<PaymentKey> keys = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            keys.add(charged(i, i));
        }
        shut();
        chain.hurryWhile(() -> true);
        Random random = new Random(5);
        for (int kill = 0; kill < 4; kill++) {
            Path up = home.resolve("up" + kill);
            Process child = ChildJvm.start(
                    SettlementCrashMain.class, home.resolve("child.log"), home.resolve("ledger.db").toString(),
                    chain.chain().rpc().toString(), chain.addresses().json(), up.toString());
            Eventually.holds(Duration.ofSeconds(60), "the child settles", () -> Files.exists(up));
            child.waitFor(random.nextInt(1_500), TimeUnit.MILLISECONDS);
            child.destroyForcibly().waitFor();
        }
        open();
        worker.start(POLL);
        for (PaymentKey key : keys) {
            awaitState(key, PaymentState.SETTLED);
        }
        assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(78);
    }

    @Test
    void aPaymentThatTheOutboxHasIsNotWrittenOffThoughItsDeadlineIsOver() throws Exception {
        PaymentKey key = charged(1, 5);
        UptoAuthorization signed = scheme.parse(new X402Codec().payloadFromJson(payment(key).payloadJson()).payload());
        String call = "0x" + HexFormat.of().formatHex(scheme.settleCalldata(signed, BigInteger.valueOf(5)));
        String entry = "settle:" + key.id() + ":0";
        outbox.submit(entry, signed.spender(), call);
        Eventually.holds(LIMIT, "it is sent", () -> outbox.find(entry).orElseThrow().state() != OutboxState.QUEUED);
        worker(payers, Clock.offset(Clock.systemUTC(), Duration.ofHours(2))).start(POLL);
        awaitState(key, PaymentState.SETTLED);
        assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(5);
    }

    @Test
    void aPaymentThatTheChainRefusesToTellOfHoldsUpNoOther() throws Exception {
        PaymentKey silent = charged("33".repeat(32), 1, 1000, 5, Instant.now().minusSeconds(60));
        PaymentKey good = charged(2, 7);
        PayerReader refusing = new PayerReader() {
            @Override
            public PayerFunds funds(EvmAddress payer) throws ChainException {
                return payers.funds(payer);
            }

            @Override
            public boolean nonceUsed(EvmAddress owner, BigInteger nonce) throws ChainException {
                if (owner.equals(silent.payer())) {
                    throw new ChainRpcException(-32005, "query returned more than 10000 results", "");
                }
                return payers.nonceUsed(owner, nonce);
            }
        };
        worker(refusing, Clock.systemUTC()).start(POLL);
        awaitState(good, PaymentState.SETTLED);
        assertThat(payment(silent).state()).isEqualTo(PaymentState.SETTLING);
    }

    @Test
    @Timeout(240)
    void aSettlementThatAChainTookBackAfterItsConfirmationsIsDoneAgainAndOnce() throws Exception {
        Clock clock = new FastClock(20);
        ledger = new SqlLedger(database, clock);
        PaymentKey key = charged(1, 5);
        worker(payers, clock).start(POLL);
        awaitState(key, PaymentState.SETTLED);
        String first = payment(key).transaction().orElseThrow();
        long block = chain.client().result(first).orElseThrow().blockNumber();
        chain.reorganise(Math.toIntExact(chain.client().blockNumber() - block + 1));
        assertThat(chain.opg(TestChain.STRANGER)).isZero();
        Eventually.holds(Duration.ofSeconds(60), "it is settled by another transaction", () ->
                payment(key).state() == PaymentState.SETTLED && !payment(key).transaction().orElseThrow().equals(first));
        assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(5);
    }

    @Test
    void aLapsedPaymentIsWrittenOff() throws Exception {
        PaymentKey key = charged("22".repeat(32), 1, 1000, 5, Instant.now().minusSeconds(4000));
        worker.start(POLL);
        awaitState(key, PaymentState.WRITTEN_OFF);
        assertThat(payment(key).detail().orElse("")).contains("lapsed");
    }

    @Test
    void aPaymentThatLapsesBeforeItWasSentIsWrittenOffAndNeverSent() throws Exception {
        outbox.close();
        PaymentKey key = charged(1, 5);
        worker.round();
        assertThat(payment(key).state()).isEqualTo(PaymentState.SETTLING);
        SettlementWorker late = worker(payers, Clock.offset(Clock.systemUTC(), Duration.ofHours(2)));
        late.round();
        assertThat(payment(key).state()).isEqualTo(PaymentState.WRITTEN_OFF);
        assertThat(outbox.find("settle:" + key.id() + ":0").orElseThrow().state()).isEqualTo(OutboxState.REFUSED);
    }

    @Test
    void aNodeKilledBetweenWithdrawingAndWritingOffWritesOff() throws Exception {
        outbox.close();
        PaymentKey key = charged(1, 5);
        worker.round();
        assertThat(outbox.withdraw("settle:" + key.id() + ":0")).isTrue();
        worker(payers, Clock.offset(Clock.systemUTC(), Duration.ofHours(2))).round();
        assertThat(payment(key).state()).isEqualTo(PaymentState.WRITTEN_OFF);
        assertThat(payment(key).detail().orElse("")).contains("lapsed");
    }

    @Test
    void aPaymentWhoseNonceThePayerUsedUpIsWrittenOff() throws Exception {
        PaymentKey key = charged(1, 5);
        PaymentKey thief = charged("22".repeat(32), 257, 1000, 5, Instant.now());
        chain.invalidateNonces(BigInteger.ZERO, BigInteger.TWO);
        worker.start(POLL);
        awaitState(key, PaymentState.WRITTEN_OFF);
        awaitState(thief, PaymentState.SETTLED);
        assertThat(payment(key).detail().orElse("")).contains("used the authorization's nonce up");
    }

    @Test
    void aPayerWithoutMoneyIsTriedAgain() throws Exception {
        PaymentKey key = charged("33".repeat(32), 1, 1000, 5, Instant.now());
        worker.start(POLL);
        Eventually.holds(LIMIT, "it is due again", () -> payment(key).state() == PaymentState.CHARGED
                && payment(key).detail().orElse("").contains("TRANSFER_FROM_FAILED"));
    }
}
