package dev.candor.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.text.HfTokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code bench replay}: throughput of an engine whose steps are those of a prefill against one of the same weights whose steps are not
 * ({@code --plain FOLDER}, a graph with GroupQueryAttention for all), alternated round by round; and the time of a check against that of a plain
 * prefill of the same transcript and of its generation.
 */
final class ReplayCommand {
    static final Benchmark BENCHMARK = new Benchmark(
            "replay",
            "What exact decoding costs, against a graph of the same weights that decodes otherwise, in turns. Then how long the check of an answer takes, "
                    + "against a prefill of the same tokens and against the generation.",
            List.of(
                    BenchModels.option(),
                    new Option("plain", "FOLDER", "A graph of the same weights whose steps are not exact.", "made for this run"),
                    new Option("streams", "N,N", "Answers at once.", "1,4,8"),
                    new Option("rounds", "N", "Rounds, of which the median counts.", "5"),
                    new Option("prompt", "TOKENS", "Length of each prompt.", "100"),
                    new Option("tokens", "TOKENS", "Length of each answer.", "128"),
                    Option.threads(),
                    Option.out()),
            ReplayCommand::run);

    private static final int CHUNK = 256;

    private ReplayCommand() {}

    private static void run(Options options) throws Exception {
        int[] streams = options.numbers("streams");
        VerifiedModel model = new ManifestVerifier().verify(BenchModels.folder(options));
        Path natives = BenchModels.cache().resolve("natives");
        Bench bench = new Bench(options, streams, natives, Arrays.stream(streams).max().orElseThrow());
        try (PlainGraph plain = PlainGraph.of(model, options.given("plain").orElse(""));
                HfTokenizer tokenizer = HfTokenizer.open(model.tokenizer(), natives);
                InferenceEngine exact = bench.open(model, tokenizer, model.folder());
                InferenceEngine inexact = bench.open(model, tokenizer, plain.folder())) {
            if (!exact.replayable() || inexact.replayable()) {
                throw new IllegalArgumentException("the steps of " + model.folder() + " must be those of a prefill here, and those of --plain not");
            }
            bench.keep(model, exact, bench.throughput(exact, inexact, tokenizer), new CheckBench(exact, tokenizer).measure(options));
        }
    }

    private record Bench(Options options, int[] streams, Path natives, int slots) {
        InferenceEngine open(VerifiedModel model, HfTokenizer tokenizer, Path folder) throws Exception {
            OrtOptions settings = new OrtOptions(slots, 0, options.number("threads"), true);
            EngineOptions engine = new EngineOptions(slots, CHUNK, EngineOptions.defaults().drain()).withPrefixCache(false).withSpeculation(false);
            OrtModelRunner runner = OrtModelRunner.open(OrtRuntime.load(natives), folder, model.config(), settings);
            return BatchingEngine.start(runner, tokenizer, model.config().eosTokens(), engine);
        }

        Map<Integer, List<double[]>> throughput(InferenceEngine exact, InferenceEngine inexact, HfTokenizer tokenizer) throws Exception {
            DecodeBench replay = new DecodeBench(exact, tokenizer, options.number("prompt"), options.number("tokens"));
            DecodeBench tee = new DecodeBench(inexact, tokenizer, options.number("prompt"), options.number("tokens"));
            replay.measure(slots);
            tee.measure(slots);
            Map<Integer, List<double[]>> rates = new TreeMap<>();
            for (int round = 0; round < options.number("rounds"); round++) {
                for (int count : streams) {
                    double[] pair = new double[2];
                    for (int turn = 0; turn < 2; turn++) {
                        int which = (turn + round) % 2;
                        pair[which] = (which == 0 ? replay : tee).measure(count).decodeRate();
                    }
                    rates.computeIfAbsent(count, key -> new ArrayList<>()).add(pair);
                }
            }
            return rates;
        }

        void keep(VerifiedModel model, InferenceEngine exact, Map<Integer, List<double[]>> rates, List<CheckBench.Sample> checks) throws Exception {
            Machine machine = Machine.detect();
            StringBuilder text = new StringBuilder(String.format(
                    "candor bench replay%n%s%n%s %s, %s%n%ndecode tokens/s, median of %d rounds in alternation%nstreams  replay   plain  replay/plain%n",
                    machine.text(), model.manifest().name(), model.manifest().digest(), exact.info().determinismClass(), options.number("rounds")));
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("machine", machine.json());
            json.put("model", model.manifest().name()).put("digest", model.manifest().digest().toString())
                    .put("determinism", exact.info().determinismClass());
            ArrayNode rows = json.putArray("streams");
            rates.forEach((count, pairs) -> {
                double replay = median(pairs, 0);
                double plain = median(pairs, 1);
                text.append(String.format(Locale.ROOT, "%7d %7.1f %7.1f %13.3f%n", count, replay, plain, replay / plain));
                rows.addObject().put("streams", count).put("replay", replay).put("plain", plain);
            });
            text.append(String.format("%nseconds: check of a transcript, plain prefill of it, generation%nprompt answer  sampling   check prefill generation  check/prefill%n"));
            ArrayNode checked = json.putArray("checks");
            for (CheckBench.Sample s : checks) {
                text.append(String.format(Locale.ROOT, "%6d %6d %9s %7.3f %7.3f %10.3f %14.3f%n", s.promptTokens(), s.answerTokens(), s.sampling(),
                        s.check(), s.prefill(), s.generation(), s.check() / s.prefill()));
                checked.addObject().put("prompt", s.promptTokens()).put("answer", s.answerTokens()).put("sampling", s.sampling())
                        .put("check", s.check()).put("prefill", s.prefill()).put("generation", s.generation());
            }
            System.out.print(text);
            Path file = new Results(Path.of(options.text("out")), Clock.systemUTC()).write("replay", json, text.toString());
            System.out.println("kept in " + file);
        }

        private static double median(List<double[]> pairs, int which) {
            return Results.percentile(pairs.stream().mapToDouble(pair -> pair[which]).toArray(), 0.5);
        }
    }
}
