package dev.candor.settlement.chain;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An anvil that somebody else started: it mines a block for each transaction and none besides. */
final class OtherAnvil implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final ChainClient client;

    private OtherAnvil(Process process, ChainClient client) {
        this.process = process;
        this.client = client;
    }

    static OtherAnvil start(Path folder, long chainId, String... options) throws Exception {
        Path program = new AnvilPackage(TestCache.folder(), ProvisionListener.SILENT).provision();
        int port = AnvilProcess.freePort();
        List<String> command = new ArrayList<>(List.of(
                program.toString(), "--port", Integer.toString(port), "--chain-id", Long.toString(chainId), "--quiet"));
        command.addAll(List.of(options));
        OtherAnvil anvil = new OtherAnvil(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("anvil.log").toFile())
                        .start(),
                new ChainClient(URI.create("http://127.0.0.1:" + port)));
        Eventually.holds(LIMIT, "anvil answers", () -> anvil.answers(chainId));
        return anvil;
    }

    private boolean answers(long chainId) {
        try {
            return client.chainId() == chainId;
        } catch (ChainException notYet) {
            return false;
        }
    }

    ChainClient client() {
        return client;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        client.close();
        kill();
    }
}
