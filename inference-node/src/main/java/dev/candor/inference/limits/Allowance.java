package dev.candor.inference.limits;

import java.util.concurrent.atomic.AtomicBoolean;

/** Tokens that were taken for one request, to be corrected once by what it used. Thread-safe. */
public final class Allowance implements AutoCloseable {
    private final RateLimits limits;
    private final Account account;
    private final long taken;
    private final AtomicBoolean settled = new AtomicBoolean();

    Allowance(RateLimits limits, Account account, long taken) {
        this.limits = limits;
        this.account = account;
        this.taken = taken;
    }

    /** The request has used so many; the rest is given back. */
    public void used(long tokens) {
        if (settled.compareAndSet(false, true)) {
            limits.give(account, Math.max(0, taken - tokens));
        }
    }

    /** Gives all tokens back, unless it was said how many were used. */
    @Override
    public void close() {
        used(0);
    }
}
