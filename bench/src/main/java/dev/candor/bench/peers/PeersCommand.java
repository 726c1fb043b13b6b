package dev.candor.bench.peers;

import dev.candor.bench.Benchmark;
import dev.candor.bench.Machine;
import dev.candor.bench.Option;
import dev.candor.bench.Options;
import dev.candor.bench.Results;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.quality.QualityReport;
import dev.candor.inference.text.HfTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code bench peers}: this program and its peers on the same weights, in turns, in one run. */
public final class PeersCommand {
    /** Its command line. */
    public static final Benchmark BENCHMARK = new Benchmark(
            "peers",
            "This program and its peers (llama.cpp, OpenVINO GenAI, Transformers.js, langchain4j) on the same weights, in turns, each with its quality. What is "
                    + "missing of them is installed first, which takes some minutes once.",
            List.of(
                    Option.flag("install", "Only install the peers."),
                    Option.flag("quick", "Fewer and shorter rounds: a look at all of it."),
                    new Option("only", "NAME,NAME", "Measure these alone: candor-FORM, llama, openvino, candor, candor-tee, langchain4j, transformers-js.", ""),
                    new Option("forms", "FORM,FORM", "Forms of the demo model in this program.", "q8,q4exact,w8a8,q4"),
                    new Option("rounds", "N", "Rounds, of which the median counts.", "as --quick or not says"),
                    Option.threads(),
                    Option.out()),
            options -> new PeersCommand(options).run());

    private static final double MIB = 1 << 20;

    private final Options options;
    private final Path cache;
    private final Plan plan;
    private final Field field = new Field();
    private final Figures figures = new Figures();

    private PeersCommand(Options options) {
        this.options = options;
        this.cache = Cache.folder();
        Plan chosen = options.flag("quick") ? Plan.quick() : Plan.full();
        this.plan = chosen.rounds(options.number("rounds", chosen.rounds()));
    }

