package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.settlement.ledger.SqlDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxCrashTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aProcessThatDiesWhileSendingMakesNoTransferTwice(String where) throws Exception {
        Path file = home.resolve("ledger.db");
        try (TestChain chain = TestChain.start(home)) {
            for (int crash = 0; crash < 2; crash++) {
                Process child = ChildJvm.start(
                        OutboxCrashMain.class, home.resolve("child.log"), file.toString(), chain.chain().rpc().toString(),
                        chain.addresses().json(), where);
                assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
                assertThat(child.exitValue()).as(Files.readString(home.resolve("child.log"))).isEqualTo(77);
            }
            try (SqlDatabase database = SqlDatabase.open(file);
                    Outbox outbox = Outbox.start(
                            database, chain.client(), 31337, TestChain.OPERATOR, TestChain.hurried(), Clock.systemUTC())) {
                chain.hurryWhile(outbox::hasUnconfirmed);
                for (int i = 0; i < 3; i++) {
                    String key = "k" + i;
                    Eventually.holds(Duration.ofSeconds(60), key, () -> outbox.find(key).orElseThrow().state() == OutboxState.CONFIRMED);
                }
            }
            assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(3);
        }
    }
}
