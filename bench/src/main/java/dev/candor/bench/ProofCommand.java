package dev.candor.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.node.CandorNode;
import dev.candor.inference.node.StartListener;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code bench proof}: what receipts cost, verification none against tee through HTTP on one node, alternated round by round. */
final class ProofCommand {
    static final Benchmark BENCHMARK = new Benchmark(
            "proof",
            "What receipts cost: answers with and without one, through HTTP on one node, in turns.",
            List.of(
                    new Option("streams", "N", "Clients at once.", "8"),
                    new Option("requests", "N", "Requests of each client in a round.", "2"),
                    new Option("tokens", "TOKENS", "Length of each answer.", "64"),
                    new Option("rounds", "N", "Rounds, of which the median counts.", "9"),
                    Option.out()),
            ProofCommand::run);

    private static final BigInteger EXPOSURE = BigInteger.TEN.pow(20);

    private ProofCommand() {}

    private static void run(Options options) throws Exception {
        int streams = options.number("streams");
        int requests = options.number("requests");
        int tokens = options.number("tokens");
        int rounds = options.number("rounds");
        Machine machine = Machine.detect();
        Path folder = Files.createTempDirectory("candor-bench");
        try (CandorNode node = CandorNode.start(config(folder, streams), StartListener.silent());
                AtShutdown _ = new AtShutdown(node::close);
                ProofBench bench = new ProofBench(URI.create(node.panel().url()), streams, requests, tokens)) {
            bench.round("none");
            bench.round("tee");
            ProofReport report = new ProofReport();
            for (int round = 0; round < rounds; round++) {
                // Whichever goes second finds a warmer machine, so that they take turns.
                if (round % 2 == 0) {
                    report.add(bench.round("none"), bench.round("tee"));
                } else {
                    ProofBench.Round tee = bench.round("tee");
                    report.add(bench.round("none"), tee);
                }
            }
            String setting = String.format("%d streams, %d requests each, %d tokens an answer, %d rounds, through HTTP", streams, requests, tokens, rounds);
            String text = String.format("candor bench proof%n%s%n%s%n%n%s", machine.text(), setting, report.text());
            System.out.print(text);
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("machine", machine.json());
            json.put("streams", streams).put("requests", requests).put("tokens", tokens).put("rounds", rounds);
            json.set("result", report.json());
            Path file = new Results(Path.of(options.text("out")), Clock.systemUTC()).write("proof", json, text);
            System.out.println("kept in " + file);
        } finally {
            delete(folder);
        }
    }

    private static NodeConfig config(Path folder, int streams) {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("CANDOR_HOME", Path.of(System.getProperty("user.home"), ".candor").toString());
        Path cache = Path.of(environment.getOrDefault("CANDOR_CACHE", Path.of(home, "cache").toString()));
        return new NodeConfig(
                new CandorHome(folder),
                cache,
                new Listen("127.0.0.1", 0, Optional.empty(), false),
                List.of("smollm2-135m-instruct"),
                Hardware.any(),
                new Payments(true, Optional.empty(), 31337, false, Optional.empty(), EXPOSURE),
                new Limits(1 << 20, 1 << 20, 64, streams, 1024, 0, 1 << 20, 1L << 34));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
