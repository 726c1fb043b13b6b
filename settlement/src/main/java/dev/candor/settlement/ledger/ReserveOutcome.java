package dev.candor.settlement.ledger;

/** What became of an attempt to reserve. */
public sealed interface ReserveOutcome {
    /** The caller holds the payment and must commit or release it. */
    record Reserved() implements ReserveOutcome {}

    /** Another request with this authorization is at work, or has been answered. */
    record Taken(Payment payment) implements ReserveOutcome {}

    /** A bound on unsettled amounts would be passed. */
    record OverLimit(Bound bound, String reason) implements ReserveOutcome {}

    /** Whose bound it is. */
    enum Bound {
        /** What the payer's balance and allowance can carry. */
        PAYER,
        /** What the node risks in total. */
        TOTAL
    }
}
