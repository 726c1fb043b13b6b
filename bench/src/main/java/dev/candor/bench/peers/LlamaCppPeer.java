package dev.candor.bench.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** llama.cpp's own server on the GGUF file, built for this very CPU from the sources in llama-cpp-python's package. */
final class LlamaCppPeer implements Peer {
    private static final String VERSION = "0.3.36";
    private static final String SOURCES = "llama_cpp_python-" + VERSION;
    private static final String CONTEXT = "36864";
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(60);
    private static final Duration STEP_LIMIT = Duration.ofMinutes(10);

    private final Workshop workshop;
    private final Path gguf;
    private final int threads;

    LlamaCppPeer(Path cache, Path gguf, int threads) {
        this.workshop = new Workshop(cache, "llama");
        this.gguf = gguf;
        this.threads = threads;
    }

    @Override
    public Profile profile() {
        return Profile.otherChat("llama", "llama.cpp server of llama-cpp-python " + VERSION + ", built with GGML_NATIVE, the GGUF as it is (Q4_1, Q8_0 head)");
    }

    @Override
    public void install() throws PeerException {
        workshop.install("llama-cpp-python==" + VERSION, () -> {
            String python = workshop.file("venv/bin/python").toString();
            run("python3", "-m", "venv", "venv");
            run(python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "llama-cpp-python", "-d", "download", "llama-cpp-python==" + VERSION);
            run("tar", "-xzf", archive().toString());
            keepTileStores(workshop.file(SOURCES).resolve("vendor/llama.cpp/ggml/src/ggml-cpu/amx/mmq.cpp"));
            workshop.run("configure.log", STEP_LIMIT, Map.of(), List.of(
                    "cmake", "-S", SOURCES + "/vendor/llama.cpp", "-B", "build", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON",
                    "-DGGML_NATIVE=ON", "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_APP=OFF",
                    "-DLLAMA_BUILD_UI=OFF", "-DLLAMA_USE_PREBUILT_UI=OFF", "-DLLAMA_OPENSSL=OFF"));
            workshop.run("build.log", BUILD_LIMIT, Map.of(), List.of(
                    "cmake", "--build", "build", "--target", "llama-server", "--parallel", Integer.toString(threads)));
            workshop.run("pip.log", STEP_LIMIT, Map.of("CMAKE_ARGS", "-DLLAMA_BUILD=OFF -DLLAVA_BUILD=OFF"), List.of(
                    python, "-m", "pip", "install", "--quiet", "./" + SOURCES));
        });
    }

    private void run(String... command) throws PeerException {
        workshop.run("install.log", STEP_LIMIT, Map.of(), List.of(command));
    }

    /** GCC 12 takes what is stored in the tile configuration for unused, and the first AMX instruction then ends the program. */
    private static void keepTileStores(Path file) throws IOException {
        String load = "    _tile_loadconfig(&tc);";
        String code = Files.readString(file);
        Files.writeString(file, code.replace(load, "    asm volatile(\"\" : : \"r\"(&tc) : \"memory\");\n" + load));
    }

    private Path archive() throws IOException, PeerException {
        try (Stream<Path> files = Files.list(workshop.file("download"))) {
            return files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst()
                    .orElseThrow(() -> new PeerException("pip left no source archive of llama-cpp-python " + VERSION));
        }
    }

    @Override
    public Running start() throws PeerException {
        int port = PeerProcess.freePort();
        String count = Integer.toString(threads);
        PeerProcess process = PeerProcess.start(workshop.folder(), workshop.file("server.log"), Map.of(), List.of(
                workshop.file("build/bin/llama-server").toString(), "-m", gguf.toString(), "--host", "127.0.0.1", "--port", Integer.toString(port),
                "--parallel", "8", "--ctx-size", CONTEXT, "--threads", count, "--threads-batch", count, "--no-webui"));
        URI base = URI.create("http://127.0.0.1:" + port);
        process.awaitHealth(base.resolve("/health"));
        ChatServer chat = new ChatServer(base, "smollm2", Map.of("cache_prompt", false));
        return new ServedPeer(process, Optional.of(chat), Optional.empty());
    }

    @Override
    public boolean logits(Path windows, Path out) throws PeerException {
        Path script = workshop.script("llama_logits.py");
        workshop.run("logits.log", STEP_LIMIT, Map.of("LLAMA_CPP_LIB_PATH", workshop.file("build/bin").toString()), List.of(
                workshop.file("venv/bin/python").toString(), script.toString(), gguf.toString(), windows.toString(), out.toString(),
                Integer.toString(threads)));
        return true;
    }

    @Override
    public Optional<Long> weightBytes() {
        return Sizes.of(gguf);
    }
}
