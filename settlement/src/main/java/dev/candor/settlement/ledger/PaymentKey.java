package dev.candor.settlement.ledger;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * What makes a Permit2 authorization unique: one key buys one request.
 *
 * @param chainId EIP-155 chain id
 * @param payer   owner of the tokens
 * @param nonce   Permit2 nonce, unsigned 256 bits
 */
public record PaymentKey(long chainId, EvmAddress payer, BigInteger nonce) {
    /** The payment's public identifier: {@code pay_} and the first 32 hexadecimal digits of a SHA-256 over the key. */
    public String id() {
        String text = "candor payment v1\neip155:" + chainId + "\n" + payer + "\n" + nonce;
        return "pay_" + Digest.sha256(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    }
}
