package dev.candor.settlement.scheme;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.InvalidSignatureException;
import dev.candor.attestation.crypto.Secp256k1;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.ResourceInfo;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * The x402 scheme {@code upto} over Permit2: the payer signs a cap, the facilitator named in the signature settles what was
 * used, once. Accounts sign with their own key (65 bytes); contract accounts are not served. Thread-safe.
 */
public final class UptoPermit2Scheme {
    /** The scheme's name in offers. */
    public static final String NAME = "upto";

    /** {@code extra.assetTransferMethod} of its offers. */
    public static final String TRANSFER_METHOD = "permit2";

    /** An authorization that lapses earlier than so many seconds from now is not taken, as by the reference facilitator. */
    public static final long MIN_SECONDS_LEFT = 6;

    private static final int NONCE_BITS = 256;

    private final long chainId;
    private final EvmAddress proxy;
    private final UptoTypedData typedData;

    /**
     * @param permit2 the Permit2 contract, part of what is signed
     * @param proxy   x402's upto proxy, the spender that payers name
     */
    public UptoPermit2Scheme(long chainId, EvmAddress permit2, EvmAddress proxy) {
        this.chainId = chainId;
        this.proxy = proxy;
        this.typedData = new UptoTypedData(chainId, permit2);
    }

    /** The CAIP-2 name of the chain. */
    public String network() {
        return "eip155:" + chainId;
    }

    public long chainId() {
        return chainId;
    }

    /** A nonce to sign with: 256 random bits, since Permit2 takes nonces in any order. */
    public static BigInteger randomNonce(SecureRandom random) {
        return new BigInteger(NONCE_BITS, random);
    }

    /**
     * Signs a payment for an offer; good from now until {@code maxTimeoutSeconds} from now.
     *
     * @param resource what the offer was for, echoed; may be null
     * @throws SchemeException if the offer is not one of this scheme and chain
     */
    public PaymentPayload sign(
            Secp256k1KeyPair wallet, PaymentRequirements offer, ResourceInfo resource, Instant now, BigInteger nonce)
            throws SchemeException {
        return sign(PaymentSigner.of(wallet), offer, resource, now, nonce);
    }

    /** As the other, by whatever signs for the account. */
    public PaymentPayload sign(PaymentSigner wallet, PaymentRequirements offer, ResourceInfo resource, Instant now, BigInteger nonce)
            throws SchemeException {
        UptoOffer terms = UptoOffer.read(offer, network());
        UptoAuthorization unsigned = new UptoAuthorization(
                wallet.address(),
                terms.asset(),
                terms.cap(),
                proxy,
                nonce,
                BigInteger.valueOf(now.getEpochSecond()).add(BigInteger.valueOf(offer.maxTimeoutSeconds())),
                terms.payTo(),
                terms.facilitator(),
                BigInteger.ZERO,
                new byte[0]);
        UptoAuthorization signed = withSignature(unsigned, wallet.sign(typedData.digest(unsigned)));
        return new PaymentPayload(X402Codec.VERSION, UptoPayloadJson.write(signed), resource, offer, null);
    }

    /**
     * Reads the scheme's part of a payment, checking its form alone.
     *
     * @throws SchemeException malformed, with the member that is
     */
    public UptoAuthorization parse(JsonNode payload) throws SchemeException {
        return UptoPayloadJson.read(payload);
    }

    /**
     * Checks a payment against the node's own offer, never against the copy that the payer sent, in the order of the
     * reference facilitator and with its reason codes. The chain is not asked.
     */
    public UptoAuthorization verify(PaymentPayload payment, PaymentRequirements offer, Instant now) throws SchemeException {
        UptoOffer terms = UptoOffer.read(offer, network());
        require(NAME.equals(payment.accepted().scheme()), "invalid_upto_evm_scheme", "the payment's scheme is not upto");
        require(network().equals(payment.accepted().network()),
                "invalid_upto_evm_network_mismatch", "the payment is not for " + network());
        UptoAuthorization authorization = parse(payment.payload());
        require(authorization.spender().equals(proxy), "invalid_permit2_spender", "the spender is not the upto proxy " + proxy);
        require(authorization.to().equals(terms.payTo()),
                "invalid_permit2_recipient_mismatch", "witness.to is not " + offer.payTo());
        require(authorization.facilitator().equals(terms.facilitator()),
                "upto_facilitator_mismatch", "witness.facilitator is not " + terms.facilitator().checksummed());
        BigInteger seconds = BigInteger.valueOf(now.getEpochSecond());
        require(authorization.deadline().compareTo(seconds.add(BigInteger.valueOf(MIN_SECONDS_LEFT))) >= 0,
                "permit2_deadline_expired", "the deadline " + authorization.deadline() + " is over or too near");
        require(authorization.validAfter().compareTo(seconds) <= 0,
                "permit2_not_yet_valid", "the payment is good only after " + authorization.validAfter());
        require(authorization.cap().equals(terms.cap()),
                "permit2_amount_mismatch", "the permitted amount is " + authorization.cap() + ", the offer asks " + offer.amount());
        require(authorization.token().equals(terms.asset()),
                "permit2_token_mismatch", "the permitted token is not " + offer.asset());
        requireSignature(authorization);
        return authorization;
    }

    /**
     * The call data by which the facilitator settles {@code amount} of an authorization at the upto proxy.
     *
     * @throws IllegalArgumentException if {@code amount} is zero, which the proxy refuses, or over the cap
     */
    public byte[] settleCalldata(UptoAuthorization authorization, BigInteger amount) {
        if (amount.signum() <= 0 || amount.compareTo(authorization.cap()) > 0) {
            throw new IllegalArgumentException("an amount of " + amount + " is not in 1 .. " + authorization.cap());
        }
        return UptoSettleCall.encode(authorization, amount);
    }

    private void requireSignature(UptoAuthorization authorization) throws SchemeException {
        EvmAddress signer;
        try {
            signer = Secp256k1.get().recover(typedData.digest(authorization), authorization.signature());
        } catch (InvalidSignatureException e) {
            throw SchemeException.invalid("invalid_permit2_signature", e.getMessage());
        }
        require(signer.equals(authorization.payer()),
                "invalid_permit2_signature", "the signature is not one of " + authorization.payer().checksummed() + " over these terms");
    }

    private static UptoAuthorization withSignature(UptoAuthorization unsigned, byte[] signature) {
        return new UptoAuthorization(unsigned.payer(), unsigned.token(), unsigned.cap(), unsigned.spender(), unsigned.nonce(),
                unsigned.deadline(), unsigned.to(), unsigned.facilitator(), unsigned.validAfter(), signature);
    }

    private static void require(boolean holds, String code, String message) throws SchemeException {
        if (!holds) {
            throw SchemeException.invalid(code, message);
        }
    }
}
