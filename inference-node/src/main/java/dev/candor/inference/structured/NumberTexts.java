package dev.candor.inference.structured;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The decimal spellings of the numbers within bounds, without exponents, as an automaton: it compares with both bounds digit by digit and
 * keeps the remainder.
 */
final class NumberTexts {
    private static final int DIGITS = 18;
    private static final int DOUBLE_DIGITS = 15;
    private static final int MAX_DIGITS = 40;
    private static final int TEN = 10;

    private final Range range;
    private final int wholeDigits;
    private final int fractionDigits;
    private final BigInteger modulus;
    private final int scale;
    private final WorkBudget budget;

    /**
     * Bounds of numbers.
     *
     * @param low  null for none
     * @param high null for none
     * @param multipleOf null for any
     */
    record Range(BigDecimal low, boolean lowOut, BigDecimal high, boolean highOut, BigDecimal multipleOf) {
        boolean isEmpty() {
            return low != null && high != null && (low.compareTo(high) > 0 || low.compareTo(high) == 0 && (lowOut || highOut));
        }

        boolean isFree() {
            return low == null && high == null && multipleOf == null;
        }
    }

    private NumberTexts(Range range, boolean integer, WorkBudget budget) {
        this.range = range;
        this.budget = budget;
        this.scale = range.multipleOf == null ? 0 : Math.max(0, range.multipleOf.stripTrailingZeros().scale());
        boolean bounded = range.low != null && range.high != null;
        // Validators that divide in binary floating point are right only about what a double holds.
        int free = bounded ? 1 : range.multipleOf == null ? DIGITS : Math.max(1, DOUBLE_DIGITS - scale);
        this.wholeDigits = Math.max(free, Math.max(digits(range.low), digits(range.high)));
        this.modulus = range.multipleOf == null ? BigInteger.ONE : range.multipleOf.movePointRight(scale).toBigIntegerExact();
        int fraction = Math.max(DIGITS, Math.max(fraction(range.low), fraction(range.high)));
        this.fractionDigits = integer ? 0 : range.multipleOf == null ? fraction : scale;
    }

    /** @return empty of texts if there are none; null if a bound or divisor has too many digits to follow */
    static Dfa of(Range range, boolean integer, WorkBudget budget) {
        for (BigDecimal number : new BigDecimal[] {range.low, range.high, range.multipleOf}) {
            if (number != null && (digits(number) > MAX_DIGITS || fraction(number) > MAX_DIGITS)) {
                return null;
            }
        }
        if (range.multipleOf != null && range.multipleOf.unscaledValue().bitLength() > Integer.SIZE) {
            return null;
        }
        return new NumberTexts(range, integer, budget).build();
    }

    private static int digits(BigDecimal number) {
        return number == null ? 0 : Math.max(1, number.precision() - number.scale());
    }

    private static int fraction(BigDecimal number) {
        return number == null ? 0 : Math.max(0, number.stripTrailingZeros().scale());
    }

    /** A bound's digits: before the point without leading zeros, and behind it. */
    private record Bound(String whole, String fraction, boolean out) {
        static Bound of(BigDecimal magnitude, boolean out) {
            if (magnitude == null) {
                return null;
            }
            String[] parts = magnitude.toPlainString().split("\\.");
            String fraction = parts.length > 1 ? parts[1].replaceAll("0+$", "") : "";
            return new Bound(parts[0], fraction, out);
        }
    }

    /** Where a text has come to: {@code low} and {@code high} say how its digits compare with those of the bounds, as far as both go. */
    private record Place(Phase phase, boolean negative, int whole, int fraction, int low, int high, long rest) {}

    private enum Phase { START, SIGN, ZERO, WHOLE, POINT, FRACTION }

    private Dfa build() {
        Dfa.Builder builder = new Dfa.Builder(budget);
        Map<Place, Integer> numbers = new HashMap<>();
        List<Place> places = new ArrayList<>();
        number(new Place(Phase.START, false, 0, 0, 0, 0, 0), numbers, places, builder);
        for (int state = 0; state < places.size(); state++) {
            Place place = places.get(state);
            if (place.phase == Phase.START) {
                builder.edge(state, '-', '-', number(new Place(Phase.SIGN, true, 0, 0, 0, 0, 0), numbers, places, builder));
            }
            if ((place.phase == Phase.ZERO || place.phase == Phase.WHOLE) && fractionDigits > 0) {
                Place point = new Place(Phase.POINT, place.negative, place.whole, 0, settled(place, place.low, low(place)),
                        settled(place, place.high, high(place)), place.rest);
                builder.edge(state, '.', '.', number(point, numbers, places, builder));
            }
            for (int digit = 0; digit < TEN; digit++) {
                Place next = behind(place, digit);
                if (next != null) {
                    builder.edge(state, '0' + digit, '0' + digit, number(next, numbers, places, builder));
                }
            }
        }
        return builder.build();
    }

