package dev.candor.hub.quality;

/** Gathers a {@link QualityReport} text by text, for models that cannot be in memory together. */
public final class QualityMeter {
    private int rows;
    private int followed;
    private int sameBest;
    private double divergence;
    private double referenceLoss;
    private double loss;

    /**
     * Adds the rows of a text.
     *
     * @param reference logits of every position, {@code tokens.length} rows
     * @param other     the same of the other model
     * @throws IllegalArgumentException if the rows do not fit the tokens or each other
     */
    public void add(float[] reference, float[] other, int[] tokens) {
        if (tokens.length == 0 || reference.length != other.length || reference.length % tokens.length != 0) {
            throw new IllegalArgumentException(
                    reference.length + " and " + other.length + " logits do not fit " + tokens.length + " tokens of one vocabulary");
        }
        int width = reference.length / tokens.length;
        for (int row = 0; row < tokens.length; row++) {
            int from = row * width;
            double referenceNorm = logSumOfExp(reference, from, width);
            double otherNorm = logSumOfExp(other, from, width);
            divergence += divergence(reference, referenceNorm, other, otherNorm, from, width);
            sameBest += best(reference, from, width) == best(other, from, width) ? 1 : 0;
            if (row + 1 < tokens.length) {
                referenceLoss += referenceNorm - reference[from + tokens[row + 1]];
                loss += otherNorm - other[from + tokens[row + 1]];
                followed++;
            }
            rows++;
        }
    }

    /** @throws IllegalArgumentException if nothing was added */
    public QualityReport report() {
        if (rows == 0) {
            throw new IllegalArgumentException("there is no text to compare over");
        }
        double ratio = followed == 0 ? 1 : Math.exp((loss - referenceLoss) / followed);
        return new QualityReport(rows, divergence / rows, (double) sameBest / rows, ratio);
    }

    private static double divergence(float[] reference, double referenceNorm, float[] other, double otherNorm, int from, int width) {
        double sum = 0;
        for (int i = from; i < from + width; i++) {
            double p = reference[i] - referenceNorm;
            sum += Math.exp(p) * (p - (other[i] - otherNorm));
        }
        return sum;
    }

    private static double logSumOfExp(float[] values, int from, int width) {
        double largest = values[best(values, from, width) + from];
        double sum = 0;
        for (int i = from; i < from + width; i++) {
            sum += Math.exp(values[i] - largest);
        }
        return largest + Math.log(sum);
    }

    private static int best(float[] values, int from, int width) {
        int best = from;
        for (int i = from; i < from + width; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best - from;
    }
}
