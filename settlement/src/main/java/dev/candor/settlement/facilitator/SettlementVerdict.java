package dev.candor.settlement.facilitator;

import java.util.Optional;

/** What follows from what the outbox says of a settlement. */
sealed interface SettlementVerdict {
    /** Nothing yet. */
    record Pending() implements SettlementVerdict {}

    /** The tokens moved in {@code transaction}. */
    record Settled(String transaction) implements SettlementVerdict {}

    /** It failed for a reason that may go away. */
    record TryAgain(String reason) implements SettlementVerdict {}

    /** It can never be settled. */
    record Hopeless(String reason, Optional<String> transaction) implements SettlementVerdict {}
}
