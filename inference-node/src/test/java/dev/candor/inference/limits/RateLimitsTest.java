package dev.candor.inference.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactory;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final RateLimit LIMIT = new RateLimit(3, 100);
    private static final ClientId ANNA = address("anna");

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final RateLimits limits = new RateLimits(nanos::get, 4);

    @Test
    void letsAsManyRequestsThroughAsTheLimitSaysAndThenOneAtATime() throws Exception {
        for (int i = 0; i < 3; i++) {
            limits.take(ANNA, LIMIT, 1);
        }
        refused(LIMIT, 1).satisfies(e -> {
            assertThat(e.unit()).isEqualTo(RateLimitedException.Unit.REQUESTS);
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(20));
        });

        pass(Duration.ofSeconds(20).minusNanos(1000));
        refused(LIMIT, 1).satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofNanos(1000)));
        pass(Duration.ofNanos(1000));
        limits.take(ANNA, LIMIT, 1);
        refused(LIMIT, 1);
    }

    @Test
    void countsTokensTooAndTakesNothingWhenItRefuses() throws Exception {
        limits.take(ANNA, LIMIT, 70);
        refused(LIMIT, 31).satisfies(e -> {
            assertThat(e.unit()).isEqualTo(RateLimitedException.Unit.TOKENS);
            assertThat(e.retryAfter()).contains(Duration.ofMillis(600));
        });

        Standing standing = limits.standing(ANNA, LIMIT);
        assertThat(standing.requests().orElseThrow()).isEqualTo(new Standing.Count(3, 2, Duration.ofSeconds(20)));
        assertThat(standing.tokens().orElseThrow()).isEqualTo(new Standing.Count(100, 30, Duration.ofSeconds(42)));
        limits.take(ANNA, LIMIT, 30);
    }

    @Test
    void whatCanNeverPassIsToldSo() {
        refused(LIMIT, 101).satisfies(e -> {
            assertThat(e.retryAfter()).isEmpty();
            assertThat(e.asked()).isEqualTo(101);
            assertThat(e.limit()).isEqualTo(100);
        });
        assertThat(limits.standing(ANNA, LIMIT).requests().orElseThrow().remaining()).isEqualTo(3);
    }

    @Test
    void givesBackOnceWhatWasNotUsed() throws Exception {
        Allowance allowance = limits.take(ANNA, LIMIT, 80);
        allowance.used(30);
        allowance.used(0);
        allowance.close();
        assertThat(remaining()).isEqualTo(70);

        limits.take(ANNA, LIMIT, 70).close();
        assertThat(remaining()).isEqualTo(70);

        limits.take(ANNA, LIMIT, 10).used(50);
        assertThat(remaining()).isEqualTo(60);
    }

    @Test
    void neverHoldsMoreThanTheLimit() throws Exception {
        Allowance allowance = limits.take(ANNA, LIMIT, 80);
        pass(Duration.ofHours(1));
        allowance.close();

        assertThat(remaining()).isEqualTo(100);
        refused(LIMIT, 101);
    }

    @Test
    void fillsEvenlyWhateverTheLimitAndTheSteps() throws Exception {
        RateLimit odd = new RateLimit(0, 7);
        limits.take(ANNA, odd, 7);
        for (int i = 0; i < 60_000; i++) {
            pass(Duration.ofMillis(1));
            limits.standing(ANNA, odd);
        }

        limits.take(ANNA, odd, 7);
        refused(odd, 1);
    }

    @Test
    void theGreatestLimitDoesNotOverflow() throws Exception {
        RateLimit all = new RateLimit(Integer.MAX_VALUE, Integer.MAX_VALUE);
        limits.take(ANNA, all, Integer.MAX_VALUE);
        refused(all, Integer.MAX_VALUE).satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofMinutes(1)));
        pass(Duration.ofDays(10_000));
        limits.take(ANNA, all, Integer.MAX_VALUE);
        assertThatThrownBy(() -> limits.take(ANNA, all, Long.MAX_VALUE)).isInstanceOf(RateLimitedException.class);
    }

    @Test
    void noLimitTakesAndRemembersNothing() throws Exception {
        limits.take(ANNA, RateLimit.NONE, Long.MAX_VALUE).close();

        assertThat(limits.standing(ANNA, RateLimit.NONE)).isEqualTo(new Standing(Optional.empty(), Optional.empty()));
        assertThat(limits.size()).isZero();
    }

    @Test
    void aLimitThatIsChangedKeepsWhatWasUsed() throws Exception {
        limits.take(ANNA, LIMIT, 90);

        assertThat(limits.standing(ANNA, new RateLimit(3, 200)).tokens().orElseThrow().remaining()).isEqualTo(110);
        assertThat(limits.standing(ANNA, new RateLimit(3, 50)).tokens().orElseThrow().remaining()).isZero();
        assertThat(limits.standing(ANNA, new RateLimit(3, 0)).tokens()).isEmpty();
    }

    @Test
    void kindsOfClientsAreNotMixedUp() throws Exception {
        limits.take(new ClientId(ClientId.Kind.KEY, "anna"), LIMIT, 100);

        limits.take(ANNA, LIMIT, 100);
    }

    @Test
    void forgetsOnlyThoseWhoseAllowanceIsWhole() throws Exception {
        for (int i = 0; i < 4; i++) {
            limits.take(address("early " + i), LIMIT, 100);
        }
        pass(Duration.ofSeconds(61));
        limits.take(ANNA, LIMIT, 100);

        assertThat(limits.size()).isEqualTo(4);
        refused(LIMIT, 1);
    }

    @Test
    void toBeForgottenIsNoWayOut() throws Exception {
        limits.take(ANNA, LIMIT, 100);
        AtomicInteger served = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            try {
                limits.take(address("invented " + i), LIMIT, 100);
                served.incrementAndGet();
            } catch (RateLimitedException e) {
                assertThat(e.limit()).isEqualTo(100);
            }
        }

        refused(LIMIT, 1);
        assertThat(served).as("three that are remembered beside her, and all others as one").hasValue(4);
        assertThat(limits.size()).isEqualTo(4);
        limits.take(new ClientId(ClientId.Kind.PAYER, "0x1"), LIMIT, 100);
    }

    @Test
    void threadsTakeNoMoreTogether() throws Exception {
        RateLimit many = new RateLimit(500, 0);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> one = () -> {
                try {
                    limits.take(ANNA, many, 1);
                    return true;
                } catch (RateLimitedException e) {
                    return false;
                }
            };
            List<Future<Boolean>> all = threads.invokeAll(IntStream.range(0, 2000).mapToObj(i -> one).toList());
            int taken = 0;
            for (Future<Boolean> each : all) {
                taken += each.get() ? 1 : 0;
            }
            assertThat(taken).isEqualTo(500);
        }
    }

    private long remaining() {
        return limits.standing(ANNA, LIMIT).tokens().orElseThrow().remaining();
    }

    private AbstractThrowableAssert<?, RateLimitedException> refused(RateLimit limit, long tokens) {
        return assertThatThrownBy(() -> limits.take(ANNA, limit, tokens)).asInstanceOf(
                new InstanceOfAssertFactory<>(RateLimitedException.class, Assertions::assertThat));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static ClientId address(String name) {
        return new ClientId(ClientId.Kind.ADDRESS, name);
    }
}
