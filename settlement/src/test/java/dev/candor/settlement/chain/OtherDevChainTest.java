package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.settlement.ledger.SqlDatabase;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An anvil that somebody else started: it mines a block for each transaction and none besides. */
class OtherDevChainTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private Process anvil;
    private ChainClient client;

    @BeforeEach
    void start() throws Exception {
        Path program = new AnvilPackage(TestCache.folder(), ProvisionListener.SILENT).provision();
        int port = AnvilProcess.freePort();
        anvil = new ProcessBuilder(program.toString(), "--port", Integer.toString(port), "--quiet")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("anvil.log").toFile())
                .start();
        client = new ChainClient(URI.create("http://127.0.0.1:" + port));
        Eventually.holds(LIMIT, "anvil answers", this::answers);
    }

    private boolean answers() {
        try {
            return client.chainId() == 31337;
        } catch (ChainException notYet) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        anvil.destroyForcibly().waitFor();
    }

    @Test
    void aTransactionIsConfirmedThoughNoFurtherBlockComes() throws Exception {
        new DevChainRpc(client).setBalance(TestChain.OPERATOR.address(), BigInteger.TEN.pow(18));
        OutboxConfig config = OutboxConfig.of(client.clientVersion());
        try (SqlDatabase database = SqlDatabase.open(home.resolve("ledger.db"));
                Outbox outbox = Outbox.start(database, client, 31337, TestChain.OPERATOR, config, Clock.systemUTC())) {
            outbox.submit("a", TestChain.STRANGER, "0x");
            Eventually.holds(LIMIT, "it is confirmed", () -> outbox.find("a").orElseThrow().state() == OutboxState.CONFIRMED);
        }
        assertThat(client.blockNumber()).isEqualTo(1);
    }

    @Test
    void otherChainsAreGivenMoreConfirmations() {
        assertThat(OutboxConfig.of("anvil/v1.7.1").confirmations()).isEqualTo(1);
        assertThat(OutboxConfig.of("HardhatNetwork/2.22.0/@ethereumjs/vm").confirmations()).isEqualTo(1);
        assertThat(OutboxConfig.of("op-reth/v1.9.3 (not anvil/)").confirmations()).isEqualTo(5);
        assertThat(OutboxConfig.of("").confirmations()).isEqualTo(5);
    }
}
