package dev.candor.settlement.facilitator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.PaymentRequired;
import dev.candor.settlement.x402.ResourceInfo;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The payer's retry must meet the very offer it signed, so an offer depends on tokens and prices alone. */
class OfferDeterminismTest {
    private static final String MODEL = "candor/m@1";
    private static final EvmAddress ANY = EvmAddress.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

    private final X402Codec codec = new X402Codec();
    private final SteppingClock clock = new SteppingClock();
    private final StubChain chain = new StubChain(clock);
    private final UptoPermit2Scheme scheme = new UptoPermit2Scheme(31337, ANY, ANY);
    @TempDir
    private Path folder;
    private SqlLedger ledger;
    private PriceBook prices;
    private LocalFacilitator facilitator;

    @BeforeEach
    void start() {
        ledger = new SqlLedger(SqlDatabase.open(folder.resolve("ledger.db")), clock);
        prices = new PriceBook(clock);
        prices.set(MODEL, new Price(BigInteger.TEN, BigInteger.valueOf(40)));
        PaymentTerms terms = PaymentTerms.of(ANY, "OpenGradient", "1", ANY, ANY, BigInteger.TEN.pow(30));
        facilitator = new LocalFacilitator(scheme, terms, ledger, chain, clock);
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    void neitherTimeNorPayersNorTheChainNorARestartChangesAnOffer() throws Exception {
        String before = offers(7, 100).getFirst();
        clock.step(Duration.ofHours(3));
        pay(1, 7, 100);
        chain.down = true;
        chain.balance = BigInteger.ZERO;
        assertThat(offers(7, 100)).containsExactly(before);

        ledger.close();
        start();
        assertThat(offers(7, 100)).containsExactly(before);
    }

    @Test
    void tokensAndPricesDoChangeIt() {
        String before = offers(7, 100).getFirst();

        assertThat(offers(8, 100)).doesNotContain(before);
        assertThat(offers(7, 101)).doesNotContain(before);
        prices.set(MODEL, new Price(BigInteger.TWO, BigInteger.TWO));
        assertThat(offers(7, 100)).hasSize(2).element(1).isEqualTo(before);
        clock.step(PriceBook.GRACE);
        assertThat(offers(7, 100)).hasSize(1).doesNotContain(before);
    }

    @Test
    void aPaymentForAnyOfferIsTakenOnTheRetryThatComputesItAgain() throws Exception {
        Random random = new Random(5);
        chain.balance = BigInteger.TEN.pow(29);
        for (int nonce = 1; nonce <= 40; nonce++) {
            int prompt = 1 + random.nextInt(5_000);
            int max = 1 + random.nextInt(5_000);
            assertThat(pay(nonce, prompt, max)).isInstanceOf(ReservedPayment.Fresh.class);
        }
    }

    private ReservedPayment pay(long nonce, int prompt, int max) throws Exception {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 9);
        PaymentRequirements echoed = codec.decodeRequired(offers(prompt, max).getFirst()).accepts().getFirst();
        PaymentPayload payment =
                scheme.sign(Secp256k1KeyPair.of(secret), echoed, null, clock.instant(), BigInteger.valueOf(nonce));
        return facilitator.reserve(codec.decodePayload(codec.encode(payment)), requirements(prompt, max), Digest.sha256());
    }

    private List<String> offers(int prompt, int max) {
        ResourceInfo resource = new ResourceInfo("http://localhost/v1/chat/completions", "", "application/json");
        return requirements(prompt, max).stream()
                .map(offer -> codec.encode(new PaymentRequired(X402Codec.VERSION, "Payment required", resource, List.of(offer))))
                .toList();
    }

    private List<PaymentRequirements> requirements(int prompt, int max) {
        return prices.honoured(MODEL).stream().map(price -> facilitator.offer(price.amount(prompt, max))).toList();
    }
}
