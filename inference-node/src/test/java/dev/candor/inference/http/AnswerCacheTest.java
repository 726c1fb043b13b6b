package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.inference.testing.TestClock;
import dev.candor.settlement.ledger.PaymentKey;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private static final int KIB = 1024;

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final AnswerCache cache = new AnswerCache(clock, Duration.ofMinutes(10), 10 * KIB);

    @Test
    void keepsAnAnswerForItsTimeAndNotASecondMore() {
        cache.put(payment(1), answer(100));
        clock.advance(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(cache.get(payment(1))).isPresent();

        clock.advance(Duration.ofSeconds(1));

        assertThat(cache.get(payment(1))).isEmpty();
    }

    @Test
    void forgetsTheOldestOnceItsBytesAreUsedUp() {
        for (int i = 1; i <= 4; i++) {
            cache.put(payment(i), answer(2 * KIB));
        }

        assertThat(cache.get(payment(1))).isEmpty();
        for (int i = 2; i <= 4; i++) {
            assertThat(cache.get(payment(i))).isPresent();
        }
    }

    @Test
    void keepsNothingLargerThanAllItsBytesAndLosesNothingForIt() {
        cache.put(payment(1), answer(KIB));

        cache.put(payment(2), answer(10 * KIB));

        assertThat(cache.get(payment(1))).isPresent();
        assertThat(cache.get(payment(2))).isEmpty();
    }

    @Test
    void countsAnAnswerOnceThoughItIsPutTwiceAndNotAfterItsRemoval() {
        for (int i = 0; i < 20; i++) {
            cache.put(payment(1), answer(4 * KIB));
            cache.put(payment(2), answer(2 * KIB));
            cache.remove(payment(2));
        }

        assertThat(cache.get(payment(1))).isPresent();
        assertThat(cache.get(payment(2))).isEmpty();
    }

    @Test
    void isBoundedAsPromised() {
        assertThat(AnswerCache.LIFETIME).isEqualTo(Duration.ofMinutes(10));
        assertThat(AnswerCache.MAX_BYTES).isEqualTo(64L * KIB * KIB);
    }

    private static Reply answer(int bytes) {
        return Reply.of("text/plain", new byte[bytes]);
    }

    private static PaymentKey payment(int nonce) {
        return new PaymentKey(31_337, EvmAddress.of(new byte[20]), BigInteger.valueOf(nonce));
    }
}
