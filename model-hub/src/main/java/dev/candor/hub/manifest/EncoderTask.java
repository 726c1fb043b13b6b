package dev.candor.hub.manifest;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** What an encoder model makes of a text. */
public enum EncoderTask {
    /** One vector. */
    EMBEDDING,
    /** A score for each label. */
    CLASSIFICATION,
    /** A score for each label, for each token. */
    TOKEN_CLASSIFICATION,
    /** One score, of how well a document answers a query. */
    RERANK;

    /** The word in {@code config.json} and catalog. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IOException if {@code word} is none of the words */
    public static EncoderTask of(String word) throws IOException {
        return Arrays.stream(values()).filter(task -> task.word().equals(word)).findFirst()
                .orElseThrow(() -> new IOException("\"task\" must be one of "
                        + String.join(", ", Arrays.stream(values()).map(EncoderTask::word).toList())));
    }
}
