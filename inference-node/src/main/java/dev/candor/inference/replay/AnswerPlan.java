package dev.candor.inference.replay;

import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.openai.Decoding;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a request makes of a model, as far as it decides the answer.
 *
 * @param prompts    token ids; each has as many choices as any other, one after the other
 * @param decoding   as the request has it
 * @param constraint what the tokens had to obey; called once a choice
 * @param texts      of each choice, whether it says what an answer of a given text should say
 */
record AnswerPlan(
        List<int[]> prompts, Decoding decoding, Optional<Supplier<TokenConstraint>> constraint, List<Predicate<String>> texts) {
    /** The prompt of one of so many choices. @throws NotReplayableException if they cannot be divided among the prompts */
    int[] promptOf(int choice, int choices) throws NotReplayableException {
        if (prompts.isEmpty() || choices % prompts.size() != 0) {
            throw new NotReplayableException("the answer has " + choices + " choices for " + prompts.size() + " prompts");
        }
        return prompts.get(choice / (choices / prompts.size()));
    }
}
