package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.settlement.x402.SettlementResponse;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402Headers;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What an answer says of its receipt and payment beside the OpenAI members. */
record ReceiptFields(Job job, X402Codec codec) {
    /** Headers known before the first token. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (job.wantsReceipt()) {
            headers.put("Candor-Receipt-Id", job.receiptId().value());
        }
        job.payment().ifPresent(paid -> {
            headers.put("Candor-Payment-Id", paid.key().id());
            headers.put("cache-control", "private");
        });
        return headers;
    }

    /** The headers of an answer whose charge is known; settlement follows later, so there is no transaction yet. */
    Map<String, String> headers(Optional<SignedAnswer> receipt) {
        Map<String, String> headers = headers();
        job.payment().ifPresent(paid -> headers.put(X402Headers.PAYMENT_RESPONSE, codec.encode(new SettlementResponse(
                true, null, null, paid.key().payer().value(), "", paid.offer().network(),
                receipt.map(signed -> signed.charged().toString()).orElse(null)))));
        return headers;
    }

    /** The member {@code candor} of a body, or the data of a receipt event. */
    ObjectNode member(SignedAnswer receipt) {
        ObjectNode member = JsonNodeFactory.instance.objectNode();
        if (job.wantsReceipt()) {
            member.put("receipt", Base64.getUrlEncoder().withoutPadding().encodeToString(receipt.cose()));
            member.put("receipt_id", receipt.id().value());
            ArrayNode tokens = member.putArray("token_ids").addArray();
            for (int token : receipt.tokens()) {
                tokens.add(token);
            }
            member.put("receipt_url", "/v1/receipts/" + receipt.id().value());
        }
        job.payment().ifPresent(paid -> member.put("payment_id", paid.key().id()).put("charged", receipt.charged().toString()));
        return member;
    }
}
