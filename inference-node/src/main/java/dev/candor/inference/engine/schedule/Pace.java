package dev.candor.inference.engine.schedule;

/**
 * How long runs have taken of late, and from that how many prompt tokens to compute between two decode steps, so that sequences that
 * decode feel little of it. Chunks come in a few sizes, since ONNX Runtime plans its memory anew for each. Not thread-safe.
 */
final class Pace {
    private static final int[] SIZES = {8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048};
    /** While somebody waits for each token, a prompt takes at most this share of a decode step on top of it. */
    private static final double BESIDE_INTERACTIVE = 0.7;
    private static final double BESIDE_BATCH = 4;
    /** A short prompt is soon over, and in small pieces takes twice its time: sequences that decode wait so long for it, once a step. */
    private static final double BESIDE_SHORT_NANOS = 150e6;
    /** Nothing is cancelled sooner than within a run. */
    private static final double LONGEST_NANOS = 250e6;
    private static final double FASTER = 0.5;
    private static final double SLOWER = 0.25;
    /** Measurements older than so many runs are of another situation. */
    private static final long FRESH = 64;

    private final int largest;
    private final double[] prefill = new double[SIZES.length];
    private final long[] measured = new long[SIZES.length];
    private final double[] decode;
    private long runs;

    /**
     * @param largest tokens of a chunk at most
     * @param slots   sequences that decode at most
     */
    Pace(int largest, int slots) {
        this.largest = largest;
        this.decode = new double[slots + 1];
    }

    /** Learns from a prefill. */
    void prefilled(int tokens, long nanos) {
        int size = indexOf(tokens);
        runs++;
        measured[size] = runs;
        prefill[size] = blend(prefill[size], (double) nanos * SIZES[size] / Math.max(tokens, SIZES[0]));
    }

    /** Learns from a decode. */
    void decoded(int sequences, long nanos) {
        decode[sequences] = blend(decode[sequences], nanos);
    }

    private static double blend(double before, double now) {
        return before == 0 ? now : before + (now < before ? FASTER : SLOWER) * (now - before);
    }

    /**
     * Prompt tokens to compute before the next decode.
     *
     * @param decoding     sequences that decode
     * @param interactive  how many of them somebody waits for
     * @param shortPrompts short prompts not yet computed
     */
    int prefillTokens(int decoding, int interactive, int shortPrompts) {
        if (runs == 0) {
            return decoding == 0 ? largest : Math.min(largest, SIZES[0]);
        }
        double nanos = LONGEST_NANOS;
        if (decoding > 0) {
            double share = interactive > 0 ? BESIDE_INTERACTIVE : BESIDE_BATCH;
            nanos = Math.min(nanos, Math.max(share * decodeNanos(decoding), shortPrompts > 0 ? BESIDE_SHORT_NANOS : 0));
        }
        int best = 0;
        for (int i = 1; i < SIZES.length && SIZES[i] <= largest; i++) {
            if (expected(i) <= nanos) {
                best = i;
            }
        }
        return Math.min(largest, SIZES[best]);
    }

    private double decodeNanos(int sequences) {
        for (int distance = 0; distance < decode.length; distance++) {
            for (int near : new int[] {sequences - distance, sequences + distance}) {
                if (near > 0 && near < decode.length && decode[near] > 0) {
                    return decode[near];
                }
            }
        }
        return 0;
    }

    /** What a chunk takes: as measured, or in proportion to the next smaller one that was, which is rather too much. */
    private double expected(int size) {
        for (int i = size; i >= 0; i--) {
            if (fresh(i)) {
                return prefill[i] * SIZES[size] / SIZES[i];
            }
        }
        for (int i = size + 1; i < SIZES.length; i++) {
            if (fresh(i)) {
                return prefill[i] * SIZES[size] / SIZES[i];
            }
        }
        throw new IllegalStateException("the last run is always fresh");
    }

    private boolean fresh(int size) {
        return measured[size] > 0 && runs - measured[size] <= FRESH;
    }

    private static int indexOf(int tokens) {
        int index = 0;
        while (index + 1 < SIZES.length && SIZES[index + 1] <= tokens) {
            index++;
        }
        return index;
    }
}
