package dev.candor.client.verify;

import dev.candor.attestation.receipt.ReceiptId;
import java.util.Optional;

/** Where a client keeps the receipts it got, with request and answer, so that they can be checked later. Must be thread-safe. */
public interface ReceiptStore {
    /**
     * Keeps a receipt, in place of an earlier copy. It is called when the answer has come, and again when log proof and anchor have.
     *
     * @throws BundleException if it cannot be kept
     */
    void save(ReceiptBundle bundle) throws BundleException;

    /** The receipt {@code id}, if it is kept here. */
    Optional<ReceiptBundle> load(ReceiptId id) throws BundleException;

    /**
     * Keeps the newest receipts in memory.
     *
     * @param receipts how many; the oldest go first
     */
    static ReceiptStore inMemory(int receipts) {
        return new MemoryReceiptStore(receipts);
    }
}
