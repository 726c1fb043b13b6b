package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Third-party clients, installed once by their own package managers at the pinned versions, and run unmodified. */
final class ClientPackages {
    private static final String SEED_PINS = "requirements-opengradient.txt";
    private static final long INSTALL_MINUTES = 10;
    private static final long RUN_MINUTES = 6;

    private final Path folder;

    private ClientPackages(Path folder) {
        this.folder = folder;
    }

    /** The clients that go together: those of Node, and those of Python in one virtual environment. */
    static ClientPackages install() throws Exception {
        return install(List.of("package-lock.json", "requirements.txt"), List.of(
                List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"),
                List.of("python3", "-m", "venv", "venv"),
                List.of("venv/bin/python", "-m", "pip", "install", "--quiet", "-r", "requirements.txt")));
    }

    /** The seed system's own client, alone: it brings a package of its own by the name of x402's. */
    static ClientPackages installSeed() throws Exception {
        return install(List.of(SEED_PINS), List.of(
                List.of("python3", "-m", "venv", "venv"),
                List.of("venv/bin/python", "-m", "pip", "install", "--quiet", "-r", SEED_PINS)));
    }

    private static ClientPackages install(List<String> pinFiles, List<List<String>> steps) throws Exception {
        Path sources = Path.of(System.getProperty("candor.root"), "inference-node", "src", "test", "clients");
        StringBuilder pins = new StringBuilder();
        for (String file : pinFiles) {
            pins.append(Files.readString(sources.resolve(file)));
        }
        String name = Digest.sha256(pins.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
        Path folder = DemoNode.cache().resolve("test-clients").resolve(name);
        Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            copy(sources, folder);
            if (!Files.exists(folder.resolve("installed"))) {
                for (List<String> step : steps) {
                    run(folder, INSTALL_MINUTES, step);
                }
                Files.createFile(folder.resolve("installed"));
            }
        }
        return new ClientPackages(folder);
    }

    /** What {@code script}, for Node or for Python by its name, says of a client. */
    ClientChecks check(String script, List<String> arguments) throws Exception {
        String[] all = arguments.toArray(String[]::new);
        return ClientChecks.of(script.endsWith(".py") ? python(script, all) : node(script, all));
    }

    /** The JSON on the last line that {@code script} prints. */
    JsonNode node(String script, String... arguments) throws Exception {
        return last(run(folder, RUN_MINUTES, Stream.concat(Stream.of("node", script), Stream.of(arguments)).toList()));
    }

    /** The JSON on the last line that {@code script} prints. */
    JsonNode python(String script, String... arguments) throws Exception {
        return last(run(folder, RUN_MINUTES, Stream.concat(Stream.of("venv/bin/python", script), Stream.of(arguments)).toList()));
    }

    private static JsonNode last(String output) throws IOException {
        return new ObjectMapper().readTree(output.lines().reduce((before, line) -> line).orElseThrow());
    }

    /** Leaves alone what is there already: the tests of another process may be running it. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(file.getFileName());
                if (!Files.exists(target) || Files.mismatch(file, target) >= 0) {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static String run(Path folder, long minutes, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("client", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
            process.destroyForcibly();
            String said = Files.readString(output);
            assertThat(ended && process.exitValue() == 0).as("%s said: %s", command, said).isTrue();
            return said;
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
