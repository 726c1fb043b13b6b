package dev.candor.settlement.facilitator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that begins now and runs so many times as fast as others, for tests of what happens after some rest. */
final class FastClock extends Clock {
    private final Instant begin = Instant.now();
    private final int factor;

    FastClock(int factor) {
        this.factor = factor;
    }

    @Override
    public Instant instant() {
        return begin.plus(Duration.between(begin, Instant.now()).multipliedBy(factor));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
