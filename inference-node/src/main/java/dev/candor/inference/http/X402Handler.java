package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.facilitator.Facilitator;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.x402.PaymentRequirements;
import java.math.BigInteger;
import java.util.Locale;

/** {@code GET /x402/supported} and {@code /x402/payments/{id}}. Blocks. */
final class X402Handler {
    private final Facilitator facilitator;
    private final Ledger ledger;
    private final Json json;

    X402Handler(Facilitator facilitator, Ledger ledger, Json json) {
        this.facilitator = facilitator;
        this.ledger = ledger;
        this.json = json;
    }

    void supported(Exchange exchange) {
        exchange.send(Reply.json(200, facilitator.supported(), json));
    }

    void payment(Exchange exchange) throws ApiException {
        String id = exchange.pathParameter("id");
        Payment payment = ledger.payment(id).orElseThrow(() ->
                new ApiException(ErrorCode.PAYMENT_NOT_FOUND, "This node has no payment '" + id + "'.", "id"));
        PaymentRequirements terms = facilitator.offer(BigInteger.ONE);
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("id", payment.key().id())
                .put("state", payment.state().name().toLowerCase(Locale.ROOT))
                .put("cap", payment.cap().toString())
                .put("charged", payment.charged().toString())
                .put("network", "eip155:" + payment.key().chainId())
                .put("asset", terms.asset())
                .put("payer", payment.key().payer().value())
                .put("receipt", payment.receipt().map(ReceiptId::value).orElse(null))
                .put("transaction", payment.transaction().orElse(null))
                .put("deadline", payment.deadline().toString())
                .put("detail", payment.detail().orElse(null));
        exchange.send(Reply.json(200, body, json).with("cache-control", "no-store"));
    }
}
