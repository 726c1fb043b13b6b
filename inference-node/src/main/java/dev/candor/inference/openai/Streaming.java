package dev.candor.inference.openai;

/**
 * How an answer is to travel.
 *
 * @param stream       as server-sent events
 * @param includeUsage whether a stream's last chunk tells the usage
 */
public record Streaming(boolean stream, boolean includeUsage) {}
