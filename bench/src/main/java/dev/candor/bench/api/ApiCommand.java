package dev.candor.bench.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.bench.AtShutdown;
import dev.candor.bench.Benchmark;
import dev.candor.bench.Machine;
import dev.candor.bench.Option;
import dev.candor.bench.Options;
import dev.candor.bench.Results;
import dev.candor.bench.api.OverheadBench.Way;
import dev.candor.inference.config.Access;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.config.StoredResponses;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.limits.RateLimit;
import dev.candor.inference.node.CandorNode;
import dev.candor.inference.node.StartListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code bench api}: what HTTP, JSON and event streams cost, against the engine of the same node called within its process. */
public final class ApiCommand {
    public static final Benchmark BENCHMARK = new Benchmark(
            "api",
            "What the HTTP surface costs: the same sequences from the engine of a node within its process and over HTTP, in turns. Then what structured output "
                    + "costs, and the memory of streams that have begun and have nothing to say.",
            List.of(
                    new Option("streams", "N,N", "Answers at once.", "1,8"),
                    new Option("tokens", "TOKENS", "Length of each answer.", "128"),
                    new Option("rounds", "N", "Rounds, of which the median counts.", "7"),
                    new Option("requests", "N", "Requests for one token.", "200"),
                    new Option("idle", "N", "Streams with nothing to say, at most 1000.", "1000"),
                    Option.flag("quick", "Only see that it runs: 1 round of 32 tokens, 10 requests, 100 streams."),
                    Option.out()),
            ApiCommand::run);

    private static final BigInteger EXPOSURE = BigInteger.TEN.pow(20);
    private static final int MOST_IDLE = 1000;
    private static final String STUB = "candor/stub@1";
    /** Requests before those that count. */
    private static final int WARM = 200;

    private ApiCommand() {}

    private static void run(Options options) throws Exception {
        boolean quick = options.flag("quick");
        Plan plan = new Plan(
                options.numbers("streams"),
                options.number("tokens", quick ? 32 : 128),
                options.number("rounds", quick ? 1 : 7),
                options.number("requests", quick ? 10 : 200),
                options.number("idle", quick ? 100 : MOST_IDLE));
        if (plan.idle() < 1 || plan.idle() > MOST_IDLE) {
            throw new IllegalArgumentException("option --idle must be between 1 and " + MOST_IDLE);
        }
        Machine machine = Machine.detect();
        Path folder = Files.createTempDirectory("candor-bench");
        try (CandorNode node = CandorNode.start(config(folder, plan), StartListener.silent());
                AtShutdown _ = new AtShutdown(node::close)) {
            ApiReport report = new ApiReport();
            Chats chats = new Chats(node.models().find("smollm2-135m-instruct", ChatModel.class));
            plan.measure(node, chats, report);
            keep(options, machine, plan, report);
        } finally {
            delete(folder);
        }
    }

    /** What is measured. */
    private record Plan(int[] streams, int tokens, int rounds, int requests, int idle) {
        int most() {
            return Arrays.stream(streams).max().orElseThrow();
        }

        void measure(CandorNode node, Chats chats, ApiReport report) throws Exception {
            URI url = URI.create(node.panel().url());
            try (OverheadBench overhead = new OverheadBench(url, chats); StructuredBench structured = new StructuredBench(url, chats)) {
                report.throughput(throughput(overhead), tokens);
                overhead.single(requests, true);
                report.single("streamed", overhead.single(requests, true));
                report.single("whole", overhead.single(requests, false));
                structured(structured, report);
            }
            instant(node, chats, url, report);
            report.idle(idle(node, chats, url));
        }

        private Map<Integer, Map<Way, List<Double>>> throughput(OverheadBench bench) throws Exception {
            Map<Integer, Map<Way, List<Double>>> seconds = new TreeMap<>();
            for (int round = -1; round < rounds; round++) {
                for (int count : streams) {
                    for (int turn = 0; turn < Way.values().length; turn++) {
                        Way way = Way.values()[Math.floorMod(turn + round, Way.values().length)];
                        double took = bench.together(way, count, tokens);
                        if (round >= 0) {
                            seconds.computeIfAbsent(count, key -> sorted()).get(way).add(took);
                        }
                    }
                }
            }
            return seconds;
        }

        private static Map<Way, List<Double>> sorted() {
            Map<Way, List<Double>> ways = new LinkedHashMap<>();
            Stream.of(Way.values()).forEach(way -> ways.put(way, new ArrayList<>()));
            return ways;
        }

        private void structured(StructuredBench bench, ApiReport report) throws Exception {
            List<Double> free = new ArrayList<>();
            List<Double> obeying = new ArrayList<>();
            bench.rate(true, most(), tokens, 0);
            for (int round = 1; round <= rounds; round++) {
                boolean first = round % 2 == 0;
                double one = bench.rate(first, most(), tokens, round);
                double other = bench.rate(!first, most(), tokens, round);
                obeying.add(first ? one : other);
                free.add(first ? other : one);
            }
            report.structured(most(), free, obeying);
        }

        /** So that the surface's own time shows, which a model's hides. */
        private void instant(CandorNode node, Chats chats, URI url, ApiReport report) throws Exception {
            try (StubEngine engine = new StubEngine(true)) {
                ChatModel stub = serve(node, chats, engine);
                try (OverheadBench bench = new OverheadBench(url, new Chats(stub))) {
                    bench.single(WARM, true);
                    bench.single(WARM, false);
                    report.single("streamed, by an engine that takes no time", bench.single(requests, true));
                    report.single("whole, by an engine that takes no time", bench.single(requests, false));
                } finally {
                    node.models().remove(STUB);
                }
            }
        }

        private IdleStreams.Result idle(CandorNode node, Chats chats, URI url) throws IOException, InterruptedException {
            try (StubEngine engine = new StubEngine(false)) {
                ChatModel stub = serve(node, chats, engine);
                try {
                    return new IdleStreams(url, RawClient.request(new Chats(stub).body(0, 16, "tee", true).toString())).measure(idle);
                } finally {
                    node.models().remove(STUB);
                }
            }
        }

        /** Everything of the real model but its engine. */
        private static ChatModel serve(CandorNode node, Chats chats, StubEngine engine) {
            ChatModel real = chats.model();
            ChatModel stub = new ChatModel(
                    new ModelBinding(STUB, Digest.sha256()), Instant.EPOCH, real.prompts(), real.tokenizer(), real.constraints(), engine);
            node.models().add(stub);
            return stub;
        }

        ObjectNode json(ObjectNode json) {
            json.put("tokens", tokens).put("rounds", rounds).put("requests", requests);
            return json;
        }

        String text() {
            return String.format("%d tokens an answer, greedy, %d rounds, %d requests for one token; clients within the node's process", tokens, rounds, requests);
        }
    }

    private static void keep(Options options, Machine machine, Plan plan, ApiReport report) throws IOException {
        String jvm = String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments());
        String text = String.format("candor bench api%n%s%nJVM: %s%n%s%n%s", machine.text(), jvm, plan.text(), report.text());
        System.out.print(text);
        ObjectNode json = plan.json(report.json());
        json.set("machine", machine.json());
        json.put("jvm", jvm);
        Path file = new Results(Path.of(options.text("out")), Clock.systemUTC()).write("api", json, text);
        System.out.println("kept in " + file);
    }

    private static NodeConfig config(Path folder, Plan plan) {
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
                new Limits(1 << 20, 1 << 20, MOST_IDLE + 64, plan.most(), 1024, 0, 1 << 20, 1L << 34),
                new Access(false, RateLimit.NONE, ClientShare.WHOLE),
                StoredResponses.STANDARD);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
