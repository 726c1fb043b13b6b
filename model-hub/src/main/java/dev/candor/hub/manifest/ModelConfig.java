package dev.candor.hub.manifest;

import java.util.List;

/**
 * What serving needs to know of a decoder's graph, kept as {@code config.json} in the model's folder and covered by its digest.
 *
 * @param graph         file name of the ONNX graph
 * @param tokenizer     file name of the Hugging Face tokenizer
 * @param chatTemplate  file name of the Jinja chat template
 * @param form          the precision: {@code q8} or another label of the importer's forms
 * @param headSize      width of one attention head
 * @param contextLength longest sequence, prompt and answer together, in tokens
 * @param bosToken      token id, or -1 where there is none
 * @param eosTokens     ids that end an answer
 */
public record ModelConfig(
        String graph,
        String tokenizer,
        String chatTemplate,
        String form,
        int layers,
        int heads,
        int kvHeads,
        int headSize,
        int hiddenSize,
        int vocabSize,
        int contextLength,
        int bosToken,
        List<Integer> eosTokens)
        implements ServingConfig {
    public ModelConfig {
        eosTokens = List.copyOf(eosTokens);
    }

    @Override
    public List<String> files() {
        return List.of(graph, tokenizer, chatTemplate);
    }
}
