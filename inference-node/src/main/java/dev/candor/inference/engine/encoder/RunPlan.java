package dev.candor.inference.engine.encoder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Splits what is taken into runs of sequences of like lengths, longest first: short ones are filled up to the longest of their run, and what is
 * filled is computed for nothing.
 */
record RunPlan(int maxRunTokens) {
    /** A run costs, beside its tokens, about as much as this many of them. */
    private static final int RUN_COST = 16;

    List<List<EncoderWork.Item>> split(List<EncoderWork.Item> items) {
        List<EncoderWork.Item> sorted = new ArrayList<>(items);
        sorted.sort(Comparator.comparingInt(EncoderWork.Item::length).reversed());
        List<List<EncoderWork.Item>> runs = new ArrayList<>();
        List<EncoderWork.Item> run = new ArrayList<>();
        int filled = 0;
        for (EncoderWork.Item item : sorted) {
            int longest = run.isEmpty() ? item.length() : run.getFirst().length();
            int wasted = filled + longest - item.length();
            boolean full = (long) (run.size() + 1) * longest > maxRunTokens;
            boolean wasteful = wasted > RUN_COST + longest * (run.size() + 1) / 8;
            if (!run.isEmpty() && (full || wasteful)) {
                runs.add(run);
                run = new ArrayList<>();
                wasted = 0;
            }
            run.add(item);
            filled = wasted;
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }
}
