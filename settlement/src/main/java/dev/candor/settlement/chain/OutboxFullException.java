package dev.candor.settlement.chain;

/** The outbox holds as many calls as it may: the chain has not taken any for long. */
public final class OutboxFullException extends Exception {
    public OutboxFullException(int limit) {
        super("the outbox holds " + limit + " calls that the chain has not taken yet; no more are accepted until it does");
    }
}
