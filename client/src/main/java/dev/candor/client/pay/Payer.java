package dev.candor.client.pay;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.scheme.PaymentSigner;
import dev.candor.settlement.scheme.SchemeException;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequired;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402FormatException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;

/** Signs x402 {@code upto} payments from one wallet, within a budget and in OPG. Thread-safe. */
public final class Payer {
    private static final String EVM = "eip155:";

    private final PaymentSigner wallet;
    private final PayableTokens tokens;
    private final SpendingBudget budget;
    private final X402Codec codec;
    private final Clock clock;
    private final SecureRandom random;
    private final ObjectMapper json = new ObjectMapper();

    /** Pays in the {@link PayableTokens#standard() standard} tokens. */
    public Payer(Secp256k1KeyPair wallet, SpendingBudget budget, X402Codec codec, Clock clock, SecureRandom random) {
        this(PaymentSigner.of(wallet), PayableTokens.standard(), budget, codec, clock, random);
    }

    public Payer(PaymentSigner wallet, PayableTokens tokens, SpendingBudget budget, X402Codec codec, Clock clock, SecureRandom random) {
        this.wallet = wallet;
        this.tokens = tokens;
        this.budget = budget;
        this.codec = codec;
        this.clock = clock;
        this.random = random;
    }

    /** The account that pays. */
    public EvmAddress address() {
        return wallet.address();
    }

    /**
     * Signs the first offer that can be paid, and sets its cap aside in the budget.
     *
     * @param host   host and port of the node, for the limit that it has
     * @param header value of {@code PAYMENT-REQUIRED}
     */
    public SignedPayment pay(String host, String header) throws PaymentException, SpendingLimitException {
        try {
            PaymentRequired required = codec.decodeRequired(header);
            PaymentRequirements offer = choose(required);
            BigInteger cap = new BigInteger(offer.amount());
            budget.reserve(host, cap);
            PaymentPayload payload = sign(offer, required);
            return new SignedPayment(codec.encode(payload), json.readTree(codec.toJson(payload)), host, cap);
        } catch (IOException e) {
            throw new PaymentException("cannot keep count of what is spent: " + e.getMessage(), e);
        } catch (X402FormatException | SchemeException | IllegalArgumentException e) {
            throw new PaymentException("the node's offer cannot be read: " + e.getMessage(), e);
        }
    }

    private PaymentPayload sign(PaymentRequirements offer, PaymentRequired required) throws SchemeException, PaymentException {
        UptoPermit2Scheme scheme = scheme(offer);
        PaymentPayload payload = scheme.sign(wallet, offer, required.resource(), clock.instant(), UptoPermit2Scheme.randomNonce(random));
        try {
            scheme.verify(payload, offer, clock.instant());
            return payload;
        } catch (SchemeException e) {
            throw new PaymentException("the payment that the wallet " + wallet.address() + " signed does not hold: " + e.getMessage(), e);
        }
    }

    /** Corrects the budget once the charge is known. */
    public void charged(SignedPayment payment, BigInteger charged) throws PaymentException {
        try {
            budget.charge(payment.host(), payment.cap(), charged);
        } catch (IOException e) {
            throw new PaymentException("cannot keep count of what is spent: " + e.getMessage(), e);
        }
    }

    private PaymentRequirements choose(PaymentRequired required) throws PaymentException {
        for (PaymentRequirements offer : required.accepts()) {
            if (offer.scheme().equals(UptoPermit2Scheme.NAME) && offer.network().startsWith(EVM) && tokens.accepts(chainId(offer), offer.asset())) {
                return offer;
            }
        }
        throw new PaymentException("none of the node's offers can be paid: this wallet pays by scheme \"upto\" in OPG only, on the"
                + " chains whose OPG this version or the wallet's home (contracts/addresses) knows, and on the development chains 1337 and 31337");
    }

    private static UptoPermit2Scheme scheme(PaymentRequirements offer) {
        return new UptoPermit2Scheme(chainId(offer), ContractAddresses.PERMIT2, ContractAddresses.UPTO_PROXY);
    }

    private static long chainId(PaymentRequirements offer) {
        return Long.parseLong(offer.network().substring(EVM.length()));
    }
}
