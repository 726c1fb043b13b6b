package dev.candor.inference.e2e;

import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.node.CandorNode;
import dev.candor.inference.node.StartListener;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A whole node in this process: both demo models, dev chain, a port of its own. */
final class DemoNode implements AutoCloseable {
    static final String MODEL = "huggingfacetb/smollm2-135m-instruct@1";
    static final String ENCODER = "sentence-transformers/all-minilm-l6-v2@1";

    private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    private final CandorNode node;
    private final CandorHome home;

    DemoNode(Path folder, boolean free) throws Exception {
        this(folder, free, 31337, 64);
    }

    /**
     * @param chain of the dev chain
     * @param queue requests that may wait
     */
    DemoNode(Path folder, boolean free, long chain, int queue) throws Exception {
        home = new CandorHome(folder);
        NodeConfig config = new NodeConfig(
                home,
                cache(),
                new Listen("127.0.0.1", 0, Optional.empty(), false),
                List.of("smollm2-135m-instruct", "all-minilm-l6-v2"),
                Hardware.any(),
                new Payments(free, Optional.empty(), chain, false, Optional.empty(), BigInteger.TEN.pow(20)),
                new Limits(1 << 20, 1 << 20, queue, 8, 2048, 0, 1 << 20, 1L << 34));
        node = CandorNode.start(config, StartListener.silent());
    }

    /** What tests share with each other and with {@code candor up}, since it can be made again at any time. */
    static Path cache() {
        String named = System.getenv("CANDOR_CACHE");
        return named == null ? Path.of(System.getProperty("user.home"), ".candor", "cache") : Path.of(named);
    }

    URI url() {
        return URI.create(node.panel().url());
    }

    URI rpc() {
        return node.panel().rpc();
    }

    CandorHome home() {
        return home;
    }

    String walletKey() throws Exception {
        return "0x" + Files.readString(home.walletKey()).strip();
    }

    /** Waits until no request of {@code model} is at work, as the node's metrics tell. */
    void awaitIdle(String model) throws Exception {
        String line = "num_requests_running{model_name=\"" + model + "\"} 0.0";
        HttpRequest metrics = HttpRequest.newBuilder(url().resolve("/metrics")).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Eventually.await(model + " is idle", IDLE_LIMIT, () -> http.send(metrics, HttpResponse.BodyHandlers.ofString()).body().contains(line));
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
