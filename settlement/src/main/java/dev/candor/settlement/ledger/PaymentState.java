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
    WRITTEN_OFF
}
