package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.sampling.Sampler;
import dev.candor.inference.engine.sampling.SamplerWorkspace;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.engine.sampling.TokenMask;
import java.util.Optional;
import java.util.function.Supplier;

/** The decisions that make one answer, the same when it is generated and when it is checked: which token, and when it is over. Not thread-safe. */
public final class TokenChoice {
    private final Sampler sampler;
    private final EndRule ends;
    private final Optional<TokenConstraint> constraint;
    private int chosen;
    private boolean ended;
    private boolean cut;

    /**
     * The decisions of an answer that has not begun.
     *
     * @param prompt    token ids
     * @param workspace of the thread that will choose
     * @throws IllegalArgumentException if a parameter is out of range
     */
    public TokenChoice(
            SamplingParams params, int[] prompt, SamplerWorkspace workspace, EndRule ends, Optional<Supplier<TokenConstraint>> constraint) {
        this.sampler = new Sampler(params, prompt, workspace);
        this.constraint = constraint.map(Supplier::get);
        this.ends = this.constraint.isPresent() ? ends.heeded() : ends;
    }

    /**
     * Chooses a token.
     *
     * @param logits     overwritten
     * @param tokensLeft tokens that may still come, this one included
     */
    public int next(float[] logits, int tokensLeft) {
        TokenMask allowed = constraint.map(each -> TokenMask.of(each.allowed(tokensLeft))).orElse(TokenMask.everything());
        cut |= constraint.flatMap(TokenConstraint::unbounded).map(wide -> TokenMask.of(wide).likeliestIsMissing(allowed, logits)).orElse(false);
        int token = sampler.next(logits, ends.suppressed(chosen), allowed);
        chosen++;
        ended = ends.isEnd(token);
        if (!ended) {
            constraint.ifPresent(each -> each.accept(token));
        }
        return token;
    }

    /** Whether the token chosen last is an end token, which is no part of the text. */
    public boolean ended() {
        return ended;
    }

    /** Whether a stop string counts where the token chosen last completes one. */
    public boolean mayStop() {
        return ends.mayStop(chosen);
    }

    /** Why the answer is over after the token chosen last, if it is. @param tokensLeft tokens that may still come */
    public Optional<FinishReason> over(int tokensLeft) {
        boolean complete = constraint.map(TokenConstraint::complete).orElse(false);
        if (ended || complete) {
            return Optional.of(cut ? FinishReason.LENGTH : FinishReason.STOP);
        }
        return tokensLeft == 0 ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }
}
