package dev.candor.settlement.ledger;

/** The states of a payment, in the order they are passed through. */
public enum PaymentState {
    /** The authorization is taken for a request that is at work. */
    RESERVED,
    /** The work failed or was interrupted before anything was delivered: nothing is charged, the authorization may be used again. */
    RELEASED,
    /** The receipt is committed with the amount; settlement is due. */
    CHARGED,
    /** A settlement transaction is in the outbox. */
    SETTLING,
    /** The tokens moved, or the amount was zero. */
    SETTLED,
    /** The authorization lapsed or can no longer be settled: the amount is written off. */
    WRITTEN_OFF;

    /**
     * Whether {@link Ledger#transition} may move a payment from this state to {@code next}. Back steps are there for what a
     * chain can take back: a settlement that failed is due again, one that a reorganisation removed is under way again,
     * and one that was given up too early turns out to have happened.
     */
    public boolean leadsTo(PaymentState next) {
        return switch (this) {
            case RESERVED, RELEASED -> false;
            case CHARGED -> next == SETTLING || next == SETTLED || next == WRITTEN_OFF;
            case SETTLING -> next == CHARGED || next == SETTLED || next == WRITTEN_OFF;
            case SETTLED -> next == SETTLING || next == CHARGED;
            case WRITTEN_OFF -> next == SETTLED;
        };
    }

    /** Whether the payer's signature may still cost the node: its cap counts against the bounds. */
    public boolean unsettled() {
        return this == RESERVED || this == CHARGED || this == SETTLING;
    }
}
