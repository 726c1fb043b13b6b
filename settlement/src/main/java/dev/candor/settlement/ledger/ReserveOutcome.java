package dev.candor.settlement.ledger;

/** What became of an attempt to reserve. */
public sealed interface ReserveOutcome {
    /** The caller holds the payment and must commit or release it. */
    record Reserved() implements ReserveOutcome {}

    /** Another request with this authorization is at work, or has been answered. */
    record Taken(Payment payment) implements ReserveOutcome {}

    /** The payer's or the node's bound on unsettled amounts would be passed. */
    record OverLimit(String reason) implements ReserveOutcome {}
}
