package dev.candor.inference.engine;

import java.util.List;

/**
 * How likely the model held a token of an answer, by its logits as they came: before penalties, biases, constraints and temperature.
 *
 * @param token       its id
 * @param logprob     natural logarithm of its probability, to seven digits
 * @param top         the likeliest tokens at its place, likeliest first; as many as were asked for
 */
public record TokenScore(int token, double logprob, List<Candidate> top) {
    /** A token that could have come. */
    public record Candidate(int token, double logprob) {}
}
