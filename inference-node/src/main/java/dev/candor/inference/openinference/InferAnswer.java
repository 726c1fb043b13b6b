package dev.candor.inference.openinference;

import java.util.OptionalInt;

/**
 * The bytes of an answer.
 *
 * @param jsonBytes length of the JSON, where bytes of tensors follow it
 */
public record InferAnswer(byte[] body, OptionalInt jsonBytes) {}
