package dev.candor.inference.engine.speculate;

import java.util.List;

/**
 * How many guessed tokens a step should take behind each sequence's last. All sequences of a step cost as many rows as the longest has, and
 * a row costs its time whether or not its guess turns out right; so the length is chosen that gives the most tokens a second, by what steps
 * and guesses have come to of late. That is none where rows are dear or guesses bad: guessing ends by itself. Not thread-safe.
 */
public final class DraftPolicy {
    /** A step with guesses must promise so much more than one without, since promises are uncertain. */
    private static final double WORTH_WHILE = 1.03;

    private final StepCost cost = new StepCost();

    /** A sequence that tokens were guessed for. */
    public record Candidate(Acceptance acceptance, int guessed) {
        private double expected(int length) {
            double gain = 1;
            double sum = 0;
            for (int i = 0; i < Math.min(length, guessed); i++) {
                gain *= acceptance.rate();
                sum += gain;
            }
            return sum;
        }
    }

    /** Learns what a step took. @param rows sequences times the tokens of the longest */
    public void measured(int rows, long stepNanos) {
        cost.add(rows, stepNanos);
    }

    /**
     * Guessed tokens a sequence may get at most in this step.
     *
     * @param sequences  in the step, those without guesses included
     * @param candidates those with guesses
     */
    public int length(int sequences, List<Candidate> candidates) {
        int longest = candidates.stream().mapToInt(Candidate::guessed).max().orElse(0);
        if (longest == 0 || !cost.known()) {
            return 0;
        }
        int best = 0;
        double bestRate = WORTH_WHILE * sequences / cost.of(sequences);
        for (int length = 1; length <= longest; length++) {
            int tried = length;
            double tokens = sequences + candidates.stream().mapToDouble(candidate -> candidate.expected(tried)).sum();
            double rate = tokens / cost.of(sequences * (1 + length));
            if (rate > bestRate) {
                bestRate = rate;
                best = length;
            }
        }
        return best > 0 ? best : probe(candidates);
    }

    /** Now and then one token is tried all the same: guesses may have become better. */
    private static int probe(List<Candidate> candidates) {
        int length = 0;
        for (Candidate candidate : candidates) {
            length = Math.max(length, candidate.acceptance().probe());
        }
        return length;
    }
}
