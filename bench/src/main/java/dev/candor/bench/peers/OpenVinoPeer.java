package dev.candor.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.net.URI;

/** OpenVINO GenAI's continuous batching on the GGUF file, behind a small server that comes with this program. */
final class OpenVinoPeer implements Peer {
    private static final String VERSION = "2026.4.1.0";
    private static final String NUMPY = "2.4.6";
    private static final Duration STEP_LIMIT = Duration.ofMinutes(10);

    private final Workshop workshop;
    private final Path gguf;
    private final int threads;

    OpenVinoPeer(Path cache, Path gguf, int threads) {
        this.workshop = new Workshop(cache, "openvino");
        this.gguf = gguf;
        this.threads = threads;
    }

    @Override
    public Profile profile() {
        return Profile.otherChat(
                "openvino", "openvino-genai " + VERSION + ", ContinuousBatchingPipeline on the GGUF, prefix cache off, the CPU plugin's own defaults");
    }

    @Override
    public void install() throws PeerException {
        workshop.install("openvino-genai==" + VERSION + " numpy==" + NUMPY, () -> {
            workshop.run("install.log", STEP_LIMIT, Map.of(), List.of("python3", "-m", "venv", "venv"));
            workshop.run("install.log", STEP_LIMIT, Map.of(), List.of(
                    python(), "-m", "pip", "install", "--quiet", "openvino-genai==" + VERSION, "numpy==" + NUMPY));
            // Converted files are written beside the model, so it gets a folder of its own.
            Files.createDirectories(workshop.file("model"));
            Files.copy(gguf, model(), StandardCopyOption.REPLACE_EXISTING);
        });
    }

    private String python() {
        return workshop.file("venv/bin/python").toString();
    }

    private Path model() {
        return workshop.file("model/model.gguf");
    }

    @Override
    public Running start() throws PeerException {
        int port = PeerProcess.freePort();
        Path script = workshop.script("openvino_server.py");
        PeerProcess process = PeerProcess.start(workshop.folder(), workshop.file("server.log"), Map.of(), List.of(
                python(), script.toString(), model().toString(), Integer.toString(port), Integer.toString(threads)));
        process.awaitReady();
        ChatServer chat = new ChatServer(URI.create("http://127.0.0.1:" + port), "smollm2", Map.of());
        return new ServedPeer(process, Optional.of(chat), Optional.empty());
    }

    @Override
    public boolean logits(Path windows, Path out) throws PeerException {
        Path script = workshop.script("openvino_logits.py");
        workshop.run("logits.log", STEP_LIMIT, Map.of(), List.of(
                python(), script.toString(), model().toString(), windows.toString(), out.toString()));
        return true;
    }

    @Override
    public Optional<Long> weightBytes() {
        return Sizes.of(gguf);
    }
}
