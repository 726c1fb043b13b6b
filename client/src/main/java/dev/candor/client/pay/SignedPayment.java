package dev.candor.client.pay;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;

/**
 * A payment ready to be sent.
 *
 * @param header  value of {@code PAYMENT-SIGNATURE}
 * @param payload the same as JSON, to be kept with the receipt
 * @param host    host and port of the node it is for
 * @param cap     atomic units at most
 */
public record SignedPayment(String header, JsonNode payload, String host, BigInteger cap) {}
