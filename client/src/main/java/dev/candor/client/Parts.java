package dev.candor.client;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.client.pay.SpendingBudget;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.ReceiptStore;
import java.net.http.HttpClient;
import java.time.Duration;
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
        Duration timeout) {}
