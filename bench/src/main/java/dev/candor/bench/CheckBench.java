package dev.candor.bench;

import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.replay.ReplayVerdict;
import dev.candor.inference.engine.replay.Transcript;
import dev.candor.inference.engine.replay.TranscriptCheck;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How long checks take, against a prefill of the same tokens and against the generation that they check. */
final class CheckBench {
    private static final double NANOS = 1e9;
    private static final String TEXT = "A lighthouse stands at the end of the land, where the last road turns to sand. At night its lamp goes round. ";

    private final InferenceEngine engine;
    private final Tokenizer tokenizer;

    CheckBench(InferenceEngine engine, Tokenizer tokenizer) {
        this.engine = engine;
        this.tokenizer = tokenizer;
    }

    /** Seconds, the best of several rounds. */
    record Sample(int promptTokens, int answerTokens, String sampling, double check, double prefill, double generation) {}

    /** A check of the given prompt and answer lengths, greedy and sampled. */
    List<Sample> measure(Options options) throws Exception {
        int prompt = options.number("prompt");
        int answer = options.number("tokens");
        int rounds = options.number("rounds");
        List<Sample> samples = new ArrayList<>();
        for (int[] lengths : new int[][] {{prompt, answer}, {4 * prompt, answer}}) {
            samples.add(measure("greedy", SamplingParams.greedy(), lengths, rounds));
            samples.add(measure("top_p 0.9", new SamplingParams(0.8, 0.9, 0, 0, 0, 0, 1, 5), lengths, rounds));
        }
        return samples;
    }

    private Sample measure(String name, SamplingParams sampling, int[] lengths, int rounds) throws Exception {
        int[] text = tokenizer.encode(TEXT.repeat(1 + lengths[0] / 20));
        GenerationRequest request = new GenerationRequest(Arrays.copyOf(text, lengths[0]), sampling, lengths[1], 0, List.of(), true);
        Timed first = generate(request);
        GenerationResult result = first.result();
        Transcript transcript = new Transcript(
                request.promptTokens(), result.tokens(), sampling, lengths[1], 0, List.of(), true, result.finishReason().wire(), result.text());
        int[] all = transcript.tokens();
        GenerationRequest prefill = new GenerationRequest(Arrays.copyOf(all, all.length - 1), SamplingParams.greedy(), 1, 0, List.of(), true);
        double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, first.seconds()};
        for (int round = 0; round < rounds; round++) {
            best[0] = Math.min(best[0], check(transcript));
            best[1] = Math.min(best[1], generate(prefill).seconds());
        }
        return new Sample(lengths[0], lengths[1], name, best[0], best[1], best[2]);
    }

    private double check(Transcript transcript) throws Exception {
        long begin = System.nanoTime();
        ReplayVerdict verdict = TranscriptCheck.start(transcript, engine, tokenizer).verdict().get();
        if (!(verdict instanceof ReplayVerdict.Match)) {
            throw new IllegalStateException("an answer of this engine does not match: " + verdict.detail());
        }
        return (System.nanoTime() - begin) / NANOS;
    }

    private record Timed(GenerationResult result, double seconds) {}

    private Timed generate(GenerationRequest request) throws Exception {
        StreamClock clock = new StreamClock();
        long begin = System.nanoTime();
        engine.submit(request, clock);
        GenerationResult result = clock.await();
        return new Timed(result, (System.nanoTime() - begin) / NANOS);
    }
}
