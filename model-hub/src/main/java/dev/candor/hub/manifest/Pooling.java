package dev.candor.hub.manifest;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** How the vectors of a text's tokens become the one of the text. */
public enum Pooling {
    /** Their mean. */
    MEAN,
    /** Their sum, divided by the square root of their number. */
    MEAN_SQRT,
    /** The greatest of each component. */
    MAX,
    /** The first token's. */
    CLS,
    /** The last token's. */
    LAST,
    /** The graph does it: its output is a vector for each text. */
    NONE;

    /** The word in {@code config.json} and catalog. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IOException if {@code word} is none of the words */
    public static Pooling of(String word) throws IOException {
        return Arrays.stream(values()).filter(pooling -> pooling.word().equals(word)).findFirst()
                .orElseThrow(() -> new IOException("\"pooling\" must be one of "
                        + String.join(", ", Arrays.stream(values()).map(Pooling::word).toList())));
    }
}
