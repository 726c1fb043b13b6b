package dev.candor.inference.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code candor up} in a process of its own, with demo model and dev chain, to be killed. */
final class NodeProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(240);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 180;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final CandorHome home;
    private final Path output;
    private JsonNode record;

    private NodeProcess(Process process, CandorHome home, Path output) {
        this.process = process;
        this.home = home;
        this.output = output;
    }

    /**
     * Starts a node on any free port, without waiting until it answers.
     *
     * @param output takes what it prints, after what is there
     */
    static NodeProcess start(Path home, Path output, String... options) throws IOException {
        return start(home, output, List.of(), Map.of(), options);
    }

    static NodeProcess start(Path home, Path output, List<String> jvm, Map<String, String> environment, String... options)
            throws IOException {
        List<String> command = new ArrayList<>(jvm);
        command.addAll(List.of("up", "--home", home.toString(), "--port", "0"));
        command.addAll(List.of(options));
        return new NodeProcess(launch(output, jvm.size(), command, environment), new CandorHome(home), output);
    }

    /** Runs a command of the CLI to its end; returns its exit status. */
    static int run(Path output, String... arguments) throws IOException, InterruptedException {
        Process process = launch(output, 0, List.of(arguments), Map.of());
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end of " + String.join(" ", arguments));
        }
        return process.exitValue();
    }

    private static Process launch(Path output, int jvmOptions, List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx1g"));
        command.addAll(arguments.subList(0, jvmOptions));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.candor.inference.cli.Main"));
        command.addAll(arguments.subList(jvmOptions, arguments.size()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("CANDOR_CACHE", DemoNode.cache().toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Waits until the node answers requests. */
    NodeProcess awaitReady() throws Exception {
        boolean ready = Eventually.within(START_LIMIT, () -> !process.isAlive() || readRecord());
        if (!ready || !process.isAlive()) {
            throw new AssertionError("the node did not start: " + Files.readString(output));
        }
        return this;
    }

    private boolean readRecord() throws IOException {
        if (!Files.exists(home.nodeJson())) {
            return false;
        }
        JsonNode written = JSON.readTree(Files.readString(home.nodeJson()));
        if (written.path("pid").asLong() != process.pid()) {
            return false;
        }
        record = written;
        return true;
    }

    URI url() {
        return URI.create(record.path("url").asText());
    }

    /** A JSON document of the node. */
    JsonNode get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(url().resolve(path)).timeout(ANSWER_LIMIT).build();
            return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
        }
    }

    /** The chain's JSON-RPC endpoint. */
    URI rpc() {
        return URI.create(record.path("rpc").asText());
    }

    CandorHome home() {
        return home;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The demo wallet. */
    Secp256k1KeyPair wallet() throws IOException {
        return Secp256k1KeyPair.of(HexFormat.of().parseHex(Files.readString(home.walletKey()).strip()));
    }

    /** The process that runs the home's dev chain, if one does. */
    Optional<ProcessHandle> anvil() throws IOException {
        Path runner = home.chain().resolve("anvil.json");
        return Files.exists(runner)
                ? ProcessHandle.of(JSON.readTree(Files.readString(runner)).path("pid").asLong())
                : Optional.empty();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks the node to drain and to stop, the chain too. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the node did not stop");
        }
    }

    /** Ends the node however it can, and leaves no chain behind. */
    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        run(output, "down", "--home", home.root().toString());
    }
}
