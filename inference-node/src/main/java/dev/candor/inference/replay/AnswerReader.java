package dev.candor.inference.replay;

import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;

/** Understands the requests and answers of one route. */
interface AnswerReader {
    /** @throws NotReplayableException if this program does not take the request, or cannot read the answer */
    AnswerPlan read(ReceiptBundle.Exchange exchange, Receipt receipt, ReplayModel model) throws NotReplayableException;
}
