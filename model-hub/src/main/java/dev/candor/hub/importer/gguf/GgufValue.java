package dev.candor.hub.importer.gguf;

import java.util.List;

/** A metadata value of a GGUF file; all integer types are widened to {@code long}, both floating point types to {@code double}. */
public sealed interface GgufValue {
    record Text(String value) implements GgufValue {}

    /** @param value unsigned 64-bit values above {@code Long.MAX_VALUE} are refused on reading */
    record Whole(long value) implements GgufValue {}

    record Real(double value) implements GgufValue {}

    record Flag(boolean value) implements GgufValue {}

    record Texts(List<String> values) implements GgufValue {}

    record Wholes(long[] values) implements GgufValue {}

    record Reals(double[] values) implements GgufValue {}

    /** What the value is called in messages. */
    default String kind() {
        return switch (this) {
            case Text _ -> "a string";
            case Whole _ -> "a whole number";
            case Real _ -> "a real number";
            case Flag _ -> "a boolean";
            case Texts _ -> "an array of strings";
            case Wholes _ -> "an array of whole numbers";
            case Reals _ -> "an array of real numbers";
        };
    }
}
