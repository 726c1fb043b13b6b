package dev.candor.client.sdk;

import java.time.Duration;

/**
 * When a request is sent again. What is paid is always sent with the same payment and the same bytes, so that a node charges it once.
 *
 * @param retries       how often at most
 * @param firstWait     before the first retry; doubled for each further one, unless the node says how long to wait
 * @param maxWait       a node that wants more time than this is not waited for
 * @param onRefusals    also after the answers 408, 429 and 5xx, as {@code x-should-retry} and {@code retry-after} say
 * @param unpaidConnect also when nothing listens, where nothing is paid
 */
public record RetryPolicy(int retries, Duration firstWait, Duration maxWait, boolean onRefusals, boolean unpaidConnect) {
    private static final Duration FIRST_WAIT = Duration.ofMillis(300);
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    /** @throws IllegalArgumentException if a number is negative */
    public RetryPolicy {
        if (retries < 0 || firstWait.isNegative() || maxWait.isNegative()) {
            throw new IllegalArgumentException("retries and waits must not be negative: " + retries + ", " + firstWait + ", " + maxWait);
        }
    }

    /** Only what was paid for and got lost on the way: for those who pass refusals on. */
    public static RetryPolicy connections() {
        return new RetryPolicy(4, FIRST_WAIT, MAX_WAIT, false, false);
    }

    /** Lost connections and refusals that a later try may overcome. */
    public static RetryPolicy standard(int retries) {
        return new RetryPolicy(retries, FIRST_WAIT, MAX_WAIT, true, true);
    }

    Duration backoff(int retry) {
        Duration wait = firstWait.multipliedBy(1L << Math.min(retry, 10));
        return wait.compareTo(maxWait) > 0 ? maxWait : wait;
    }
}
