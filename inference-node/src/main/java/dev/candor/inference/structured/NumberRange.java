package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.NumberTexts.Range;
import dev.candor.inference.structured.Term.Part;
import java.math.BigDecimal;
import java.math.BigInteger;

/** What all parts of a term say of a number. */
final class NumberRange {
    private NumberRange() {}

    static Range of(Term term) {
        Range range = new Range(null, false, null, false, null);
        for (Part part : term.parts()) {
            range = low(range, part.schema().get("minimum"), false);
            range = low(range, part.schema().get("exclusiveMinimum"), true);
            range = high(range, part.schema().get("maximum"), false);
            range = high(range, part.schema().get("exclusiveMaximum"), true);
            range = multiple(range, part.schema().get("multipleOf"));
        }
        return range;
    }

    private static Range low(Range range, JsonNode bound, boolean out) {
        if (bound == null) {
            return range;
        }
        BigDecimal low = bound.decimalValue();
        int compared = range.low() == null ? 1 : low.compareTo(range.low());
        return compared > 0 || compared == 0 && out ? new Range(low, out, range.high(), range.highOut(), range.multipleOf()) : range;
    }

    private static Range high(Range range, JsonNode bound, boolean out) {
        if (bound == null) {
            return range;
        }
        BigDecimal high = bound.decimalValue();
        int compared = range.high() == null ? -1 : high.compareTo(range.high());
        return compared < 0 || compared == 0 && out ? new Range(range.low(), range.lowOut(), high, out, range.multipleOf()) : range;
    }

    private static Range multiple(Range range, JsonNode divisor) {
        if (divisor == null) {
            return range;
        }
        BigDecimal both = range.multipleOf() == null ? divisor.decimalValue() : common(range.multipleOf(), divisor.decimalValue());
        return new Range(range.low(), range.lowOut(), range.high(), range.highOut(), both);
    }

    /** The least number that both divide. */
    private static BigDecimal common(BigDecimal a, BigDecimal b) {
        int scale = Math.max(0, Math.max(a.scale(), b.scale()));
        BigInteger x = a.movePointRight(scale).toBigIntegerExact();
        BigInteger y = b.movePointRight(scale).toBigIntegerExact();
        return new BigDecimal(x.divide(x.gcd(y)).multiply(y), scale);
    }
}
