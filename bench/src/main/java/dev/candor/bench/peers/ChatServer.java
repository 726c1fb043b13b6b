package dev.candor.bench.peers;

import java.net.URI;
import java.util.Map;

/**
 * An OpenAI-like chat server.
 *
 * @param base   to which {@code /v1/chat/completions} is added
 * @param model  the name it knows its model by
 * @param extras members of each request in the server's own words, such as those that make the work equal
 */
record ChatServer(URI base, String model, Map<String, Object> extras) {}
