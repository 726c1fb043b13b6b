package dev.candor.client.error;

import dev.candor.client.verify.ReceiptBundle;

/**
 * The answer verified, but what its settlement mode waits for did not come in time. The answer was paid for and is in {@link #bundle()}, and in the
 * client's receipt store, where proofs that come later are added.
 */
public final class ProofOverdueException extends CandorException {
    private static final long serialVersionUID = 1L;

    private final transient ReceiptBundle bundle;

    /**
     * With the answer that waits.
     *
     * @param message says what is missing
     * @param bundle  the answer with its receipt
     */
    public ProofOverdueException(String message, ReceiptBundle bundle) {
        super(message, null);
        this.bundle = bundle;
    }

    /**
     * The answer and its receipt, as far as they are proven.
     *
     * @return what is also in the receipt store
     */
    public ReceiptBundle bundle() {
        return bundle;
    }
}
