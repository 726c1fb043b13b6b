package dev.candor.settlement.chain;

import java.util.Optional;

/**
 * How the outbox does.
 *
 * @param queued      calls that wait to be sent
 * @param unconfirmed calls that are sent or mined, and not final
 * @param reachable   whether the chain answered when it was last asked, which it is only while something is under way
 * @param trouble     what went wrong last time, in one line
 */
public record OutboxStatus(int queued, int unconfirmed, boolean reachable, Optional<String> trouble) {}
