package dev.candor.settlement.scheme;

import dev.candor.attestation.crypto.EvmAddress;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** Appends the 32-byte words that Solidity's ABI and EIP-712 share: numbers and addresses, left-padded. */
final class AbiWords {
    private static final int WORD = 32;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    AbiWords raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    AbiWords address(EvmAddress address) {
        return left(address.bytes());
    }

    /** An unsigned number below 2^256. */
    AbiWords number(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > WORD * Byte.SIZE) {
            throw new IllegalArgumentException("not an unsigned 256-bit number: " + value);
        }
        byte[] bytes = value.toByteArray();
        int skip = bytes.length > WORD ? 1 : 0;
        out.writeBytes(new byte[WORD - (bytes.length - skip)]);
        out.write(bytes, skip, bytes.length - skip);
        return this;
    }

    AbiWords number(long value) {
        return number(BigInteger.valueOf(value));
    }

    /** The tail of a {@code bytes} argument: its length, then its content padded on the right. */
    AbiWords dynamicBytes(byte[] bytes) {
        number(bytes.length).raw(bytes);
        out.writeBytes(new byte[Math.floorMod(-bytes.length, WORD)]);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private AbiWords left(byte[] bytes) {
        out.writeBytes(new byte[WORD - bytes.length]);
        out.writeBytes(bytes);
        return this;
    }
}
