package dev.candor.inference.engine;

/**
 * One step of the sequences in slots {@code 0..batch}: slot {@code i} holds {@code lengths[i]} tokens and gets {@code tokens[i]} behind
 * them.
 *
 * @param tokens  one or more a sequence, at most {@link ModelRunner#stepTokens()}
 * @param lengths tokens that each slot holds before the step
 * @param exact   whether the step must compute the bits that a prefill of the same tokens computes
 */
public record DecodeStep(int batch, int[][] tokens, int[] lengths, boolean exact) {
    /** Logits rows of the step. */
    public int rows() {
        int rows = 0;
        for (int i = 0; i < batch; i++) {
            rows += tokens[i].length;
        }
        return rows;
    }
}
