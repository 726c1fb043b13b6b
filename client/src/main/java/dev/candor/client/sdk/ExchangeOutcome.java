package dev.candor.client.sdk;

import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.VerificationReport;

/** How an exchange with a node ended. */
public sealed interface ExchangeOutcome {
    /** The node answered with a receipt; {@code report} says whether it holds. */
    record Answered(ReceiptBundle bundle, Receipt receipt, VerificationReport report) implements ExchangeOutcome {}

    /**
     * The node answered, with no receipt in the answer, or none that can be read.
     *
     * @param reason what is missing
     * @param answer as it came
     */
    record Unproven(String reason, NodeAnswer answer) implements ExchangeOutcome {}

    /** The node refused. */
    record Refused(NodeAnswer answer) implements ExchangeOutcome {}
}
