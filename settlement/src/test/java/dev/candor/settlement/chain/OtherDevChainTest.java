package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.settlement.facilitator.SteppingClock;
import dev.candor.settlement.ledger.SqlDatabase;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An anvil that somebody else started: it mines a block for each transaction and none besides. */
class OtherDevChainTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private OtherAnvil anvil;
    private ChainClient client;

    @BeforeEach
    void start() throws Exception {
        anvil = OtherAnvil.start(home, 31337);
        client = anvil.client();
    }

    @AfterEach
    void stop() throws Exception {
        anvil.close();
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
    void aChainThatIsGoneIsSeenAsGoneAFewSecondsLater() throws Exception {
        SteppingClock clock = new SteppingClock();
        ChainPresence presence = new ChainPresence(client, clock);
        assertThat(presence.trouble()).isEmpty();
        anvil.kill();
        assertThat(presence.trouble()).as("asked a moment ago").isEmpty();
        clock.step(Duration.ofSeconds(4));
        assertThat(presence.trouble()).hasValueSatisfying(why -> assertThat(why).contains(client.endpoint().toString()));
    }

    @Test
    void otherChainsAreGivenMoreConfirmations() {
        assertThat(OutboxConfig.of("anvil/v1.7.1").confirmations()).isEqualTo(1);
        assertThat(OutboxConfig.of("HardhatNetwork/2.22.0/@ethereumjs/vm").confirmations()).isEqualTo(1);
        assertThat(OutboxConfig.of("op-reth/v1.9.3 (not anvil/)").confirmations()).isEqualTo(5);
        assertThat(OutboxConfig.of("").confirmations()).isEqualTo(5);
    }
}
