package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(-3 * SECOND);
    private final RateMeter meter = new RateMeter(now::get);

    @Test
    void countsTheLastTenSeconds() {
        for (int second = 0; second < 15; second++) {
            meter.add(20);
            now.addAndGet(SECOND);
        }

        assertThat(meter.perSecond()).isEqualTo(18);
    }

    @Test
    void forgetsAfterAPause() {
        meter.add(500);
        assertThat(meter.perSecond()).isEqualTo(50);

        now.addAndGet(1_000 * SECOND);
        assertThat(meter.perSecond()).isZero();
    }
}
