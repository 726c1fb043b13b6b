package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.x402.X402Codec;
import java.util.List;
import java.util.Optional;

/**
 * The end of a request's way: no byte of a receipt leaves before it is durable, and a paid answer is at hand for whoever sends its payment again
 * from the moment that it is charged. Thread-safe; waits for the disk.
 */
final class Deliveries {
    private final ReceiptService receipts;
    private final AnswerCache delivered;
    private final X402Codec codec;
    private final Json json;

    Deliveries(ReceiptService receipts, AnswerCache delivered, X402Codec codec, Json json) {
        this.receipts = receipts;
        this.delivered = delivered;
        this.codec = codec;
        this.json = json;
    }

    /**
     * Makes an answer final; {@code sealed} may leave when this returns.
     *
     * @throws RuntimeException if the receipt is not durable: nothing was charged then
     */
    void commit(Order order, SignedAnswer signed, Reply sealed) {
        order.payment().ifPresent(paid -> delivered.put(paid.key(), sealed));
        try {
            receipts.commit(order, signed);
        } catch (RuntimeException e) {
            order.payment().ifPresent(paid -> delivered.remove(paid.key()));
            throw e;
        }
    }

    /**
     * Sends an answer that holds no tokens.
     *
     * @param body  as the path's answer is, without its receipt
     * @param units read, as the price counts them
     */
    void send(Exchange exchange, Order order, ObjectNode body, int units) throws ApiException, ReceiptVerificationException {
        if (!order.needsReceipt()) {
            exchange.send(Reply.json(200, body, json));
            return;
        }
        ReceiptFields fields = new ReceiptFields(order, codec);
        UsageBinding usage = new UsageBinding(units, 0, 0, List.of());
        SignedAnswer signed = receipts.sign(order, List.of(), OutputBinding.ofBody(order.path(), body, List.of()), usage);
        Reply sealed = fields.seal(body, Optional.of(signed), json);
        commit(order, signed, sealed);
        exchange.send(sealed);
    }
}
