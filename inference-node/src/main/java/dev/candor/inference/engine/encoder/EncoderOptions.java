package dev.candor.inference.engine.encoder;

import dev.candor.inference.limits.ClientShare;
import java.time.Duration;

/**
 * Bounds of a batching encoder.
 *
 * @param maxWaitingTokens tokens of all sequences that may wait; a request that would make them more is refused, unless it is alone
 * @param share            of those that one client may have
 * @param drain            how long {@link EncoderEngine#close()} lets work finish before it is dropped
 * @param restAfter        how long nothing must have come before the runner {@link EncoderRunner#rest() rests}
 */
public record EncoderOptions(long maxWaitingTokens, ClientShare share, Duration drain, Duration restAfter) {
    public EncoderOptions {
        if (maxWaitingTokens < 1) {
            throw new IllegalArgumentException("maxWaitingTokens must be at least 1: " + maxWaitingTokens);
        }
        if (!restAfter.isPositive()) {
            throw new IllegalArgumentException("restAfter must be positive: " + restAfter);
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("drain must not be negative: " + drain);
        }
    }

    /** One client may have all of them. */
    public EncoderOptions(long maxWaitingTokens, Duration drain, Duration restAfter) {
        this(maxWaitingTokens, ClientShare.WHOLE, drain, restAfter);
    }

    /** With a rest after five seconds. */
    public EncoderOptions(long maxWaitingTokens, Duration drain) {
        this(maxWaitingTokens, drain, Duration.ofSeconds(5));
    }

    public EncoderOptions withShare(ClientShare other) {
        return new EncoderOptions(maxWaitingTokens, other, drain, restAfter);
    }

    /** Four million tokens, half a minute. */
    public static EncoderOptions defaults() {
        return new EncoderOptions(1 << 22, Duration.ofSeconds(30));
    }
}
