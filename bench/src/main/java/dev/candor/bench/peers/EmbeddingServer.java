package dev.candor.bench.peers;

import java.io.IOException;
import java.util.List;

/** Makes vectors of texts, one text a request. */
interface EmbeddingServer {
    /**
     * @param concurrency requests at once
     * @param keep        whether the vectors are wanted too
     */
    EmbeddingRound embed(List<String> texts, int concurrency, boolean keep) throws IOException, InterruptedException;
}
