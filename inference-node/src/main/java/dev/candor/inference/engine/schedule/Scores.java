package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.engine.sampling.LogProbs;
import dev.candor.inference.engine.sampling.SamplerWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** How likely the model held the tokens of one answer; costs nothing where nobody asks. Not thread-safe. */
final class Scores {
    private final OptionalInt alternatives;
    private final SamplerWorkspace workspace;
    private final List<TokenScore> all = new ArrayList<>();
    private float[] logits = {};
    private int told;

    /** @param alternatives likeliest tokens to tell at each place; empty for no scores */
    Scores(OptionalInt alternatives, SamplerWorkspace workspace) {
        this.alternatives = alternatives;
        this.workspace = workspace;
    }

    /** Looks at logits that a sampler is about to overwrite. */
    void look(float[] raw) {
        if (alternatives.isPresent()) {
            logits = workspace.keep(raw);
        }
    }

    /** Adds the token that was chosen where it looked last. */
    void add(int token) {
        if (alternatives.isPresent()) {
            all.add(of(LogProbs.of(logits), token, alternatives.getAsInt()));
        }
    }

    /** A token's score among those of its place. */
    static TokenScore of(LogProbs place, int token, int alternatives) {
        List<TokenScore.Candidate> top = Arrays.stream(place.likeliest(alternatives))
                .mapToObj(each -> new TokenScore.Candidate(each, place.of(each))).toList();
        return new TokenScore(token, place.of(token), top);
    }

    /** Those that were not told yet. */
    List<TokenScore> untold() {
        List<TokenScore> rest = List.copyOf(all.subList(told, all.size()));
        told = all.size();
        return rest;
    }

    List<TokenScore> all() {
        return all;
    }
}
