package dev.candor.bench;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Several answers of the same length at once, inside the process: what the engine alone can do. */
final class DecodeBench {
    private static final String TEXT = "A lighthouse stands at the end of the land, where the last road turns to sand. At night its lamp goes round and "
            + "round, and ships far out can tell by its rhythm where they are. In winter the keeper hears the storm for days and writes down what the "
            + "barometer says. In summer children come and ask how many steps there are. He always says that he has never counted them, although he "
            + "has, many times, on the way up and on the way down, and it never comes out the same. ";

    private final InferenceEngine engine;
    private final Tokenizer tokenizer;
    private final int promptTokens;
    private final int answerTokens;

    DecodeBench(InferenceEngine engine, Tokenizer tokenizer, int promptTokens, int answerTokens) {
        this.engine = engine;
        this.tokenizer = tokenizer;
        this.promptTokens = promptTokens;
        this.answerTokens = answerTokens;
    }

    /**
     * One measurement.
     *
     * @param decodeRate tokens a second while all streams were decoding
     * @param wholeRate  tokens a second from the first submission to the last token, prefill included
     * @param ttftMillis time to the first text, of each stream
     */
    record Sample(int streams, double decodeRate, double wholeRate, double[] ttftMillis) {}

    Sample measure(int streams) throws EngineOverloadedException, ExecutionException, InterruptedException {
        List<StreamClock> clocks = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            StreamClock clock = new StreamClock();
            clocks.add(clock);
            engine.submit(request(i), clock);
        }
        for (StreamClock clock : clocks) {
            clock.await();
        }
        return sample(clocks);
    }

    private GenerationRequest request(int number) {
        int[] tokens = tokenizer.encode((number + ". " + TEXT).repeat(1 + promptTokens / 50));
        return new GenerationRequest(
                Arrays.copyOf(tokens, promptTokens), SamplingParams.greedy(), answerTokens, 0, List.of(), true);
    }

    private Sample sample(List<StreamClock> clocks) {
        long begin = clocks.stream().mapToLong(StreamClock::first).max().orElseThrow();
        long end = clocks.stream().mapToLong(StreamClock::last).min().orElseThrow();
        int decoded = clocks.stream().mapToInt(clock -> clock.tokensAt(end) - clock.tokensAt(begin)).sum();
        long submitted = clocks.stream().mapToLong(StreamClock::submitted).min().orElseThrow();
        long over = clocks.stream().mapToLong(StreamClock::last).max().orElseThrow();
        return new Sample(
                clocks.size(),
                decoded * 1e9 / (end - begin),
                (double) clocks.size() * answerTokens * 1e9 / (over - submitted),
                clocks.stream().mapToDouble(clock -> (clock.first() - clock.submitted()) / 1e6).toArray());
    }
}
