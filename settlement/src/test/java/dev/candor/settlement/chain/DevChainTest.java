package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevChainTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private static void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void transfer(TestChain chain, long amount) throws Exception {
        new DirectSender(chain.client(), 31337, Optional.empty())
                .send(TestChain.OPERATOR, List.of(new DirectSender.Call(
                        chain.addresses().opg(), chain.transfer(TestChain.STRANGER, amount))));
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void chainsBegunInTheSameSecondHaveDifferentFirstBlocks() throws Exception {
        Path anvil = new AnvilPackage(TestCache.folder(), ProvisionListener.SILENT).provision();
        Set<String> firstBlocks = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            try (DevChain chain = DevChain.start(new DevChainConfig(anvil, home.resolve("chain" + i), 31337, 0))) {
                firstBlocks.add(chain.client().block(0).orElseThrow().hash());
            }
        }
        assertThat(firstBlocks).hasSize(4);
    }

    @Test
    void anIdleChainDoesNotGrow() throws Exception {
        try (TestChain chain = TestChain.start(home)) {
            long height = chain.client().blockNumber();
            rest(Duration.ofMillis(2500));
            assertThat(chain.client().blockNumber()).isEqualTo(height);
        }
    }

    @Test
    void aBlockASecondIsMinedWhileThereIsSomethingToDo() throws Exception {
        try (TestChain chain = TestChain.start(home)) {
            long height = chain.client().blockNumber();
            transfer(chain, 1);
            Eventually.holds(LIMIT, "the transfer is mined", () -> chain.opg(TestChain.STRANGER).signum() > 0);
            assertThat(chain.client().blockNumber()).isEqualTo(height + 1);

            AtomicBoolean waiting = new AtomicBoolean(true);
            long begin = System.nanoTime();
            chain.chain().mineWhile(waiting::get);
            Eventually.holds(LIMIT, "blocks for confirmations", () -> chain.client().blockNumber() >= height + 3);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(750));
            waiting.set(false);
            Eventually.holds(LIMIT, "no block comes when nobody waits", () -> {
                long last = chain.client().blockNumber();
                rest(Duration.ofMillis(1600));
                return chain.client().blockNumber() == last;
            });
        }
    }

    @Test
    void anvilIsStartedAgainWithItsStateWhenItIsKilled() throws Exception {
        try (TestChain chain = TestChain.start(home)) {
            URI rpc = chain.chain().rpc();
            long pid = chain.chain().pid();
            transfer(chain, 5);
            Eventually.holds(LIMIT, "mined", () -> chain.opg(TestChain.STRANGER).signum() > 0);
            Eventually.holds(LIMIT, "a whole copy is kept", () -> holdsTransfer(home.resolve("chain/state.whole.json")));
            kill(pid);
            Eventually.holds(LIMIT, "started again", () -> chain.chain().pid() != pid && chain.chain().running());
            assertThat(chain.chain().rpc()).isEqualTo(rpc);
            Eventually.holds(LIMIT, "its state is there", () -> chain.opg(TestChain.STRANGER).equals(BigInteger.valueOf(5)));
            transfer(chain, 6);
            Eventually.holds(LIMIT, "mines on", () -> chain.opg(TestChain.STRANGER).equals(BigInteger.valueOf(11)));
        }
    }

    @Test
    void aStateThatWasCutInHalfIsReplacedByTheLastWholeOne() throws Exception {
        try (TestChain chain = TestChain.start(home)) {
            transfer(chain, 5);
            Eventually.holds(LIMIT, "mined", () -> chain.opg(TestChain.STRANGER).signum() > 0);
            Eventually.holds(LIMIT, "a whole copy is kept", () -> holdsTransfer(home.resolve("chain/state.whole.json")));
        }
        Path state = home.resolve("chain/state.json");
        byte[] whole = Files.readAllBytes(state);
        Files.write(state, Arrays.copyOf(whole, whole.length / 2));
        try (TestChain chain = TestChain.start(home)) {
            assertThat(chain.opg(TestChain.STRANGER)).isEqualTo(5);
        }
        Files.writeString(state, "{\"block\":");
        Files.delete(home.resolve("chain/state.whole.json"));
        assertThatThrownBy(() -> TestChain.start(home))
                .isInstanceOf(ChainSetupException.class)
                .hasMessageContaining("damaged");
    }

    private static boolean holdsTransfer(Path state) throws Exception {
        return Files.exists(state) && Files.readString(state).contains(TestChain.STRANGER.value().substring(2));
    }

    @Test
    void anotherChainIdForTheSameStateIsAnError() throws Exception {
        TestChain.start(home).close();
        assertThatThrownBy(() -> TestChain.start(home, 4242))
                .isInstanceOf(ChainSetupException.class)
                .hasMessageContaining("has chain id 31337, not 4242")
                .hasMessageContaining("--chain-id 31337");
    }

    @Test
    void anotherChainIdForANewStateIsFine() throws Exception {
        try (TestChain chain = TestChain.start(home, 84532)) {
            assertThat(chain.client().chainId()).isEqualTo(84532);
            assertThat(chain.addresses().chainId()).isEqualTo(84532);
        }
    }

    @Test
    void aChainCannotBeRunTwice() throws Exception {
        try (TestChain chain = TestChain.start(home)) {
            assertThat(chain.chain().running()).isTrue();
            assertThatThrownBy(() -> TestChain.start(home))
                    .isInstanceOf(ChainSetupException.class)
                    .hasMessageContaining("another node runs the dev chain");
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        Path anvil = new AnvilPackage(TestCache.folder(), ProvisionListener.SILENT).provision();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DevChainConfig config = new DevChainConfig(anvil, home.resolve("chain"), 31337, taken.getLocalPort());
            assertThatThrownBy(() -> DevChain.start(config))
                    .isInstanceOf(ChainSetupException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void anAnvilThatAKilledNodeLeftBehindIsTakenOver() throws Exception {
        Process node = ChildJvm.start(DevChainMain.class, home.resolve("child.log"), home.toString());
        try {
            Eventually.holds(Duration.ofSeconds(60), "the child runs", () -> Files.exists(home.resolve("up"))
                    && Files.readString(home.resolve("up")).contains(" "));
        } finally {
            node.destroyForcibly();
        }
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String[] up = Files.readString(home.resolve("up")).split(" ");
        try (TestChain chain = TestChain.start(home)) {
            assertThat(chain.chain().rpc()).hasToString(up[0]);
            assertThat(chain.chain().pid()).isEqualTo(Long.parseLong(up[1]));
            transfer(chain, 1);
            Eventually.holds(LIMIT, "it is mined for", () -> chain.opg(TestChain.STRANGER).signum() > 0);
        }
        assertThat(ProcessHandle.of(Long.parseLong(up[1])).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    }
}