    private void run() throws Exception {
        Machine machine = Machine.detect();
        Forms forms = new Forms(cache);
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<Peer> peers = chosen(peers(forms, http));
            if (options.flag("install")) {
                install(peers);
                return;
            }
            measure(machine, forms, peers);
        }
    }

    private List<Peer> peers(Forms forms, HttpClient http) throws IOException {
        int threads = options.number("threads");
        List<Peer> peers = new ArrayList<>();
        for (String form : options.text("forms").split(",")) {
            peers.add(CandorPeer.chat(cache, forms, form, threads, http));
        }
        peers.add(new LlamaCppPeer(cache, forms.gguf(), threads));
        peers.add(new OpenVinoPeer(cache, forms.gguf(), threads));
        Langchain4jPeer langchain4j = new Langchain4jPeer(cache);
        peers.add(CandorPeer.embeddings(cache, forms, false, threads, http));
        peers.add(CandorPeer.embeddings(cache, forms, true, threads, http));
        peers.add(langchain4j);
        peers.add(new TransformersJsPeer(cache, langchain4j, http));
        return peers;
    }

    private List<Peer> chosen(List<Peer> peers) {
        String only = options.given("only").orElse("");
        if (only.isEmpty()) {
            return peers;
        }
        Set<String> names = Set.of(only.split(","));
        Set<String> known = peers.stream().map(Peer::name).collect(Collectors.toCollection(TreeSet::new));
        if (!known.containsAll(names)) {
            throw new IllegalArgumentException("--only takes names of " + String.join(", ", known) + ": " + only);
        }
        return peers.stream().filter(peer -> names.contains(peer.name())).toList();
    }

    private static void install(List<Peer> peers) {
        for (Peer peer : peers) {
            try {
                peer.install();
                System.out.println(peer.name() + " is installed");
            } catch (PeerException e) {
                System.out.println(peer.name() + " cannot be installed: " + e.getMessage());
            }
        }
    }

    private void measure(Machine machine, Forms forms, List<Peer> peers) throws Exception {
        long begin = System.nanoTime();
        Path work = Files.createTempDirectory("candor-bench");
        VerifiedModel model = forms.model("q8");
        try (field; HfTokenizer tokenizer = HfTokenizer.open(model.tokenizer(), cache.resolve("natives")); ChatClient client = new ChatClient()) {
            peers.forEach(field::enter);
            Prompts prompts = new Prompts(tokenizer, System.nanoTime());
            ChatBench chat = new ChatBench(client, prompts, plan);
            chat(chat);
            overhead(chat, model, options.number("threads"));
            embeddings(new EmbeddingBench(prompts, plan));
            memory();
            Map<String, QualityReport> quality = quality(forms, tokenizer, model, work);
            List<Peer> measured = peers.stream().filter(peer -> figures.all().containsKey(peer.name())).toList();
            Outcome outcome = new Outcome(measured, figures, quality);
            PeersReport report = new PeersReport(machine, plan, outcome, field.skipped(), plan.qualityWindows() * Plan.WINDOW);
            String text = report.markdown();
            System.out.println(text);
            Path file = new Results(Path.of(options.text("out")), Clock.systemUTC()).write("peers", report.json(), text, ".md");
            System.out.printf("kept in %s after %.0f s%n", file, (System.nanoTime() - begin) / 1e9);
        } finally {
            delete(work);
        }
    }

    private void chat(ChatBench bench) throws InterruptedException {
        field.inTurns(0, (peer, running) -> {
            if (running.chat().isPresent()) {
                bench.warmUp(running.chat().get());
            }
        });
        for (int round = 0; round < plan.rounds(); round++) {
            System.out.println("chat, round " + (round + 1) + " of " + plan.rounds());
            for (int streams : plan.streams()) {
                chat(round, (peer, server) -> figures.add(peer, Measures.decode(streams), bench.decode(server, streams)));
            }
            chat(round, (peer, server) -> figures.add(peer, Measures.PREFILL, bench.prefill(server)));
            chat(round, (peer, server) -> figures.add(peer, Measures.FIRST, bench.firstTokens(server)));
            chat(round, (peer, server) -> {
                ChatBench.Stall stall = bench.stall(server);
                figures.add(peer, Measures.QUIET, stall.quiet());
                figures.add(peer, Measures.BUSY, stall.busy());
            });
        }
    }

    /** One measurement of a chat server. */
    @FunctionalInterface
    private interface ChatTurn {
        void take(String peer, ChatServer server) throws IOException, InterruptedException;
    }

    private void chat(int round, ChatTurn turn) throws InterruptedException {
        field.inTurns(round, (peer, running) -> {
            if (running.chat().isPresent()) {
                turn.take(peer.name(), running.chat().get());
            }
        });
    }

    private void embeddings(EmbeddingBench bench) throws InterruptedException {
        List<String> sample = bench.sample();
        List<float[][]> reference = new ArrayList<>();
        for (int round = -1; round < plan.rounds(); round++) {
            boolean first = round < 0;
            field.inTurns(Math.max(0, round), (peer, running) -> {
                if (running.embeddings().isEmpty()) {
                    return;
                }
                EmbeddingServer server = running.embeddings().get();
                if (first) {
                    bench.warmUp(server);
                    if (peer.name().equals("langchain4j")) {
                        reference.add(server.embed(sample, 1, true).vectors());
                    }
                } else {
                    bench.round(peer.name(), server, figures);
                }
            });
        }
        field.inTurns(0, (peer, running) -> {
            if (running.embeddings().isPresent() && !reference.isEmpty()) {
                figures.add(peer.name(), "cosine", EmbeddingBench.leastCosine(
                        reference.getFirst(), running.embeddings().get().embed(sample, 1, true).vectors()));
            }
        });
    }

    private void memory() throws InterruptedException {
        field.inTurns(0, (peer, running) -> {
            running.residentBytes().ifPresent(bytes -> figures.add(peer.name(), Measures.RESIDENT, bytes / MIB));
            if (running.stateBytes().isPresent() && peer.weightBytes().isPresent()) {
                figures.add(peer.name(), Measures.WEIGHTS_AND_KV, (running.stateBytes().getAsLong() + peer.weightBytes().get()) / MIB);
            }
        });
    }

    /** Bare runs and the server in turns, so that a slower machine slows both. */
    private void overhead(ChatBench bench, VerifiedModel model, int threads) throws InterruptedException {
        String form = model.config().form();
        try (RawRuns raw = new RawRuns(cache.resolve("natives"), model, threads)) {
            for (int round = 0; round < 2 * plan.rounds() + 1; round++) {
                field.inTurns(0, (peer, running) -> {
                    if (peer.name().equals("candor-" + form)) {
                        double bare = raw.decodeMillis(ChatBench.DECODE_PROMPT, plan.answerTokens());
                        figures.add(peer.name(), Measures.OVERHEAD, bench.gapMillis(running.chat().orElseThrow()) - bare);
                    }
                });
            }
        } catch (PeerException e) {
            System.out.println("the server's overhead is not measured: " + e.getMessage());
        }
    }

    private Map<String, QualityReport> quality(Forms forms, HfTokenizer tokenizer, VerifiedModel model, Path work)
            throws IOException, InterruptedException {
        if (field.serving().keySet().stream().noneMatch(Peer::chats)) {
            return Map.of();
        }
        try {
            int threads = options.number("threads");
            Peer fp32 = CandorPeer.chat(cache, forms, "fp32", threads, null);
            Qualities qualities = Qualities.begin(work, tokenizer, plan.qualityWindows(), model.config().vocabSize(), fp32);
            field.inTurns(0, (peer, running) -> {
                if (peer.chats()) {
                    qualities.measure(peer);
                }
            });
            return qualities.reports();
        } catch (PeerException e) {
            System.out.println("quality is not measured: " + e.getMessage());
            return Map.of();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            System.err.println(folder + " was not deleted: " + e.getMessage());
        }
    }
}
