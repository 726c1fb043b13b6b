package dev.candor.inference.testing;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.TokenScore;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Answers a prompt with itself, a character a token. It can be made to wait, and fails at the character {@value #POISON}.
 */
public final class EchoEngine implements InferenceEngine {
    /** The engine fails when it comes to this character. */
    public static final char POISON = '\u2620';
    /** This character is answered for ever. */
    public static final char ENDLESS = '\u221e';

    /** What follows this character is answered, whatever is in it. */
    public static final char SAY = '\u25b6';

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore steps = new Semaphore(0);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final int contextLength;
    private final int places;
    private volatile ServiceTerms terms = ServiceTerms.plain();
    private volatile int lateAfter = Integer.MAX_VALUE;
    private volatile boolean held;
    private volatile boolean open = true;
    private volatile boolean broken;

    public EchoEngine(int contextLength, int places) {
        this.contextLength = contextLength;
        this.places = places;
    }

    /** From now on, tokens come only as {@link #step} lets them. */
    public void hold() {
        held = true;
    }

    public void step(int tokens) {
        steps.release(tokens);
    }

    public void release() {
        held = false;
        steps.release(1_000_000);
    }

    public int running() {
        return running.get();
    }

    /** Sequences that were cancelled before their end. */
    public int cancelled() {
        return cancelled.get();
    }

    /** From now on, every request ends in an {@link Error}. */
    public void breakDown() {
        broken = true;
    }

    /** It does as it should again. */
    public void repair() {
        broken = false;
    }

    /** Deadlines are over after so many tokens, whatever the time. */
    public void beLateAfter(int tokens) {
        lateAfter = tokens;
    }

    /** How the last request was to be served. */
    public ServiceTerms lastTerms() {
        return terms;
    }

    /** Makes the engine unhealthy. */
    public void die() {
        open = false;
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) throws EngineOverloadedException {
        terms = request.terms();
        if (broken) {
            throw new AssertionError("the engine is broken");
        }
        if (!open || running.incrementAndGet() > places) {
            running.decrementAndGet();
            throw new EngineOverloadedException("no place left");
        }
        AtomicBoolean stop = new AtomicBoolean();
        threads.execute(() -> {
            try {
                run(request, listener, stop);
            } finally {
                running.decrementAndGet();
            }
        });
        return () -> {
            stop.set(true);
            steps.release(1);
        };
    }

    private void run(GenerationRequest request, GenerationListener listener, AtomicBoolean stop) {
        int[] answer = answer(request.promptTokens());
        StringBuilder text = new StringBuilder();
        int[] tokens = new int[request.maxTokens()];
        int count = 0;
        FinishReason reason = FinishReason.LENGTH;
        while (count < request.maxTokens()) {
            if (held) {
                steps.acquireUninterruptibly();
            }
            if (stop.get()) {
                cancelled.incrementAndGet();
                reason = FinishReason.CANCELLED;
                break;
            }
            if (request.terms().deadlineNanos().isPresent() && count == lateAfter) {
                reason = FinishReason.TIMEOUT;
                break;
            }
            if (count == answer.length && answer[answer.length - 1] != ENDLESS) {
                tokens[count++] = 0;
                reason = FinishReason.STOP;
                break;
            }
            int token = answer[Math.min(count, answer.length - 1)];
            if (token == POISON) {
                listener.onFailed(new IllegalStateException("the engine broke over secret prompt text"));
                return;
            }
            tokens[count++] = token;
            text.appendCodePoint(token);
            listener.onProgress(new Progress(Character.toString(token), count, scores(request, token)));
        }
        listener.onFinished(new GenerationResult(reason, Arrays.copyOf(tokens, count), text.toString(), request.promptTokens().length, 0));
    }

    /** Each token is held to be half as likely as the next code point, and so on. */
    private static List<TokenScore> scores(GenerationRequest request, int token) {
        return request.logprobs().isEmpty() ? List.of() : List.of(new TokenScore(token, -1, IntStream.range(0, request.logprobs().getAsInt())
                .mapToObj(i -> new TokenScore.Candidate(token + i, -1 - i)).toList()));
    }

    /** The last message: what follows the last {@link #SAY}, or else the last {@code ':'}. */
    private static int[] answer(int[] prompt) {
        int mark = Arrays.stream(prompt).anyMatch(token -> token == SAY) ? SAY : ':';
        int from = prompt.length;
        while (from > 0 && prompt[from - 1] != mark) {
            from--;
        }
        int[] last = Arrays.copyOfRange(prompt, from, prompt.length);
        return last.length == 0 ? new int[] {'?'} : last;
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo("none", "cpu", "toy", "echo/1", contextLength, places);
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(running.get(), 0, 0, 0, 0);
    }

    @Override
    public boolean healthy() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        release();
        threads.close();
    }
}
