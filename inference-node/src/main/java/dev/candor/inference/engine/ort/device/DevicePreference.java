package dev.candor.inference.engine.ort.device;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What models are wanted to run on. */
public enum DevicePreference {
    /** A GPU where one can be used, the CPU where not. */
    AUTO,
    CPU,
    /** A GPU; the CPU, with a warning that says why, where none can be used. */
    CUDA;

    /** The name used in configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if nothing is called {@code label} */
    public static DevicePreference of(String label) {
        return Arrays.stream(values())
                .filter(preference -> preference.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no device " + label + "; the devices are "
                        + Arrays.stream(values()).map(DevicePreference::label).collect(Collectors.joining(", "))));
    }
}
