package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.Priority;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.engine.cache.BlockChain;
import dev.candor.inference.engine.sampling.NoTokenAllowedException;
import dev.candor.inference.engine.sampling.UnusableLogitsException;
import dev.candor.inference.engine.speculate.Acceptance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One sequence on its way through the engine. All but {@link #cancel()} happens on the engine's thread. Its listener hears of exactly one
 * end, and nothing that it throws gets out.
 */
final class Sequence implements Generation {
    private static final System.Logger LOG = System.getLogger(Sequence.class.getName());

    private final GenerationRequest request;
    private final GenerationListener listener;
    private final TokenChoice choice;
    private final AnswerText text;
    private final Scores scores;
    private final Runnable wake;
    private final BlockChain chain;
    private final Acceptance acceptance = new Acceptance();
    private final int contextLength;
    private final KvState kv = new KvState();
    private Runnable release = () -> {};
    private volatile boolean cancelled;
    private long order;
    private int[] tokens;
    private int length;
    private boolean over;
    private boolean failed;

    Sequence(
            GenerationRequest request,
            GenerationListener listener,
            TokenChoice choice,
            AnswerText text,
            Scores scores,
            BlockChain chain,
            int contextLength,
            Runnable wake) {
        this.request = request;
        this.listener = listener;
        this.choice = choice;
        this.text = text;
        this.scores = scores;
        this.chain = chain;
        this.contextLength = contextLength;
        this.wake = wake;
        this.tokens = Arrays.copyOf(request.promptTokens(), request.promptTokens().length + 64);
        this.length = request.promptTokens().length;
    }

    @Override
    public void cancel() {
        cancelled = true;
        wake.run();
    }

    /**
     * It is in the engine.
     *
     * @param order   earlier ones have lower numbers
     * @param release called once, before its listener hears of the end
     */
    void arrived(long order, Runnable release) {
        this.order = order;
        this.release = release;
    }

    String client() {
        return request.terms().client();
    }

    Priority priority() {
        return request.terms().priority();
    }

    boolean wantsReplay() {
        return request.terms().replay();
    }

    long order() {
        return order;
    }

    KvState kv() {
        return kv;
    }

    BlockChain chain() {
        return chain;
    }

    Acceptance acceptance() {
        return acceptance;
    }

    /** Why it is to end now, whatever it has come to. @param now {@link System#nanoTime()} */
    Optional<FinishReason> interrupted(long now) {
        if (cancelled) {
            return Optional.of(FinishReason.CANCELLED);
        }
        boolean late = request.terms().deadlineNanos().isPresent() && now - request.terms().deadlineNanos().getAsLong() >= 0;
        return late ? Optional.of(FinishReason.TIMEOUT) : Optional.empty();
    }

    boolean over() {
        return over;
    }

    boolean failed() {
        return failed;
    }

    /** Prompt and answer. */
    int[] tokens() {
        return tokens;
    }

    int length() {
        return length;
    }

    int lastToken() {
        return tokens[length - 1];
    }

    int promptLength() {
        return request.promptTokens().length;
    }

    int generated() {
        return length - promptLength();
    }

    /** Tokens it may still get. */
    int room() {
        return Math.min(request.maxTokens() - generated(), contextLength - length);
    }

    /** Tokens to compute before it can decode: with an answer begun, as much of it as a prefill computes to the same bits. */
    int prefillTarget() {
        return generated() > 0 && kv.exact() ? length - 1 : promptLength();
    }

    /** Samples the next token, tells the text it completes, and ends the sequence if that was the last. */
    void step(float[] logits) {
        try {
            scores.look(logits);
            int token = choice.next(logits, room());
            keep(token);
            if (!choice.ended()) {
                scores.add(token);
                tell(text.append(token, choice.mayStop()));
            }
            if (text.stopped()) {
                finish(FinishReason.STOP);
            } else {
                choice.over(room()).ifPresent(this::finish);
            }
        } catch (UnusableLogitsException e) {
            fail(Logits.notNumbers());
        } catch (NoTokenAllowedException e) {
            fail(new ModelException("the answer's constraint allows no token that the model knows, after " + generated()
                    + " tokens; other requests are not affected", e));
        } catch (StackOverflowError e) {
            fail(new ModelException("the answer's constraint goes too deep; other requests are not affected"));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void keep(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, length * 2);
        }
        tokens[length++] = token;
    }

    private void tell(String piece) {
        List<TokenScore> untold = scores.untold();
        if (!piece.isEmpty() || !untold.isEmpty()) {
            listener.onProgress(new Progress(piece, generated(), untold));
        }
    }

    void finish(FinishReason reason) {
        if (over) {
            return;
        }
        try {
            tell(text.end());
            FinishReason told = text.stopped() && reason == FinishReason.LENGTH ? FinishReason.STOP : reason;
            int[] answer = Arrays.copyOfRange(tokens, promptLength(), length);
            GenerationResult result = new GenerationResult(told, answer, text.whole(), promptLength(), kv.cached(), scores.all());
            end(() -> listener.onFinished(result));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    void fail(Exception failure) {
        if (!over) {
            failed = true;
            end(() -> listener.onFailed(failure));
        }
    }

    private void end(Runnable tell) {
        over = true;
        release.run();
        try {
            tell.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed at the end of its sequence", e);
        }
    }
}
