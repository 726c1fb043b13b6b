package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.x402.SettlementResponse;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402Headers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What an answer says of its receipt and payment beside the OpenAI members. */
record ReceiptFields(Order order, X402Codec codec) {
    /** Headers known before the first token. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (order.wantsReceipt()) {
            headers.put("Candor-Receipt-Id", order.receiptId().value());
        }
        order.payment().ifPresent(paid -> {
            headers.put("Candor-Payment-Id", paid.key().id());
            headers.put("cache-control", "private");
        });
        return headers;
    }

    /** The headers of an answer whose charge is known; settlement follows later, so there is no transaction yet. */
    Map<String, String> headers(Optional<SignedAnswer> receipt) {
        Map<String, String> headers = headers();
        order.payment().ifPresent(paid -> headers.put(X402Headers.PAYMENT_RESPONSE, codec.encode(new SettlementResponse(
                true, null, null, paid.key().payer().value(), "", paid.offer().network(),
                receipt.map(signed -> signed.charged().toString()).orElse(null)))));
        return headers;
    }

    /** An answer in one JSON body, with its receipt in it. */
    Reply seal(ObjectNode body, Optional<SignedAnswer> receipt, Json json) {
        byte[] bytes = attachment(receipt).map(attachment -> attachment.attachTo(body)).orElseGet(() -> json.bytes(body));
        return Reply.of(Reply.JSON, bytes).with(headers(receipt));
    }

    /** What goes with the answer, where the client wants a receipt. */
    Optional<ReceiptAttachment> attachment(Optional<SignedAnswer> receipt) {
        return receipt.filter(signed -> order.wantsReceipt()).map(signed -> new ReceiptAttachment(
                signed.id(),
                signed.cose(),
                signed.tokens(),
                order.payment().map(paid -> paid.key().id()),
                order.payment().map(paid -> signed.charged()),
                Optional.of("/v1/receipts/" + signed.id().value())));
    }
}
