package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;
import java.util.List;

/**
 * What was answered.
 *
 * @param tokens  per choice, SHA-256 over its token ids as unsigned 32-bit little-endian words
 * @param choices SHA-256 of the JCS of the canonical choices
 * @param body    SHA-256 of the raw SSE bytes before the receipt's comment lines ({@code sse}), or of the JCS of the JSON body
 *                without its member {@code candor} ({@code json})
 * @param format  {@code sse} or {@code json}
 */
public record OutputBinding(List<Digest> tokens, Digest choices, Digest body, String format) {}
