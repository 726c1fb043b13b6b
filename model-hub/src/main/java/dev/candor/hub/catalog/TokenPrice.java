package dev.candor.hub.catalog;

import java.math.BigInteger;

/**
 * What a model costs.
 *
 * @param symbol of the token it is paid in
 * @param input  atomic units per prompt token
 * @param output atomic units per answer token
 */
public record TokenPrice(String symbol, BigInteger input, BigInteger output) {}
