package dev.candor.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;

/** Transformers.js in Node behind a small server that comes with this program, on the same MiniLM weights. */
final class TransformersJsPeer implements Peer {
    private static final String VERSION = "4.3.1";
    private static final String MODEL = "all-minilm-l6-v2";
    private static final Duration STEP_LIMIT = Duration.ofMinutes(10);

    private final Workshop workshop;
    private final Langchain4jPeer weights;
    private final HttpClient http;

    /** @param weights whose package holds the model */
    TransformersJsPeer(Path cache, Langchain4jPeer weights, HttpClient http) {
        this.workshop = new Workshop(cache, "transformers-js");
        this.weights = weights;
        this.http = http;
    }

    @Override
    public Profile profile() {
        return Profile.otherEmbeddings("transformers-js", "@huggingface/transformers " + VERSION + " (onnxruntime-node) over HTTP, fp32");
    }

    @Override
    public void install() throws PeerException {
        weights.install();
        workshop.install("@huggingface/transformers@" + VERSION, () -> {
            Files.writeString(workshop.file("package.json"),
                    "{\"private\":true,\"type\":\"module\",\"dependencies\":{\"@huggingface/transformers\":\"" + VERSION + "\"}}\n");
            workshop.run("install.log", STEP_LIMIT, Map.of(), List.of(
                    "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"));
            Path model = Files.createDirectories(workshop.file("models/" + MODEL + "/onnx")).getParent();
            unpack(MODEL + ".onnx", model.resolve("onnx/model.onnx"));
            unpack(MODEL + "-tokenizer.json", model.resolve("tokenizer.json"));
            Files.writeString(model.resolve("config.json"), "{\"model_type\":\"bert\",\"hidden_size\":384,\"max_position_embeddings\":512}\n");
            Files.writeString(model.resolve("tokenizer_config.json"), "{\"tokenizer_class\":\"BertTokenizer\",\"model_max_length\":512}\n");
        });
    }

    private void unpack(String entry, Path file) throws IOException {
        try (JarFile jar = new JarFile(weights.modelJar().toFile());
                InputStream in = jar.getInputStream(jar.getJarEntry(entry))) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public Running start() throws PeerException {
        int port = PeerProcess.freePort();
        Path script = workshop.script("transformers-server.mjs");
        PeerProcess process = PeerProcess.start(workshop.folder(), workshop.file("server.log"), Map.of(), List.of(
                "node", script.toString(), workshop.file("models").toString(), MODEL, Integer.toString(port)));
        process.awaitReady();
        return new ServedPeer(
                process, Optional.empty(), Optional.of(new HttpEmbeddings(http, URI.create("http://127.0.0.1:" + port), MODEL, Map.of())));
    }

    @Override
    public Optional<Long> weightBytes() {
        return Sizes.of(workshop.file("models"));
    }
}
