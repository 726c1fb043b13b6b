package dev.candor.settlement.chain;

/** How far a call in the {@link Outbox} is. */
public enum OutboxState {
    /** Kept, not signed yet. */
    QUEUED,
    /** Signed with a nonce of its own, kept, and handed to the chain or about to be. */
    SENT,
    /** In a block that may still be taken back. */
    MINED,
    /** Done: in a block that is deep enough. */
    CONFIRMED,
    /** In a block that is deep enough, but the contract reverted it. */
    REVERTED,
    /** Never sent, because the contract would have reverted it or its owner withdrew it. */
    REFUSED;

    /** Whether nothing more happens to it. */
    public boolean isFinal() {
        return this == CONFIRMED || this == REVERTED || this == REFUSED;
    }
}
