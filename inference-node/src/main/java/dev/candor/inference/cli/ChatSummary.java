package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.pay.OpgAmount;
import dev.candor.client.sdk.ExchangeOutcome;
import java.math.BigInteger;

/** What an answer's receipt says, in one line or as JSON. */
record ChatSummary(ExchangeOutcome.Answered answered, String text) {
    private static final int DIGEST_DIGITS = 12;

    /** For people: verified or not, model and digest, tokens, charge, receipt id. */
    String line() {
        Receipt receipt = answered.receipt();
        return "[" + answered.report().summary() + "] " + receipt.model().name() + " sha256:"
                + receipt.model().digest().hex().substring(0, DIGEST_DIGITS) + " | "
                + receipt.usage().promptTokens() + " + " + receipt.usage().completionTokens() + " tokens | "
                + new OpgAmount(charged(receipt)) + " | " + receipt.id();
    }

    /** {@code {"text","verified","receiptId","charged","model","modelDigest","promptTokens","completionTokens","summary","checks"}}. */
    ObjectNode json() {
        Receipt receipt = answered.receipt();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("text", text)
                .put("verified", answered.report().verified())
                .put("receiptId", receipt.id().value())
                .put("charged", charged(receipt).toString())
                .put("model", receipt.model().name())
                .put("modelDigest", receipt.model().digest().hex())
                .put("promptTokens", receipt.usage().promptTokens())
                .put("completionTokens", receipt.usage().completionTokens())
                .put("summary", answered.report().summary());
        json.set("checks", answered.report().json().get("checks"));
        return json;
    }

    private static BigInteger charged(Receipt receipt) {
        return receipt.payment().map(payment -> payment.charged()).orElse(BigInteger.ZERO);
    }
}
