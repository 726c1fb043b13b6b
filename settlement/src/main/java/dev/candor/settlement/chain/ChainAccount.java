package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.util.HexFormat;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/** A secp256k1 key that signs transactions. Its text form names the address only. */
public final class ChainAccount {
    private static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    private final Credentials credentials;
    private final EvmAddress address;

    private ChainAccount(Credentials credentials) {
        this.credentials = credentials;
        this.address = EvmAddress.parse(credentials.getAddress());
    }

    /** @throws IllegalArgumentException if {@code privateKey} is not 32 bytes of a number in the curve's order */
    public static ChainAccount of(byte[] privateKey) {
        if (privateKey.length != 32) {
            throw new IllegalArgumentException("a private key has 32 bytes, not " + privateKey.length);
        }
        BigInteger number = new BigInteger(1, privateKey);
        if (number.signum() == 0 || number.compareTo(ORDER) >= 0) {
            throw new IllegalArgumentException("the private key is not in the order of secp256k1");
        }
        return new ChainAccount(Credentials.create(ECKeyPair.create(privateKey)));
    }

    /** @param privateKey 64 hexadecimal digits, {@code 0x} before them or not */
    public static ChainAccount fromHex(String privateKey) {
        String digits = privateKey.strip();
        return of(HexFormat.of().parseHex(digits.startsWith("0x") ? digits.substring(2) : digits));
    }

    public EvmAddress address() {
        return address;
    }

    Credentials credentials() {
        return credentials;
    }

    /** The signed transaction as it goes over the wire (EIP-2718), {@code 0x} and hexadecimal digits. */
    String sign(RawTransaction transaction) {
        return Numeric.toHexString(TransactionEncoder.signMessage(transaction, credentials));
    }

    @Override
    public String toString() {
        return address.value();
    }
}
