package dev.candor.inference.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers in the forms that format strings ask for. */
final class NumberFormat {
    private static final int MOST_DIGITS = 1100;

    private NumberFormat() {
    }

    /**
     * @param type one of {@code d i u x X o b}
     * @param sign what stands before a number that is not negative
     */
    static String integer(Runtime runtime, Value value, char type, String sign, boolean prefixed) {
        BigInteger integer = value instanceof Value.Real real && "diu".indexOf(type) >= 0 ? truncated(real.value()) : Numbers.integer(value);
        if (integer == null) {
            throw new JinjaError("%" + type + " format: a real number is required, not " + value.typeName());
        }
        runtime.budget().step();
        String digits = switch (type) {
            case 'x' -> (prefixed ? "0x" : "") + integer.abs().toString(16);
            case 'X' -> (prefixed ? "0X" : "") + integer.abs().toString(16).toUpperCase(Locale.ROOT);
            case 'o' -> (prefixed ? "0o" : "") + integer.abs().toString(8);
            case 'b' -> (prefixed ? "0b" : "") + integer.abs().toString(2);
            default -> integer.abs().toString();
        };
        return (integer.signum() < 0 ? "-" : sign) + digits;
    }

    static BigInteger truncated(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new JinjaError("cannot convert float " + (Double.isNaN(value) ? "NaN" : "infinity") + " to integer");
        }
        return new BigDecimal(value).toBigInteger();
    }

    /**
     * @param type      one of {@code e E f F g G}
     * @param precision digits, or -1 for 6
     */
    static String real(Runtime runtime, Value value, char type, int precision, String sign) {
        if (!Numbers.isNumber(value)) {
            throw new JinjaError("must be real number, not " + value.typeName());
        }
        double number = Numbers.real(value);
        int digits = precision < 0 ? 6 : precision;
        runtime.budget().allocate(digits);
        if (digits > MOST_DIGITS) {
            throw new JinjaError("a number cannot be written with more than " + MOST_DIGITS + " digits after the point");
        }
        String text = Double.isNaN(number) ? "nan" : Double.isInfinite(number) ? "inf" : finite(Math.abs(number), type, digits);
        boolean negative = number < 0 || number == 0 && 1 / number < 0;
        return (negative ? "-" : sign) + (Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text);
    }

    private static String finite(double number, char type, int digits) {
        BigDecimal exact = new BigDecimal(number);
        return switch (Character.toLowerCase(type)) {
            case 'f' -> exact.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
            case 'e' -> scientific(exact, digits);
            default -> general(exact, Math.max(1, digits));
        };
    }

    private static String scientific(BigDecimal exact, int digits) {
        BigDecimal rounded = exact.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = exact.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.movePointLeft(exponent).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return mantissa + exponent(exponent);
    }

    private static String general(BigDecimal exact, int digits) {
        if (exact.signum() == 0) {
            return "0";
        }
        BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        boolean plain = exponent >= -4 && exponent < digits;
        BigDecimal shown = (plain ? rounded : rounded.movePointLeft(exponent)).stripTrailingZeros();
        return shown.toPlainString() + (plain ? "" : exponent(exponent));
    }

    private static String exponent(int exponent) {
        return "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
