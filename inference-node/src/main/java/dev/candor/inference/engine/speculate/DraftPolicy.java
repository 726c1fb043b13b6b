package dev.candor.inference.engine.speculate;

/**
 * How long guesses should be. A guessed token costs a row of the step whether or not it turns out right; the next one is worth its row as
 * long as it raises the tokens expected a second of the whole step. So guessing ends by itself where rows are dear or guesses bad. Not
 * thread-safe.
 */
public final class DraftPolicy {
    private final StepCost cost = new StepCost();
    private double tokens;
    private double nanos;

    /** Learns what a step took. @param rows rows of logits computed */
    public void measured(int rows, long stepNanos) {
        cost.add(rows, stepNanos);
    }

    /** A step of so many sequences begins. */
    public void begin(int sequences) {
        tokens = sequences;
        nanos = cost.known() ? cost.of(sequences) : 0;
    }

    /** How many of the {@code available} guessed tokens to try for the next sequence of the step. */
    public int length(Acceptance acceptance, int available) {
        int length = 0;
        double gain = acceptance.rate();
        while (length < available && nanos > 0 && gain * nanos > tokens * cost.perRow()) {
            tokens += gain;
            nanos += cost.perRow();
            gain *= acceptance.rate();
            length++;
        }
        return length > 0 || available == 0 ? length : acceptance.probe();
    }
}
