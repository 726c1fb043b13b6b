package dev.candor.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.bench.OperatorProfile.Phase;
import dev.candor.bench.peers.Cache;
import dev.candor.bench.peers.Forms;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code bench profile --form q8}: what the time of a prefill and of decode steps goes into, operator by operator. */
final class ProfileCommand {
    static final Benchmark BENCHMARK = new Benchmark(
            "profile",
            "What the time of a prefill and of decode steps goes into, operator by operator.",
            List.of(
                    new Option("form", "FORM", "Form of the demo model: fp32, q8, q4, q4exact or w8a8.", "q8"),
                    new Option("context", "TOKENS", "Tokens that each sequence has when it decodes.", "150"),
                    Option.threads(),
                    Option.out()),
            options -> new ProfileCommand(options).run());

    private static final int SLOTS = 8;
    private static final int PROMPT = 512;
    private static final int CHUNK = 256;
    private static final int PREFILLS = 4;
    private static final int STEPS = 24;
    private static final double LEAST_SHARE = 0.005;

    private final Options options;

    private ProfileCommand(Options options) {
        this.options = options;
    }

    private void run() throws IOException, ModelException {
        Machine machine = Machine.detect();
        String form = options.text("form");
        int threads = options.number("threads");
        int context = options.number("context");
        VerifiedModel model = new Forms(Cache.folder()).model(form);
        Path folder = Files.createTempDirectory("candor-profile");
        try {
            OrtOptions settings = new OrtOptions(SLOTS, Math.max(PROMPT, context + STEPS) + 1, threads, true, Optional.of(folder.resolve("trace")));
            try (ModelRunner runner = OrtModelRunner.open(OrtRuntime.load(Cache.folder().resolve("natives")), model.folder(), model.config(), settings)) {
                work(runner, context);
            }
            Map<String, Phase> phases = phases(OperatorProfile.read(trace(folder)), context);
            String text = String.format("candor bench profile: %s in form %s, %d threads%n%s%n%s", model.manifest().name(), form, threads, machine.text(), text(phases));
            System.out.print(text);
            Path file = new Results(Path.of(options.text("out")), Clock.systemUTC()).write("profile-" + form, json(machine, form, phases), text);
            System.out.println("kept in " + file);
        } finally {
            delete(folder);
        }
    }

    /** A profile slows each operator a little; the shares are what it is read for. */
    private static void work(ModelRunner runner, int context) throws ModelException {
        int[] prompt = tokens(Math.max(PROMPT, context));
        for (int slot = 0; slot < SLOTS; slot++) {
            runner.prefill(slot, prompt, 0, context);
        }
        for (int i = 0; i < PREFILLS; i++) {
            for (int from = 0; from < PROMPT; from += CHUNK) {
                runner.prefill(SLOTS, prompt, from, from + CHUNK);
            }
        }
        decode(runner, 1, context);
        decode(runner, SLOTS, context);
    }

    private static void decode(ModelRunner runner, int batch, int context) throws ModelException {
        int[][] tokens = new int[batch][];
        int[] lengths = new int[batch];
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < batch; i++) {
                tokens[i] = new int[] {1000 + step + i};
            }
            Arrays.fill(lengths, context + step);
            runner.decode(new DecodeStep(batch, tokens, lengths, runner.exact()));
        }
    }

    private static int[] tokens(int count) {
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> 1000 + 7 * i);
        return tokens;
    }

    /** The runs of {@link #work} are the last in the trace; those before them are of the load. */
    private static Map<String, Phase> phases(OperatorProfile profile, int context) {
        int chunks = PREFILLS * PROMPT / CHUNK;
        Map<String, Phase> phases = new LinkedHashMap<>();
        int end = profile.runs();
        phases.put("prefill, a chunk of " + CHUNK + " of " + PROMPT, profile.phase(end - 2 * STEPS - chunks, chunks));
        phases.put("decode step of 1 at " + context, profile.phase(end - 2 * STEPS, STEPS));
        phases.put("decode step of " + SLOTS + " at " + context, profile.phase(end - STEPS, STEPS));
        return phases;
    }

    private static String text(Map<String, Phase> phases) {
        StringBuilder text = new StringBuilder();
        phases.forEach((name, phase) -> {
            text.append(String.format("%n%s: %.2f ms%n", name, phase.millis()));
            phase.operators().forEach((operator, millis) -> {
                if (millis / phase.millis() >= LEAST_SHARE) {
                    text.append(String.format("  %-36s %8.3f ms %5.1f %%%n", operator, millis, 100 * millis / phase.millis()));
                }
            });
            text.append(String.format("  %-36s %8.3f ms %5.1f %%%n", "(between operators)", phase.outside(), 100 * phase.outside() / phase.millis()));
        });
        return text.toString();
    }

    private static ObjectNode json(Machine machine, String form, Map<String, Phase> phases) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("form", form);
        json.set("machine", machine.json());
        phases.forEach((name, phase) -> {
            ObjectNode one = json.putObject(name).put("millis", phase.millis()).put("between", phase.outside());
            phase.operators().forEach(one.putObject("operators")::put);
        });
        return json;
    }

    private static Path trace(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow(() -> new IOException("ONNX Runtime left no profile"));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
