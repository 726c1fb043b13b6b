package dev.candor.client.sdk;

/**
 * A node's whole answer to a chat request.
 *
 * @param stream it came as Server-Sent Events
 */
record RawAnswer(NodeAnswer answer, boolean stream) {}
