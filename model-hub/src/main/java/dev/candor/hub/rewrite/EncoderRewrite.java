package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.OnnxGraph;
import dev.candor.hub.onnx.OnnxModel;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rewrites encoders of BERT's kind to the fused operators that ONNX Runtime has for them but does not find by itself in what PyTorch exports. What is
 * fused is found by its operators and constants, never by names. Whether the result computes the same is for a {@link GraphCheck} to say.
 */
public final class EncoderRewrite {
    /** Name and version, as it stands in configurations; another version may make another graph of the same. */
    public static final String NAME = "bert-fusion-1";

    private EncoderRewrite() {}

    /**
     * A rewritten model.
     *
     * @param attentions self-attentions that were fused
     * @param embeddings sums of embeddings
     * @param skips      residual sums with their normalisation
     * @param norms      normalisations in all
     * @param gelus      activations
     */
    public record Result(OnnxModel model, int attentions, int embeddings, int skips, int norms, int gelus) {
        /** Whether anything worth a graph of its own was found. */
        public boolean changed() {
            return attentions > 0;
        }
    }

    /** Rewrites {@code model}; weights in files beside it are left as they are. */
    public static Result of(OnnxModel model) {
        WorkGraph graph = new WorkGraph(model.graph());
        Integers integers = new Integers(graph, model.graph().inputs());
        int norms = new LayerNormFusion(graph).apply();
        graph.prune();
        int gelus = new GeluFusion(graph).apply();
        int attentions = new AttentionFusion(graph, new MaskSource(graph, integers)).apply();
        int embeddings = new EmbeddingFusion(graph, integers).apply();
        graph.prune();
        int skips = new SkipFusion(graph).apply();
        Map<String, Long> opsets = new TreeMap<>(model.opsets());
        opsets.put(OnnxGraph.MICROSOFT, 1L);
        return new Result(model.with(opsets, graph.build()), attentions, embeddings, skips, norms, gelus);
    }
}
