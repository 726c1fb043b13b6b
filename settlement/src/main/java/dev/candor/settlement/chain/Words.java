package dev.candor.settlement.chain;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/** The 32-byte words that a contract returned or an event carries (Solidity ABI, static types only). */
final class Words {
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]*");
    private static final int DIGITS = 64;

    private final String digits;

    private Words(String digits) {
        this.digits = digits;
    }

    /** @throws ChainUnreachableException if there are not exactly {@code count} words, as when no such contract is there */
    static Words of(String data, int count) throws ChainUnreachableException {
        if (!HEX.matcher(data).matches() || data.length() != 2 + count * DIGITS) {
            throw new ChainUnreachableException(
                    "a contract returned " + data.length() + " characters where " + count + " words were due", null);
        }
        return new Words(data.substring(2));
    }

    /** Word {@code index} as an unsigned number. */
    BigInteger number(int index) {
        return new BigInteger(hex(index), 16);
    }

    /** Word {@code index} as a number. @throws ChainUnreachableException if it does not fit */
    long count(int index) throws ChainUnreachableException {
        BigInteger number = number(index);
        if (number.bitLength() > 63) {
            throw new ChainUnreachableException("a contract returned the absurd count " + number, null);
        }
        return number.longValueExact();
    }

    /** Word {@code index} as 64 lower-case hexadecimal digits. */
    String hex(int index) {
        return digits.substring(index * DIGITS, (index + 1) * DIGITS).toLowerCase(Locale.ROOT);
    }
}
