package dev.candor.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.manifest.VerifiedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A node of ours that serves one form of the chat model, or the embedding model. */
final class CandorPeer implements Peer {
    private static final String EMBEDDING_MODEL = "all-minilm-l6-v2";
    /** The launcher's. */
    private static final String NODE_JVM_ARGS =
            "-XX:+UseSerialGC -Xms40m -Xmn16m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 -XX:+UseCompactObjectHeaders -XX:TrimNativeHeapInterval=10000";
    private static final Duration ASK_LIMIT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What it serves. */
    enum Kind {
        CHAT,
        EMBEDDINGS,
        RECEIPTED_EMBEDDINGS
    }

    private final Path cache;
    private final Forms forms;
    private final String form;
    private final Kind kind;
    private final int threads;
    private final HttpClient http;

    private CandorPeer(Path cache, Forms forms, String form, Kind kind, int threads, HttpClient http) {
        this.cache = cache;
        this.forms = forms;
        this.form = form;
        this.kind = kind;
        this.threads = threads;
        this.http = http;
    }

    static CandorPeer chat(Path cache, Forms forms, String form, int threads, HttpClient http) {
        return new CandorPeer(cache, forms, form, Kind.CHAT, threads, http);
    }

    /** @param receipts whether each answer is signed and kept, as it is by default */
    static CandorPeer embeddings(Path cache, Forms forms, boolean receipts, int threads, HttpClient http) {
        return new CandorPeer(cache, forms, "fp32", receipts ? Kind.RECEIPTED_EMBEDDINGS : Kind.EMBEDDINGS, threads, http);
    }

    @Override
    public Profile profile() {
        return switch (kind) {
            case CHAT -> new Profile("candor-" + form, "candor up --free, smollm2 in form " + form + ", with receipts (tee)", true, true);
            case EMBEDDINGS -> new Profile("candor", "candor up --free, " + EMBEDDING_MODEL + " fp32, fused, verification none", true, false);
            case RECEIPTED_EMBEDDINGS -> new Profile("candor-tee", "the same with receipts (tee), the default", true, false);
        };
    }

    @Override
    public void install() throws PeerException {
        if (chats()) {
            model();
        }
    }

    private VerifiedModel model() throws PeerException {
        try {
            return forms.model(form);
        } catch (IOException | IllegalArgumentException e) {
            throw new PeerException("no form " + form + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Running start() throws PeerException {
        try {
            Path folder = Files.createTempDirectory("candor-bench");
            Path home = folder.resolve("home");
            String model = chats() ? forms.alias() + ":" + form : EMBEDDING_MODEL;
            PeerProcess process = PeerProcess.start(folder, folder.resolve("node.log"), environment(), command(home, model));
            Path record = home.resolve("node.json");
            process.await(() -> Files.exists(record) && JSON.readTree(Files.readString(record)).has("url"));
            JsonNode written = JSON.readTree(Files.readString(record));
            return new Node(process, URI.create(written.path("url").asText()), folder);
        } catch (IOException e) {
            throw new PeerException("did not start: " + e.getMessage(), e);
        }
    }

    private Map<String, String> environment() {
        return Map.of("ORT_DISABLE_TELEMETRY", "1", "RUST_FLAVOR", "cpu", "MALLOC_ARENA_MAX", "2", "CANDOR_CACHE", cache.toAbsolutePath().toString());
    }

    /** As the launcher starts a node. */
    private List<String> command(Path home, String model) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        String own = System.getenv().getOrDefault("CANDOR_JVM_ARGS", NODE_JVM_ARGS);
        Arrays.stream(own.split(" ")).filter(word -> !word.isBlank()).forEach(command::add);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), "dev.candor.inference.cli.Main",
                "up", "--free", "--home", home.toString(), "--port", "0", "--model", model, "--threads", Integer.toString(threads),
                "--context", "8192"));
        return command;
    }

    private final class Node implements Running {
        private final PeerProcess process;
        private final URI url;
        private final Path folder;

        Node(PeerProcess process, URI url, Path folder) {
            this.process = process;
            this.url = url;
            this.folder = folder;
        }

        @Override
        public Optional<ChatServer> chat() {
            return chats() ? Optional.of(new ChatServer(url, forms.alias(), Map.of())) : Optional.empty();
        }

        @Override
        public Optional<EmbeddingServer> embeddings() {
            Map<String, Object> extras = kind == Kind.EMBEDDINGS ? Map.of("verification", "none") : Map.of();
            return chats() ? Optional.empty() : Optional.of(new HttpEmbeddings(http, url, EMBEDDING_MODEL, extras));
        }

        @Override
        public OptionalLong residentBytes() {
            return process.residentBytes();
        }

        @Override
        public OptionalLong stateBytes() {
            try {
                HttpRequest request = HttpRequest.newBuilder(url.resolve("/node/status")).timeout(ASK_LIMIT).build();
                JsonNode status = JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
                return OptionalLong.of(status.findValues("used_bytes").stream().mapToLong(JsonNode::asLong).sum());
            } catch (IOException e) {
                return OptionalLong.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return OptionalLong.empty();
            }
        }

        @Override
        public void close() {
            process.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException e) {
                System.err.println(folder + " was not deleted: " + e.getMessage());
            }
        }
    }

    @Override
    public boolean logits(Path windows, Path out) throws PeerException {
        try {
            int[][] ids = JSON.readValue(windows.toFile(), int[][].class);
            new FormLogits(cache.resolve("natives")).write(model(), List.of(ids), out);
            return true;
        } catch (IOException e) {
            throw new PeerException("its logits cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Long> weightBytes() {
        try {
            return chats() ? Sizes.of(model().folder()) : Optional.empty();
        } catch (PeerException e) {
            return Optional.empty();
        }
    }
}
