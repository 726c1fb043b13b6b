package dev.candor.bench;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Times one runner: what goes in are token ids, what comes out is each sequence's most likely token, taken on the host. */
final class GpuBench {
    private static final double MILLION = 1e6;
    private static final double THOUSAND = 1e3;
    private static final int WARM_UP = 3;

    private final ModelRunner runner;
    private final GpuPlan plan;
    private final float[] logits;

    GpuBench(ModelRunner runner, GpuPlan plan) {
        this.runner = runner;
        this.plan = plan;
        this.logits = new float[runner.vocabSize()];
    }

    /**
     * Medians over the rounds.
     *
     * @param stepMillis    of a decode, by number of streams
     * @param prefillMillis until a prompt's first token is known, by the prompt's length
     */
    record Result(Map<Integer, Double> stepMillis, Map<Integer, Double> prefillMillis) {
        double decodeRate(int streams) {
            return streams * THOUSAND / stepMillis.get(streams);
        }

        double prefillRate(int prompt) {
            return prompt * THOUSAND / prefillMillis.get(prompt);
        }
    }

    Result measure() throws ModelException {
        Map<Integer, Double> prefills = new LinkedHashMap<>();
        for (int prompt : plan.prompts()) {
            prefills.put(prompt, prefill(prompt));
        }
        Map<Integer, Double> steps = new LinkedHashMap<>();
        for (int streams : plan.streams()) {
            steps.put(streams, decode(streams));
        }
        return new Result(steps, prefills);
    }

    private double prefill(int length) throws ModelException {
        int[] prompt = tokens(length);
        double[] millis = new double[plan.rounds()];
        runner.prefill(0, prompt, 0, length);
        best();
        for (int round = 0; round < millis.length; round++) {
            long begin = System.nanoTime();
            runner.prefill(0, prompt, 0, length);
            best();
            millis[round] = (System.nanoTime() - begin) / MILLION;
        }
        return Results.percentile(millis, 0.5);
    }

    private int best() {
        return best(0);
    }

    private double decode(int streams) throws ModelException {
        int[] prompt = tokens(plan.context());
        for (int slot = 0; slot < streams; slot++) {
            runner.prefill(slot, prompt, 0, prompt.length);
        }
        double[] millis = new double[plan.rounds() * plan.tokens()];
        int[][] next = new int[streams][1];
        int[] lengths = new int[streams];
        int measured = 0;
        for (int round = 0; round < plan.rounds(); round++) {
            Arrays.fill(lengths, plan.context());
            for (int step = round == 0 ? -WARM_UP : 0; step < plan.tokens(); step++) {
                if (step == 0) {
                    Arrays.fill(lengths, plan.context());
                }
                double took = step(streams, next, lengths);
                if (step >= 0) {
                    millis[measured++] = took;
                }
            }
        }
        return Results.percentile(millis, 0.5);
    }

    private double step(int streams, int[][] next, int[] lengths) throws ModelException {
        long begin = System.nanoTime();
        runner.decode(new DecodeStep(streams, next, lengths, runner.exact()));
        for (int i = 0; i < streams; i++) {
            next[i][0] = best(i);
            lengths[i]++;
        }
        return (System.nanoTime() - begin) / MILLION;
    }

    private int best(int row) {
        runner.readLogits(row, logits);
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private int[] tokens(int count) {
        return new SplittableRandom(count).ints(count, 1, runner.vocabSize()).toArray();
    }
}
