package dev.candor.bench;

/** What a benchmark measures is not on this machine; the message is one line that says what is missing. */
final class UnavailableException extends Exception {
    UnavailableException(String message) {
        super(message);
    }
}
