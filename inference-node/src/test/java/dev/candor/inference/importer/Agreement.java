package dev.candor.inference.importer;

/** How near the logits of one form of a model are to those of another, gathered row by row. */
final class Agreement {
    private int rows;
    private int sameBest;
    private double divergence;
    private double referenceLoss;
    private double loss;

    /**
     * Adds the rows of a text.
     *
     * @param reference logits of every position, {@code tokens.length} rows
     * @param other     the same of the other form
     */
    void add(float[] reference, float[] other, int[] tokens) {
        int width = reference.length / tokens.length;
        for (int row = 0; row < tokens.length; row++) {
            int from = row * width;
            double referenceNorm = logSumOfExp(reference, from, width);
            double otherNorm = logSumOfExp(other, from, width);
            double sum = 0;
            for (int i = from; i < from + width; i++) {
                double p = reference[i] - referenceNorm;
                sum += Math.exp(p) * (p - (other[i] - otherNorm));
            }
            divergence += sum;
            sameBest += best(reference, from, width) == best(other, from, width) ? 1 : 0;
            if (row + 1 < tokens.length) {
                referenceLoss += referenceNorm - reference[from + tokens[row + 1]];
                loss += otherNorm - other[from + tokens[row + 1]];
            }
            rows++;
        }
    }

    int rows() {
        return rows;
    }

    /** Share of rows with the same best token. */
    double topOne() {
        return (double) sameBest / rows;
    }

    /** Mean Kullback-Leibler divergence of the other's distribution from the reference's, in nats. */
    double divergence() {
        return divergence / rows;
    }

    /** Ratio of the other's perplexity to the reference's. */
    double perplexityRatio() {
        return Math.exp((loss - referenceLoss) / rows);
    }

    private static double logSumOfExp(float[] values, int from, int width) {
        double largest = values[best(values, from, width) + from];
        double sum = 0;
        for (int i = from; i < from + width; i++) {
            sum += Math.exp(values[i] - largest);
        }
        return largest + Math.log(sum);
    }

    static int best(float[] values, int from, int width) {
        int best = from;
        for (int i = from; i < from + width; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best - from;
    }
}
