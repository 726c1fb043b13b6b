package dev.candor.attestation.receipt;

import dev.candor.attestation.cbor.Cbor;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the members of a closed CBOR map one by one; what is missing, of another type, out of bounds or left over is refused. */
final class FieldReader {
    private static final int MAX_ITEMS = 256;
    private static final BigInteger MAX_AMOUNT = BigInteger.ONE.shiftLeft(256);

    private final String path;
    private final Map<String, Cbor> left = new HashMap<>();

    FieldReader(Cbor item, String path) throws ReceiptVerificationException {
        this.path = path;
        if (!(item instanceof Cbor.Map(List<Cbor.Entry> entries))) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: " + path + " is not a map");
        }
        for (Cbor.Entry entry : entries) {
            left.put(keyName(entry.key()), entry.value());
        }
    }

    private String keyName(Cbor key) throws ReceiptVerificationException {
        return switch (key) {
            // "#1" stands for the label 1, so a text that looks like one must not pass for it.
            case Cbor.Text(String name) when !name.startsWith("#") -> name;
            case Cbor.Int(BigInteger label) -> "#" + label;
            default -> throw new ReceiptVerificationException("the receipt is damaged or was altered: " + path + " has an unknown member " + key);
        };
    }

    Optional<Cbor> optional(String name) {
        return Optional.ofNullable(left.remove(name));
    }

    Cbor required(String name) throws ReceiptVerificationException {
        Cbor value = left.remove(name);
        if (value == null) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: " + path + " has no " + name);
        }
        return value;
    }

    FieldReader map(String name) throws ReceiptVerificationException {
        return new FieldReader(required(name), path + "." + name);
    }

    String text(String name, int maxLength) throws ReceiptVerificationException {
        return text(name, required(name), maxLength);
    }

    private String text(String name, Cbor value, int maxLength) throws ReceiptVerificationException {
        if (value instanceof Cbor.Text(String text) && text.length() <= maxLength) {
            return text;
        }
        throw wrong(name, "a text of at most " + maxLength + " characters");
    }

    byte[] bytes(String name, int least, int most) throws ReceiptVerificationException {
        return bytes(name, required(name), least, most);
    }

    byte[] bytes(String name, Cbor value, int least, int most) throws ReceiptVerificationException {
        if (value instanceof Cbor.Bytes(byte[] bytes) && bytes.length >= least && bytes.length <= most) {
            return bytes;
        }
        throw wrong(name, "a byte string of " + least + " to " + most + " bytes");
    }

    Digest digest(String name) throws ReceiptVerificationException {
        return Digest.of(bytes(name, 32, 32));
    }

    EvmAddress address(String name) throws ReceiptVerificationException {
        return EvmAddress.of(bytes(name, 20, 20));
    }

    long integer(String name, long least, long most) throws ReceiptVerificationException {
        if (required(name) instanceof Cbor.Int(BigInteger value)
                && value.compareTo(BigInteger.valueOf(least)) >= 0
                && value.compareTo(BigInteger.valueOf(most)) <= 0) {
            return value.longValue();
        }
        throw wrong(name, "an integer from " + least + " to " + most);
    }

    int count(String name) throws ReceiptVerificationException {
        return (int) integer(name, 0, Integer.MAX_VALUE);
    }

    BigInteger amount(String name) throws ReceiptVerificationException {
        if (required(name) instanceof Cbor.Int(BigInteger value) && value.signum() >= 0 && value.compareTo(MAX_AMOUNT) < 0) {
            return value;
        }
        throw wrong(name, "an unsigned integer of at most 256 bits");
    }

    double real(String name) throws ReceiptVerificationException {
        // Minus zero would be a second encoding of the same parameter.
        if (required(name) instanceof Cbor.Float(double value) && Double.compare(value, -0.0) != 0) {
            return value;
        }
        throw wrong(name, "a floating-point number, and not minus zero");
    }

    List<String> texts(String name, int maxLength) throws ReceiptVerificationException {
        List<String> out = new ArrayList<>();
        for (Cbor item : array(name)) {
            out.add(text(name, item, maxLength));
        }
        return out;
    }

    List<Digest> digests(String name) throws ReceiptVerificationException {
        List<Digest> out = new ArrayList<>();
        for (Cbor item : array(name)) {
            out.add(Digest.of(bytes(name, item, 32, 32)));
        }
        return out;
    }

    private List<Cbor> array(String name) throws ReceiptVerificationException {
        if (required(name) instanceof Cbor.Array(List<Cbor> items) && items.size() <= MAX_ITEMS) {
            return items;
        }
        throw wrong(name, "an array of at most " + MAX_ITEMS + " items");
    }

    /** To be called last: a member that no one took is not part of the format. */
    void end() throws ReceiptVerificationException {
        if (!left.isEmpty()) {
            throw new ReceiptVerificationException("the receipt is damaged or was altered: " + path + " has unknown members " + left.keySet().stream().sorted().toList());
        }
    }

    ReceiptVerificationException wrong(String name, String wanted) {
        return new ReceiptVerificationException("the receipt is damaged or was altered: " + path + "." + name + " is not " + wanted);
    }
}
