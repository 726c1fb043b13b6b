package dev.candor.client.sdk;

import java.util.Map;

/**
 * One request for an answer.
 *
 * @param path    without a slash in front, for example {@code v1/chat/completions}
 * @param headers sent along, such as {@code Candor-Nonce}
 * @param control ends it early
 */
public record ExchangeRequest(String path, byte[] body, Map<String, String> headers, CallControl control) {}
