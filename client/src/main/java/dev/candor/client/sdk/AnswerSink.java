package dev.candor.client.sdk;

import java.io.IOException;
import java.net.http.HttpHeaders;

/** Receives an answer's stream while it comes, before it is verified; a throw stops the exchange. */
public interface AnswerSink {
    /** An answer, streamed or whole, begins; once more for each time that it is asked for again. */
    default void begin(HttpHeaders headers) {}

    /**
     * One whole SSE block, exactly as it came. The receipt's lines and {@code [DONE]} are held back.
     *
     * @throws IOException if the reader is gone
     */
    void event(byte[] block) throws IOException;

    /** A sink that drops everything. */
    static AnswerSink none() {
        return block -> {};
    }
}
