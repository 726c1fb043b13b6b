package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;

/**
 * A transaction that the chain can be given as often as one likes: it counts once.
 *
 * @param hash {@code 0x} and 64 hexadecimal digits, known before it is sent
 * @param raw  the wire form (EIP-2718), {@code 0x} and hexadecimal digits
 */
record SignedTransaction(String hash, String raw, long nonce, Fees fees) {
    static SignedTransaction sign(
            ChainAccount account, long chainId, long nonce, EvmAddress to, String data, BigInteger gas, Fees fees) {
        return sign(account, chainId, nonce, to, BigInteger.ZERO, data, gas, fees);
    }

    /** @param wei what it carries */
    static SignedTransaction sign(
            ChainAccount account, long chainId, long nonce, EvmAddress to, BigInteger wei, String data, BigInteger gas, Fees fees) {
        RawTransaction transaction = RawTransaction.createTransaction(
                chainId, BigInteger.valueOf(nonce), gas, to.value(), wei, data, fees.tip(), fees.maxFee());
        String raw = account.sign(transaction);
        return new SignedTransaction(Hash.sha3(raw), raw, nonce, fees);
    }
}
