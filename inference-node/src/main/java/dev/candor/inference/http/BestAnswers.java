package dev.candor.inference.http;

import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.TokenScore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which of the answers that were generated a completion's client gets. */
record BestAnswers(EchoedPrompts prompts) {
    private static final Comparator<GenerationResult> LIKELIEST = Comparator.comparingDouble(BestAnswers::likelihood).reversed();

    /** In the order of the choices: for each prompt those whose tokens are the likeliest on average, the earlier of equals. */
    List<GenerationResult> of(List<GenerationResult> results) {
        if (results.isEmpty()) {
            return IntStream.range(0, prompts.choices())
                    .mapToObj(choice -> new GenerationResult(FinishReason.LENGTH, new int[0], "", prompts.promptTokens(choice), 0)).toList();
        }
        int drawn = prompts.request().bestOf();
        List<GenerationResult> chosen = new ArrayList<>();
        for (int from = 0; from < results.size(); from += drawn) {
            List<GenerationResult> candidates = results.subList(from, from + drawn);
            chosen.addAll(prompts.request().selects() ? candidates.stream().sorted(LIKELIEST).limit(prompts.request().choices()).toList() : candidates);
        }
        return chosen;
    }

    /** The mean of the log probabilities; that of no token at all is the least. */
    private static double likelihood(GenerationResult result) {
        return result.scores().stream().mapToDouble(TokenScore::logprob).average().orElse(Double.NEGATIVE_INFINITY);
    }
}
