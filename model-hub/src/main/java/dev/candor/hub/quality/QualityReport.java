package dev.candor.hub.quality;

import java.io.IOException;
import java.util.List;

/**
 * How near a form of a model is to another, by default the one in 32-bit floats.
 *
 * @param tokens          positions compared
 * @param divergence      mean Kullback-Leibler divergence of the other's distributions from the reference's, in nats
 * @param topOne          share of positions with the same best token, 0 to 1
 * @param perplexityRatio the other's perplexity over the text divided by the reference's
 */
public record QualityReport(int tokens, double divergence, double topOne, double perplexityRatio) {
    /** A model as the logits of the token after each of some tokens. */
    public interface Logits {
        /** One row of the vocabulary's size for each of {@code tokens}, row after row. */
        float[] rows(int[] tokens) throws IOException;
    }

    /**
     * Compares two models over {@code windows} of a text, each from an empty context. Both models' logits of one window are in memory at a time:
     * choose windows by the vocabulary.
     *
     * @throws IOException              if a model fails
     * @throws IllegalArgumentException if there is no token, or the models' vocabularies differ
     */
    public static QualityReport compare(Logits reference, Logits other, List<int[]> windows) throws IOException {
        QualityMeter meter = new QualityMeter();
        for (int[] window : windows) {
            meter.add(reference.rows(window), other.rows(window), window);
        }
        return meter.report();
    }
}