    private int number(Place place, Map<Place, Integer> numbers, List<Place> places, Dfa.Builder builder) {
        return numbers.computeIfAbsent(place, key -> {
            places.add(place);
            return builder.state(accepted(place));
        });
    }

    // The magnitude of a negative number lies between the bounds with their signs and places changed.
    private Bound low(Place place) {
        if (!place.negative) {
            return range.low == null || range.low.signum() < 0 ? null : Bound.of(range.low, range.lowOut);
        }
        return range.high == null || range.high.signum() >= 0 ? Bound.of(BigDecimal.ZERO, true) : Bound.of(range.high.negate(), range.highOut);
    }

    private Bound high(Place place) {
        if (!place.negative) {
            return range.high == null ? null : Bound.of(range.high, range.highOut);
        }
        return range.low == null ? null : Bound.of(range.low.negate(), range.lowOut);
    }

    private boolean outside(Place place) {
        boolean noneNegative = place.negative && range.low != null && range.low.signum() >= 0;
        boolean nonePositive = !place.negative && range.high != null && range.high.signum() < 0;
        return noneNegative || nonePositive;
    }

    private Place behind(Place place, int digit) {
        switch (place.phase) {
            case ZERO -> {
                return null;
            }
            case START, SIGN, WHOLE -> {
                if (place.whole >= wholeDigits) {
                    return null;
                }
                Phase phase = digit == 0 && place.whole == 0 ? Phase.ZERO : Phase.WHOLE;
                return new Place(phase, place.negative, place.whole + 1, 0, compare(place.low, low(place), place.whole, digit, false),
                        compare(place.high, high(place), place.whole, digit, false), rest(place.rest, digit));
            }
            default -> {
                if (place.fraction >= fractionDigits) {
                    return null;
                }
                return new Place(Phase.FRACTION, place.negative, place.whole, place.fraction + 1,
                        compare(place.low, low(place), place.fraction, digit, true), compare(place.high, high(place), place.fraction, digit, true),
                        rest(place.rest, digit));
            }
        }
    }

    private static int compare(int before, Bound bound, int at, int digit, boolean fraction) {
        if (bound == null || before != 0) {
            return before;
        }
        String digits = fraction ? bound.fraction : bound.whole;
        int other = at < digits.length() ? digits.charAt(at) - '0' : fraction ? 0 : digit;
        return Integer.compare(digit, other);
    }

    private long rest(long rest, int digit) {
        return (rest * TEN + digit) % modulus.longValueExact();
    }

    /** How the digits so far compare with a bound's, the text being over, or a point being next. */
    private static int settled(Place place, int compared, Bound bound) {
        if (bound == null || place.phase == Phase.POINT || place.phase == Phase.FRACTION) {
            return compared;
        }
        int length = Integer.compare(place.whole, bound.whole.length());
        return length == 0 ? compared : length;
    }

    /** How a whole text compares with a bound. */
    private static int compared(Place place, int compared, Bound bound) {
        int so = settled(place, compared, bound);
        return so == 0 && place.fraction < bound.fraction.length() ? -1 : so;
    }

    private boolean accepted(Place place) {
        if (place.phase == Phase.START || place.phase == Phase.SIGN || place.phase == Phase.POINT || outside(place)) {
            return false;
        }
        Bound low = low(place);
        Bound high = high(place);
        int withLow = low == null ? 1 : compared(place, place.low, low);
        int withHigh = high == null ? -1 : compared(place, place.high, high);
        boolean within = (withLow > 0 || withLow == 0 && !low.out) && (withHigh < 0 || withHigh == 0 && !high.out);
        BigInteger scaled = BigInteger.valueOf(place.rest).multiply(BigInteger.TEN.pow(Math.max(0, scale - place.fraction)));
        return within && scaled.mod(modulus).signum() == 0;
    }
}
