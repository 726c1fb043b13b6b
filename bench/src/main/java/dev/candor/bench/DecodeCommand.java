package dev.candor.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.text.HfTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code bench decode}: tokens a second and time to the first token at several numbers of streams, alternated round by round; with
 * {@code --long-prompt TOKENS} instead the time from token to token, alone and beside a prompt of that length. Cached prompts and guesses
 * are off unless asked for, since the prompts repeat.
 */
final class DecodeCommand {
    static final Benchmark BENCHMARK = new Benchmark(
            "decode",
            "Tokens a second and time to the first token of the engine at several numbers of streams, in turns. With --long-prompt, the time from token to "
                    + "token instead, alone and while a prompt of that length comes in.",
            List.of(
                    BenchModels.option(),
                    new Option("streams", "N,N", "Answers at once, one column of figures each.", "1,4,8"),
                    new Option("rounds", "N", "Rounds, of which the median counts.", "5, with --long-prompt 3"),
                    new Option("prompt", "TOKENS", "Length of each prompt.", "100"),
                    new Option("tokens", "TOKENS", "Length of each answer.", "128"),
                    new Option("long-prompt", "TOKENS", "Measure what a prompt of that length does to the others.", ""),
                    Option.threads(),
                    new Option("spin", "on|off", "Whether threads spin for a moment before they sleep.", "on"),
                    new Option("prefix-cache", "on|off", "Whether prompts that begin alike are computed once; the prompts repeat.", "off"),
                    new Option("speculation", "on|off", "Whether tokens are guessed ahead.", "off"),
                    Option.out()),
            DecodeCommand::run);

    private static final int CHUNK = 256;

    private DecodeCommand() {}

    private static void run(Options options) throws Exception {
        int[] streams = options.numbers("streams");
        VerifiedModel model = new ManifestVerifier().verify(BenchModels.folder(options));
        Path natives = BenchModels.cache().resolve("natives");
        int longPrompt = options.number("long-prompt", 0);
        int slots = Arrays.stream(streams).max().orElseThrow() + (longPrompt > 0 ? 1 : 0);
        OrtOptions settings = new OrtOptions(
                slots,
                0,
                options.number("threads"),
                options.on("spin"));
        long begin = System.nanoTime();
        ModelRunner runner = OrtModelRunner.open(OrtRuntime.load(natives), model.folder(), model.config(), settings);
        double openMillis = (System.nanoTime() - begin) / 1e6;
        EngineOptions engineOptions = new EngineOptions(slots, CHUNK, EngineOptions.defaults().drain())
                .withPrefixCache(options.on("prefix-cache"))
                .withSpeculation(options.on("speculation"));
        try (HfTokenizer tokenizer = HfTokenizer.open(model.tokenizer(), natives);
                InferenceEngine engine = BatchingEngine.start(runner, tokenizer, model.config().eosTokens(), engineOptions)) {
            Run run = new Run(options, streams, model, engine, tokenizer, settings, openMillis);
            if (longPrompt > 0) {
                run.keep("long-prompt", run.longPrompt(longPrompt));
            } else {
                run.keep("decode", run.decode());
            }
        }
    }

    /** A table in words and in JSON. */
    private record Table(String text, ArrayNode rows) {}

    /** An engine to measure, and how. */
    private record Run(
            Options options, int[] streams, VerifiedModel model, InferenceEngine engine, HfTokenizer tokenizer, OrtOptions settings, double openMillis) {

        Table decode() throws Exception {
            DecodeBench bench = new DecodeBench(engine, tokenizer, options.number("prompt"), options.number("tokens"));
            bench.measure(streams[streams.length - 1]);
            Map<Integer, List<DecodeBench.Sample>> samples = new TreeMap<>();
            for (int round = 0; round < options.number("rounds", 5); round++) {
                for (int count : streams) {
                    samples.computeIfAbsent(count, key -> new ArrayList<>()).add(bench.measure(count));
                }
            }
            DecodeReport report = new DecodeReport(samples);
            return new Table(
                    String.format(
                            "prompt %d tokens, answer %d tokens, greedy%n%n%s",
                            options.number("prompt"), options.number("tokens"), report.text()),
                    report.json());
        }

        Table longPrompt(int tokens) throws Exception {
            LongPromptBench bench = new LongPromptBench(engine, model.config().vocabSize(), tokens);
            bench.measure(1);
            Map<Integer, List<LongPromptBench.Sample>> samples = new TreeMap<>();
            for (int round = 0; round < options.number("rounds", 3); round++) {
                for (int count : streams) {
                    samples.computeIfAbsent(count, key -> new ArrayList<>()).add(bench.measure(count));
                }
            }
            LongPromptReport report = new LongPromptReport(samples);
            return new Table(String.format("a prompt of %d tokens comes in between%n%n%s", tokens, report.text()), report.json());
        }

        void keep(String name, Table table) throws IOException {
            Machine machine = Machine.detect();
            EngineStats stats = engine.stats();
            String setting = String.format(
                    "%s %s, %s, %d threads, spin %s, opened in %.0f ms%nprefix cache hits %d of %d tokens, guesses accepted %d of %d",
                    model.manifest().name(), model.manifest().digest(), engine.info().determinismClass(), settings.threads(), settings.spin(),
                    openMillis, stats.prefixes().hits(), stats.prefixes().queried(), stats.drafts().accepted(), stats.drafts().tokens());
            String text = String.format("candor bench %s%n%s%n%s%n%s", name, machine.text(), setting, table.text());
            System.out.print(text);
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("machine", machine.json());
            json.put("model", model.manifest().name())
                    .put("digest", model.manifest().digest().toString())
                    .put("determinism", engine.info().determinismClass())
                    .put("threads", settings.threads())
                    .put("spin", settings.spin())
                    .put("openMillis", openMillis)
                    .put("promptTokens", options.number("prompt"))
                    .put("answerTokens", options.number("tokens"))
                    .put("prefixCache", options.on("prefix-cache"))
                    .put("speculation", options.on("speculation"))
                    .put("draftTokens", stats.drafts().tokens())
                    .put("acceptedTokens", stats.drafts().accepted());
            json.set("streams", table.rows());
            Path file = new Results(Path.of(options.text("out")), Clock.systemUTC()).write(name, json, text);
            System.out.println("kept in " + file);
        }
    }
}
