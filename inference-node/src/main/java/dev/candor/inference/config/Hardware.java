package dev.candor.inference.config;

import dev.candor.inference.engine.ort.device.DevicePreference;

/**
 * What models run on.
 *
 * @param threads of the engine; 0 for one per core
 */
public record Hardware(int threads, DevicePreference device, SpinChoice spin) {
    /** @throws ConfigException if a value cannot be used */
    public Hardware {
        if (threads < 0) {
            throw new ConfigException("--threads must not be negative, got " + threads);
        }
    }

    /** A thread per core, spinning unless the machine is busy, on the best device there is. */
    public static Hardware any() {
        return new Hardware(0, DevicePreference.AUTO, SpinChoice.AUTO);
    }
}
