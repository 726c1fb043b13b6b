package dev.candor.inference.openai.tools;

import dev.candor.attestation.digest.Digest;
import java.nio.charset.StandardCharsets;

/**
 * Ids of the tool calls of one choice of one answer. They follow from the answer's id, so that whoever has the answer's tokens can make
 * its message again.
 *
 * @param seed what they follow from
 */
public record CallIds(String seed) {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final int LENGTH = 24;
    /** Mistral's templates take ids of exactly nine letters and digits. */
    private static final int SHORT_LENGTH = 9;

    /** @param choice counts from 0 */
    public static CallIds of(String answerId, int choice) {
        return new CallIds(answerId + "/" + choice);
    }

    /** {@code call_} and 24 letters and digits, or in Mistral's format nine of them alone. @param index of the call, from 0 */
    public String id(int index, ToolFormat format) {
        String text = seed + "/" + index;
        return format.mistral() ? shortId(text) : "call_" + letters(text, LENGTH);
    }

    /** Nine letters and digits that follow from {@code text}. */
    static String shortId(String text) {
        return letters(text, SHORT_LENGTH);
    }

    private static String letters(String text, int length) {
        byte[] hash = Digest.sha256(text.getBytes(StandardCharsets.UTF_8)).bytes();
        StringBuilder letters = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            letters.append(ALPHABET.charAt((hash[i] & 0xFF) % ALPHABET.length()));
        }
        return letters.toString();
    }
}
