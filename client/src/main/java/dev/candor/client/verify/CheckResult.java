package dev.candor.client.verify;

import java.util.Locale;

/** How a check ended. */
public enum CheckResult {
    OK,
    FAILED,
    SKIPPED;

    /** The word used in reports: {@code ok}, {@code failed} or {@code skipped}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
