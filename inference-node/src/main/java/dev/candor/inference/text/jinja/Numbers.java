package dev.candor.inference.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** Python's arithmetic on integers of any (bounded) size and on doubles; a boolean counts as 0 or 1. */
final class Numbers {
    private Numbers() {
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
    }

    /** The integer of an int or bool, or null. */
    static BigInteger integer(Value value) {
        return switch (value) {
            case Value.Int integer -> integer.value();
            case Value.Bool bool -> bool == Value.Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
            default -> null;
        };
    }

    static BigInteger index(Value value) {
        BigInteger integer = integer(value);
        if (integer == null) {
            if (value instanceof Value.Undefined undefined) {
                throw undefined.error();
            }
            throw new JinjaError("'" + value.typeName() + "' object cannot be interpreted as an integer");
        }
        return integer;
    }

    static int clamp(BigInteger value) {
        return value.bitLength() < Integer.SIZE ? value.intValue() : value.signum() < 0 ? -Integer.MAX_VALUE : Integer.MAX_VALUE;
    }

    /** @throws JinjaError for an integer beyond the doubles */
    static double real(Value value) {
        if (value instanceof Value.Real real) {
            return real.value();
        }
        double converted = integer(value).doubleValue();
        if (Double.isInfinite(converted)) {
            throw new JinjaError("int too large to convert to float");
        }
        return converted;
    }

    static Value calculate(String operator, Value left, Value right, Budget budget) {
        BigInteger a = integer(left);
        BigInteger b = integer(right);
        return a != null && b != null ? integers(operator, a, b, budget) : new Value.Real(reals(operator, real(left), real(right)));
    }

    private static Value integers(String operator, BigInteger a, BigInteger b, Budget budget) {
        return switch (operator) {
            case "+" -> bounded(a.add(b), budget);
            case "-" -> bounded(a.subtract(b), budget);
            case "*" -> bounded(a.multiply(b), budget);
            case "/" -> new Value.Real(quotient(a, nonZero(b)));
            case "//" -> bounded(floor(a, nonZero(b)), budget);
            case "%" -> bounded(a.subtract(floor(a, nonZero(b)).multiply(b)), budget);
            case "**" -> power(a, b, budget);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static double quotient(BigInteger a, BigInteger b) {
        double result = a.bitLength() < 53 && b.bitLength() < 53 ? a.doubleValue() / b.doubleValue()
                : new BigDecimal(a).divide(new BigDecimal(b), MathContext.DECIMAL128).doubleValue();
        if (Double.isInfinite(result)) {
            throw new JinjaError("integer division result too large for a float");
        }
        return result;
    }

    private static BigInteger nonZero(BigInteger value) {
        if (value.signum() == 0) {
            throw new JinjaError("division by zero");
        }
        return value;
    }

    private static BigInteger floor(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        return parts[1].signum() != 0 && parts[1].signum() != b.signum() ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Value power(BigInteger base, BigInteger exponent, Budget budget) {
        if (exponent.signum() < 0) {
            return new Value.Real(reals("**", real(new Value.Int(base)), real(new Value.Int(exponent))));
        }
        if (base.abs().bitLength() <= 1) {
            return new Value.Int(base.signum() < 0 && !exponent.testBit(0) ? BigInteger.ONE
                    : exponent.signum() == 0 ? BigInteger.ONE : base);
        }
        if (exponent.bitLength() > 31 || (long) (base.abs().bitLength() - 1) * exponent.intValue() > budget.limits().integerBits()) {
            throw new JinjaError("a number has more than " + budget.limits().integerBits() + " bits");
        }
        return bounded(base.pow(exponent.intValue()), budget);
    }

    static Value.Int bounded(BigInteger value, Budget budget) {
        if (value.bitLength() > budget.limits().integerBits()) {
            throw new JinjaError("a number has more than " + budget.limits().integerBits() + " bits");
        }
        return new Value.Int(value);
    }

    private static double reals(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new JinjaError("float division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> floorDivide(a, b);
            case "%" -> modulo(a, b);
            case "**" -> realPower(a, b);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static double modulo(double a, double b) {
        double rest = a % b;
        if (rest != 0 && rest < 0 != b < 0) {
            rest += b;
        }
        return rest == 0 ? Math.copySign(0, b) : rest;
    }

    private static double floorDivide(double a, double b) {
        double rest = a % b;
        double quotient = (a - rest) / b;
        if (rest != 0 && rest < 0 != b < 0) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double realPower(double a, double b) {
        if (a == 0 && b < 0) {
            throw new JinjaError("0.0 cannot be raised to a negative power");
        }
        double result = a == 1 || b == 0 ? 1 : Math.pow(a, b);
        if (Double.isNaN(result) && !Double.isNaN(a) && !Double.isNaN(b)) {
            throw new JinjaError("complex numbers are not supported");
        }
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw new JinjaError("Numerical result out of range");
        }
        return result;
    }
}
