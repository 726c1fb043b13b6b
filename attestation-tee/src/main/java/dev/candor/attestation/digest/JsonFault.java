package dev.candor.attestation.digest;

import com.fasterxml.jackson.core.JacksonException;

/** What is wrong with a JSON document, in words for whoever sent it: without the settings by which the reader would take it. */
public final class JsonFault {
    private JsonFault() {}

    /** The fault that {@code failure} is about, without its place. */
    public static String of(JacksonException failure) {
        return failure.getOriginalMessage()
                .replaceFirst("(?s)^Non-standard token '(.*)': enable `JsonReadFeature\\..*", "$1 is no JSON number")
                .replaceFirst(":? enable `JsonReadFeature\\.[^`]*` to allow", "")
                .replaceFirst(" \\(not recognized as one since Feature '[^']*' not enabled for parser\\)", "")
                .replaceFirst(", from `[^`]*`", "");
    }
}
