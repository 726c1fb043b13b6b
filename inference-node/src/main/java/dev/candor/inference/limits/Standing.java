package dev.candor.inference.limits;

import java.time.Duration;
import java.util.Optional;

/** Where a client stands with its limits. */
public record Standing(Optional<Count> requests, Optional<Count> tokens) {
    /**
     * One limit.
     *
     * @param limit     a minute
     * @param remaining that may be asked for now
     * @param reset     until all of the limit is there again, if nothing is asked for in between
     */
    public record Count(long limit, long remaining, Duration reset) {}
}
