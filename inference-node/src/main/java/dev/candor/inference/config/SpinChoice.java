package dev.candor.inference.config;

import java.util.Arrays;
import java.util.Locale;

/**
 * Whether the engine's threads spin for a moment while they wait for each other. ONNX Runtime decides it when a model is loaded, and for good.
 */
public enum SpinChoice {
    /** As the machine is busy or not when the model is loaded. */
    AUTO,
    ON,
    OFF;

    private static final double MOST_BUSY = 0.5;

    /** @throws IllegalArgumentException naming the choices */
    public static SpinChoice of(String word) {
        return Arrays.stream(values())
                .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be auto, on or off, got " + word));
    }

    /**
     * The decision. On an idle machine spinning makes steps a third faster; on one whose cores all have other work, somewhat slower.
     *
     * @param busy  cores' worth of work that other processes do; negative where the system does not tell
     * @param cores of the machine
     */
    public boolean spins(double busy, int cores) {
        return switch (this) {
            case ON -> true;
            case OFF -> false;
            case AUTO -> busy < cores * MOST_BUSY;
        };
    }
}
