package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ScoringTask;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A transcript on its way through the engine.
 *
 * @param arrived nanoseconds on the engine's clock
 */
record PendingTranscript(ScoringTask task, long arrived) {
    /** The longest that one may wait and be computed. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Tokens whose logits can be wanted. */
    int length() {
        return task.tokens().length - 1;
    }

    /** Whether nobody waits for it, or its time is up. */
    boolean over(long now) {
        return task.cancelled() || late(now) || starved(now);
    }

    private boolean late(long now) {
        return task.deadlineNanos().isPresent() && now - task.deadlineNanos().getAsLong() >= 0;
    }

    private boolean starved(long now) {
        return now - arrived >= PATIENCE.toNanos();
    }

    /** Tells one that is {@link #over} why. */
    void end(long now) {
        if (late(now)) {
            task.failed(new TimeoutException("the time for the transcript was up before it was computed"));
        } else if (starved(now)) {
            task.failed(new EngineOverloadedException(
                    "the transcript was not computed within " + PATIENCE.toMinutes() + " minutes: other work left no memory or time for it"));
        } else {
            task.finished();
        }
    }
}
