package dev.candor.inference.e2e;

import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import java.util.Arrays;
import java.util.Optional;

/** What its buyer knows of one payment. */
final class Purchase {
    private final PayingClient.Order order;
    private byte[] delivered;
    private String receiptId;
    private int lost;

    Purchase(PayingClient.Order order) {
        this.order = order;
    }

    PayingClient.Order order() {
        return order;
    }

    /** The buyer has a receipt in hand. */
    synchronized void delivered(byte[] cose) throws ReceiptVerificationException {
        if (delivered != null && !Arrays.equals(delivered, cose)) {
            throw new AssertionError("two receipts for " + order.paymentId());
        }
        delivered = cose.clone();
        named(SignedReceipt.parse(cose).receipt().id().value());
    }

    /** The node says that this receipt is the payment's. */
    synchronized void named(String id) {
        if (receiptId != null && !receiptId.equals(id)) {
            throw new AssertionError("receipts " + receiptId + " and " + id + " for " + order.paymentId());
        }
        receiptId = id;
    }

    /** The connection was lost before the answer was whole. */
    synchronized void lost() {
        lost++;
    }

    synchronized int timesLost() {
        return lost;
    }

    synchronized Optional<byte[]> receipt() {
        return Optional.ofNullable(delivered);
    }

    synchronized Optional<String> receiptId() {
        return Optional.ofNullable(receiptId);
    }
}
