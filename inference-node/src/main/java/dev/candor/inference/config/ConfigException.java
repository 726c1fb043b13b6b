package dev.candor.inference.config;

/** An option's value, or a combination of them, cannot be used; the message is one line that says what to change. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }
}
