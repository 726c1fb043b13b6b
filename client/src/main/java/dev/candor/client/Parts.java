package dev.candor.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.client.pay.SpendingBudget;
import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.ReceiptStore;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a client is made of.
 *
 * @param ownHttp to be closed with the client
 * @param timeout of one call
 */
record Parts(
        NodeConnection node,
        VerifyingExchange exchange,
        Operations operations,
        CallErrors errors,
        ReceiptStore receipts,
        SpendingBudget budget,
        Optional<EvmAddress> wallet,
        Optional<HttpClient> ownHttp,
        Duration timeout) {
    /** What the node says to a question that is free and has no receipt. */
    JsonNode told(String path, ObjectNode body) {
        NodeAnswer answer = errors.guard(() ->
                node.send("POST", path, Map.of("Content-Type", "application/json"), body.toString().getBytes(StandardCharsets.UTF_8)));
        if (answer.status() != 200) {
            throw errors.refusal(answer);
        }
        return new Calls.Given(answer.body(), false, Optional.empty()).json();
    }
}
