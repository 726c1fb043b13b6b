package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.settlement.chain.AnvilPackage;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.ProvisionListener;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node on a fresh anvil that somebody else started, with the real program. */
@Timeout(600)
class OtherChainTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long CHAIN = 999;

    @TempDir
    private Path folder;

    private URI rpc;
    private Process anvil;

    @BeforeEach
    void start() throws Exception {
        Path program = new AnvilPackage(DemoNode.cache(), ProvisionListener.SILENT).provision();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        rpc = URI.create("http://127.0.0.1:" + port);
        anvil = new ProcessBuilder(program.toString(), "--port", Integer.toString(port), "--chain-id", Long.toString(CHAIN), "--quiet")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("anvil.out").toFile())
                .start();
        Eventually.await("anvil answers", LIMIT, this::answers);
    }

    private boolean answers() {
        try (ChainClient chain = new ChainClient(rpc)) {
            return chain.chainId() == CHAIN;
        } catch (ChainException notYet) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        anvil.destroyForcibly().waitFor();
    }

    @Test
    void isDeployedToPaidOnAndSettledOnAndMissedWhenItIsGone() throws Exception {
        assertThat(candor(1, "up", "--port", "0", "--chain", rpc.toString())).contains("nothing is known of chain 999", "--deploy");
        try (ChainClient chain = new ChainClient(rpc)) {
            assertThat(chain.blockNumber()).as("nothing is sent without --deploy").isZero();
        }
        try (NodeProcess node = NodeProcess.start(
                        home(), folder.resolve("node.out"), "--chain", rpc.toString(), "--deploy").awaitReady()) {
            assertThat(home().resolve("contracts").resolve("addresses").resolve("999.json")).isRegularFile();
            candor(0, "chat", "Hello", "--max-tokens", "4", "--temperature", "0");
            Eventually.await("the payment is settled", LIMIT, () ->
                    money(node, "unsettled").equals("0") && !money(node, "settled").equals("0"));
            Eventually.await("the chain is reachable", LIMIT, () -> node.get("/node/status").at("/chain/reachable").asBoolean());

            anvil.destroyForcibly().waitFor();
            Eventually.await("the chain is missed", LIMIT, () -> !node.get("/node/status").at("/chain/reachable").asBoolean());
            assertThat(candor(0, "status")).contains("NOT reachable");
        }
    }

    private Path home() {
        return folder.resolve("home");
    }

    private String candor(int expected, String... arguments) throws Exception {
        Path output = Files.createTempFile(folder, "candor", ".out");
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--home", home().toString()));
        int ended = NodeProcess.run(output, command.toArray(String[]::new));
        String said = Files.readString(output);
        assertThat(ended).as("candor %s said: %s", command, said).isEqualTo(expected);
        return said;
    }

    private static String money(NodeProcess node, String name) throws Exception {
        return node.get("/node/status").path("money").path(name).asText();
    }
}
