package dev.candor.hub.manifest;

import java.util.List;
import java.util.Optional;

/**
 * What serving needs to know of an encoder: a model that reads a whole text at once and gives a vector, labels or a score.
 *
 * @param graph      file name of the ONNX graph, with inputs {@code input_ids}, {@code attention_mask} and perhaps {@code token_type_ids}
 * @param tokenizer  file name of the Hugging Face tokenizer, whose post-processor adds the special tokens
 * @param form       the precision
 * @param output     name of the graph's output that is used
 * @param normalize  whether vectors are given with length one
 * @param width      components of a vector, or number of labels
 * @param maxTokens  longest text, special tokens included
 * @param vocabSize  token ids run from 0 to this, exclusive
 * @param padToken   id that fills short texts; hidden by the attention mask
 * @param labels     in the order of the scores; empty for an embedding
 * @param multiLabel whether labels are scored each for itself (sigmoid) and not against each other (softmax)
 * @param rewrite    what became of the graph's rewrite; absent where none was tried
 */
public record EncoderConfig(
        String graph,
        String tokenizer,
        String form,
        EncoderTask task,
        String output,
        Pooling pooling,
        boolean normalize,
        int width,
        int maxTokens,
        int vocabSize,
        int padToken,
        List<String> labels,
        boolean multiLabel,
        Optional<RewriteNote> rewrite)
        implements ServingConfig {
    /** @throws IllegalArgumentException if the labels do not fit task and width */
    public EncoderConfig {
        labels = List.copyOf(labels);
        boolean named = task == EncoderTask.CLASSIFICATION || task == EncoderTask.TOKEN_CLASSIFICATION;
        if (labels.size() != (named ? width : 0)) {
            throw new IllegalArgumentException(
                    "a model for " + task.word() + " of width " + width + " must have " + (named ? width : 0) + " labels, not " + labels.size());
        }
    }

    @Override
    public List<String> files() {
        return List.of(graph, tokenizer);
    }

    /** The same with another graph's file and rewrite. */
    public EncoderConfig with(String otherGraph, RewriteNote note) {
        return new EncoderConfig(
                otherGraph, tokenizer, form, task, output, pooling, normalize, width, maxTokens, vocabSize, padToken, labels, multiLabel,
                Optional.of(note));
    }
}
