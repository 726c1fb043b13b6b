package dev.candor.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.bench.DecodeBench.Sample;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.text.HfTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code bench decode}: tokens a second and time to the first token at several numbers of streams, alternated round by round. */
final class DecodeCommand {
    private static final Set<String> OPTIONS =
            new TreeSet<>(Set.of("model", "rounds", "streams", "tokens", "prompt", "threads", "spin", "out"));
    private static final int CHUNK = 256;

    private DecodeCommand() {}

    static void run(List<String> arguments) throws Exception {
        Options options = new Options(arguments, OPTIONS);
        int[] streams = Arrays.stream(options.text("streams", "1,4,8").split(",")).mapToInt(Integer::parseInt).toArray();
        VerifiedModel model = new ManifestVerifier().verify(modelFolder(options));
        Path natives = cache().resolve("natives");
        int threads = options.number("threads", Runtime.getRuntime().availableProcessors());
        boolean spin = Boolean.parseBoolean(options.text("spin", "true"));
        int most = Arrays.stream(streams).max().orElseThrow();
        Machine machine = Machine.detect();
        long begin = System.nanoTime();
        ModelRunner runner = OrtModelRunner.open(
                OrtRuntime.load(natives), model.folder(), model.config(), new OrtOptions(most, 0, threads, spin));
        double openMillis = (System.nanoTime() - begin) / 1e6;
        Map<Integer, List<Sample>> samples = new TreeMap<>();
        try (HfTokenizer tokenizer = HfTokenizer.open(model.tokenizer(), natives);
                InferenceEngine engine = BatchingEngine.start(
                        runner, tokenizer, model.config().eosTokens(), new EngineOptions(most, CHUNK, EngineOptions.defaults().drain()))) {
            DecodeBench bench =
                    new DecodeBench(engine, tokenizer, options.number("prompt", 100), options.number("tokens", 128));
            bench.measure(most);
            for (int round = 0; round < options.number("rounds", 5); round++) {
                for (int count : streams) {
                    samples.computeIfAbsent(count, key -> new ArrayList<>()).add(bench.measure(count));
                }
            }
            DecodeReport report = new DecodeReport(samples);
            String setting = String.format(
                    "%s %s, %s, %d threads, spin %s, opened in %.0f ms%nprompt %d tokens, answer %d tokens, greedy",
                    model.manifest().name(), model.manifest().digest(), engine.info().determinismClass(), threads, spin, openMillis,
                    options.number("prompt", 100), options.number("tokens", 128));
            String text = String.format("candor bench decode%n%s%n%s%n%n%s", machine.text(), setting, report.text());
            System.out.print(text);
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("machine", machine.json());
            json.put("model", model.manifest().name())
                    .put("digest", model.manifest().digest().toString())
                    .put("determinism", engine.info().determinismClass())
                    .put("threads", threads)
                    .put("spin", spin)
                    .put("openMillis", openMillis)
                    .put("promptTokens", options.number("prompt", 100))
                    .put("answerTokens", options.number("tokens", 128));
            ArrayNode rows = report.json();
            json.set("streams", rows);
            Path file = new Results(Path.of(options.text("out", "bench/results")), Clock.systemUTC()).write("decode", json, text);
            System.out.println("kept in " + file);
        }
    }

    private static Path modelFolder(Options options) {
        Path folder = Path.of(options.text("model", cache().resolve("models/huggingfacetb/smollm2-135m-instruct/1-q8").toString()));
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " does not exist: run ./candor up once, which fetches the demo model, or name a "
                    + "model's folder with --model");
        }
        return folder;
    }

    private static Path cache() {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("CANDOR_HOME", Path.of(System.getProperty("user.home"), ".candor").toString());
        return Path.of(environment.getOrDefault("CANDOR_CACHE", Path.of(home, "cache").toString()));
    }
}
