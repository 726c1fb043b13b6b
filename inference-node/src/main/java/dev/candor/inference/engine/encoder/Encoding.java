package dev.candor.inference.engine.encoder;

import dev.candor.inference.engine.ModelException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** Sequences in the engine. Thread-safe. */
public interface Encoding {
    /**
     * Waits for all of them.
     *
     * @return as {@link EncoderRunner#run}
     * @throws ModelException        if the model failed on one of them
     * @throws CancellationException if they were cancelled, or the engine was closed
     * @throws TimeoutException      once their deadline has passed; they are cancelled then
     */
    List<float[]> await() throws ModelException, TimeoutException, InterruptedException;

    /** Drops those that are not at work yet, and leaves their place to others. Idempotent. */
    void cancel();
}
