package dev.candor.client.sdk;

import java.net.http.HttpHeaders;

/** A node's whole answer to one HTTP request. */
public record NodeAnswer(int status, HttpHeaders headers, byte[] body) {}
