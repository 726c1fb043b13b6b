package dev.candor.inference.engine.sampling;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Chooses the tokens of one sequence. What it does depends on nothing but the parameters, the prompt, and the logits it is given, so a
 * sequence comes out the same whoever else is in the batch, and on every machine: all arithmetic is IEEE 754, in a fixed order.
 *
 * <p>Given logits {@code l}, one a token id, in this order:
 * <ol>
 *   <li>suppressed ids get {@code l = -infinity}, unless a mask allows nothing but them;
 *   <li>ids with a bias {@code b} get {@code l = l + b};
 *   <li>repetition penalty {@code r}: ids seen in the prompt or the answer get {@code l = l > 0 ? l / r : l * r};
 *   <li>frequency penalty {@code f} and presence penalty {@code p}: ids seen {@code n > 0} times in the answer get {@code l = l - f * n - p};
 *   <li>ids that a mask does not allow get {@code l = -infinity};
 *   <li>temperature {@code t} below 0.00001: the id of the highest {@code l}, the lowest of equals, and nothing of what follows;
 *   <li>weights {@code w = exp((l - max l) / t)}, by {@link Softmax};
 *   <li>min_p: ids with {@code w < min_p} are out (the best has {@code w = 1});
 *   <li>top_k: of the others the k highest stay; among equal logits the lower id is higher;
 *   <li>top_p: of those, from the highest on, as many stay as are needed for their weights to reach {@code top_p} of all of theirs, at least one;
 *   <li>one {@code nextDouble() = u} of {@code L64X128MixRandom(seed)}: going through the ids left in rising order, the first at which the
 *       weights so far exceed {@code u} times their sum is chosen.
 * </ol>
 * Time is linear in the vocabulary. Not thread-safe.
 */
public final class Sampler {
    private static final double GREEDY_BELOW = 1e-5;
    private static final String GENERATOR = "L64X128MixRandom";

    private final SamplingParams params;
    private final SamplerWorkspace workspace;
    private final Penalties penalties;
    private final RandomGenerator random;

    /**
     * @param prompt    token ids that the repetition penalty counts as seen
     * @param workspace scratch memory, which samplers of one thread share
     * @throws IllegalArgumentException if a parameter is out of range, or a bias is of a token outside the vocabulary
     */
    public Sampler(SamplingParams params, int[] prompt, SamplerWorkspace workspace) {
        params.validate();
        params.bias().requireWithin(workspace.vocabulary());
        this.params = params;
        this.workspace = workspace;
        this.penalties = params.penalises() ? new Penalties(params, prompt, workspace.vocabulary()) : null;
        this.random = RandomGeneratorFactory.of(GENERATOR).create(params.seed());
    }

    /** As {@link #next(float[], int[], TokenMask)}, where every token is allowed. */
    public int next(float[] logits, int[] suppressed) {
        return next(logits, suppressed, TokenMask.everything());
    }

    /**
     * The next token.
     *
     * @param logits     one a token id; overwritten
     * @param suppressed ids that must not be chosen, if there is another choice
     * @param allowed    which may be chosen at all
     * @throws NoTokenAllowedException if none is allowed
     * @throws UnusableLogitsException if the logits are not numbers, or everything is suppressed
     */
    public int next(float[] logits, int[] suppressed, TokenMask allowed) {
        if (!allowed.allowsAny(logits.length)) {
            throw new NoTokenAllowedException();
        }
        if (!allowed.allowsOnly(suppressed)) {
            for (int id : suppressed) {
                logits[id] = Float.NEGATIVE_INFINITY;
            }
        }
        params.bias().apply(logits);
        if (penalties != null) {
            penalties.apply(logits);
        }
        allowed.apply(logits);
        float max = Softmax.max(logits);
        if (!Float.isFinite(max)) {
            throw new UnusableLogitsException();
        }
        int token = params.temperature() < GREEDY_BELOW ? Softmax.indexOf(logits, max) : draw(logits, max);
        if (penalties != null) {
            penalties.saw(token);
        }
        return token;
    }

    private int draw(float[] logits, float max) {
        float[] weights = workspace.weights();
        Softmax.weights(logits, max, (float) (1 / params.temperature()), weights);
        double u = random.nextDouble();
        if (params.topP() == 1 && params.topK() == 0 && params.minP() == 0) {
            return Softmax.pick(weights, u * Softmax.sum(weights));
        }
        long floor = new Selection(logits, weights, workspace.keys()).floor(params);
        for (int id = 0; id < weights.length; id++) {
            if (Selection.key(logits[id], id) < floor) {
                weights[id] = 0;
            }
        }
        return Softmax.pick(weights, u * Softmax.sum(weights));
    }
}
