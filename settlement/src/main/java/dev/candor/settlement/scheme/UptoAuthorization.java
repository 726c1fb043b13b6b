package dev.candor.settlement.scheme;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;

/**
 * A payer's signed leave to move up to {@code cap} tokens once (Permit2 {@code PermitWitnessTransferFrom} with x402's witness).
 * Numbers are unsigned 256-bit; times are seconds since 1970.
 *
 * @param payer       owner of the tokens, who signed
 * @param token       the token's contract
 * @param cap         atomic units
 * @param spender     the contract that may call Permit2: x402's upto proxy
 * @param nonce       Permit2's unordered nonce
 * @param deadline    the last second at which Permit2 takes it
 * @param to          who is paid
 * @param facilitator the one account that may settle
 * @param validAfter  the first second at which the proxy takes it
 * @param signature   65 bytes {@code r || s || v}
 */
public record UptoAuthorization(
        EvmAddress payer,
        EvmAddress token,
        BigInteger cap,
        EvmAddress spender,
        BigInteger nonce,
        BigInteger deadline,
        EvmAddress to,
        EvmAddress facilitator,
        BigInteger validAfter,
        byte[] signature) {
    private static final BigInteger LAST_SECOND = BigInteger.valueOf(253_402_300_799L);

    public UptoAuthorization {
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /** The deadline as an instant; one after the year 9999 becomes its last second. */
    public Instant lapses() {
        return Instant.ofEpochSecond(deadline.min(LAST_SECOND).longValueExact());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UptoAuthorization that
                && payer.equals(that.payer)
                && token.equals(that.token)
                && cap.equals(that.cap)
                && spender.equals(that.spender)
                && nonce.equals(that.nonce)
                && deadline.equals(that.deadline)
                && to.equals(that.to)
                && facilitator.equals(that.facilitator)
                && validAfter.equals(that.validAfter)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * payer.hashCode() + nonce.hashCode();
    }
}
