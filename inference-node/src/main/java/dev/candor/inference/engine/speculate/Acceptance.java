package dev.candor.inference.engine.speculate;

/** How often the guesses for one sequence were right of late. Not thread-safe. */
public final class Acceptance {
    private static final double START = 0.5;
    private static final double LATEST = 0.2;
    /** Guesses that were possible but not worth trying, before one is tried all the same. */
    private static final int PATIENCE = 48;

    private double rate = START;
    private int passed;

    /** The share of guessed tokens that are right, each given that those before it are. */
    double rate() {
        return rate;
    }

    /** Learns from a step. @param accepted how many of {@code guessed} tokens, from the first on, were right */
    public void learn(int guessed, int accepted) {
        for (int i = 0; i < Math.min(guessed, accepted + 1); i++) {
            rate += LATEST * ((i < accepted ? 1 : 0) - rate);
        }
    }

    int probe() {
        passed = (passed + 1) % PATIENCE;
        return passed == 0 ? 1 : 0;
    }
}
