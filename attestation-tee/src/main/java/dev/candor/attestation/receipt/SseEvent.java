package dev.candor.attestation.receipt;

/**
 * One event of a stream.
 *
 * @param type the value of the field {@code event}, {@code message} where there was none
 * @param data the values of the fields {@code data}, joined by line feeds
 */
public record SseEvent(String type, String data) {}
