package dev.candor.attestation.receipt;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;

/**
 * How the inference was paid. Amounts are atomic units of {@code asset}.
 *
 * @param scheme      the x402 scheme, {@code upto}
 * @param network     CAIP-2, for example {@code eip155:31337}
 * @param cap         what the payer signed at most
 * @param charged     what the inference costs: {@code inputPrice * promptTokens + outputPrice * completionTokens}, at most {@code cap}
 * @param nonce       the Permit2 nonce of the authorization
 * @param inputPrice  per prompt token
 * @param outputPrice per completion token
 */
public record PaymentBinding(
        String scheme,
        String network,
        EvmAddress asset,
        EvmAddress payer,
        EvmAddress payTo,
        BigInteger cap,
        BigInteger charged,
        BigInteger nonce,
        BigInteger inputPrice,
        BigInteger outputPrice) {}
