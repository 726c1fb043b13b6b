package dev.candor.attestation.receipt;

import java.util.List;

/**
 * How much work was done, in tokens.
 *
 * @param finishReasons one for each choice
 */
public record UsageBinding(int promptTokens, int cachedTokens, int completionTokens, List<String> finishReasons) {}
