package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.generated.Uint256;

/**
 * The settlement of one x402 {@code upto} payment over Permit2: what the payer signed, and how much of it to move.
 *
 * @param token       contract of the token
 * @param cap         atomic units that were signed
 * @param nonce       Permit2 nonce
 * @param deadline    second since 1970 after which Permit2 refuses
 * @param amount      atomic units to move, from 1 to {@code cap}
 * @param payer       owner of the tokens and signer
 * @param payTo       who is paid
 * @param facilitator the only account that may send the settlement
 * @param validAfter  second since 1970 before which the proxy refuses
 * @param signature   the payer's EIP-712 signature
 */
public record UptoSettlement(
        EvmAddress token,
        BigInteger cap,
        BigInteger nonce,
        BigInteger deadline,
        BigInteger amount,
        EvmAddress payer,
        EvmAddress payTo,
        EvmAddress facilitator,
        BigInteger validAfter,
        byte[] signature) {
    /** The call {@code settle(permit, amount, owner, witness, signature)} of the proxy (selector 0xff11e7b4), as hexadecimal text. */
    public String call() {
        StaticStruct permit = new StaticStruct(
                new StaticStruct(new Address(token.value()), new Uint256(cap)), new Uint256(nonce), new Uint256(deadline));
        StaticStruct witness = new StaticStruct(
                new Address(payTo.value()), new Address(facilitator.value()), new Uint256(validAfter));
        return FunctionEncoder.encode(new Function(
                "settle",
                List.of(permit, new Uint256(amount), new Address(payer.value()), witness, new DynamicBytes(signature)),
                List.of()));
    }
}
