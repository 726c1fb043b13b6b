package dev.candor.hub.importer.encoder;

import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * What an encoder's graph does not tell of its use.
 *
 * @param maxTokens  longest text, special tokens included
 * @param labels     in the order of the scores; empty for an embedding or a reranking
 * @param multiLabel whether labels are scored each for itself
 * @param padToken   id that fills short texts
 * @param vocabSize  where the configuration tells it; otherwise it is read off the graph
 * @param output     name of the output to use; absent for the one that fits the task
 */
public record EncoderRecipe(
        EncoderTask task,
        Pooling pooling,
        boolean normalize,
        int maxTokens,
        List<String> labels,
        boolean multiLabel,
        int padToken,
        Optional<Integer> vocabSize,
        Optional<String> output) {
    public EncoderRecipe {
        labels = List.copyOf(labels);
    }

    /** Of a model that gives vectors, or a score. */
    public static EncoderRecipe embedding(EncoderTask task, Pooling pooling, boolean normalize, int maxTokens) {
        return new EncoderRecipe(task, pooling, normalize, maxTokens, List.of(), false, 0, Optional.empty(), Optional.empty());
    }
}
