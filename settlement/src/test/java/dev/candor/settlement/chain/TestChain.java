package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.web3j.abi.datatypes.generated.Uint256;

/** A real dev chain for tests, with contracts and a funded wallet. */
public final class TestChain implements AutoCloseable {
    public static final ChainAccount OPERATOR = ChainAccount.fromHex("11".repeat(32));
    public static final ChainAccount WALLET = ChainAccount.fromHex("22".repeat(32));
    public static final EvmAddress STRANGER = EvmAddress.parse("0x" + "ab".repeat(20));

    private static final long PAUSE_NANOS = 20_000_000;

    private final Path home;
    private final long chainId;
    private volatile DevChainSetup.Ready ready;
    private volatile boolean closed;

    private TestChain(Path home, long chainId, DevChainSetup.Ready ready) {
        this.home = home;
        this.chainId = chainId;
        this.ready = ready;
    }

    public static TestChain start(Path home) throws ChainSetupException {
        return start(home, 31337);
    }

    public static TestChain start(Path home, long chainId) throws ChainSetupException {
        return new TestChain(home, chainId, open(home, chainId, 0));
    }

    private static DevChainSetup.Ready open(Path home, long chainId, int port) throws ChainSetupException {
        return new DevChainSetup(home, TestCache.folder(), chainId, port, OPERATOR, WALLET).start(ProvisionListener.SILENT);
    }

    public DevChain chain() {
        return ready.chain();
    }

    public ContractAddresses addresses() {
        return ready.addresses();
    }

    public ChainClient client() {
        return ready.chain().client();
    }

    DevChainRpc dev() {
        return ready.chain().devRpc();
    }

    /** Stops the chain; {@link #startAgain} starts it on the same port. */
    public void stop() {
        ready.chain().close();
    }

    public void startAgain() throws ChainSetupException {
        ready = open(home, chainId, ready.chain().rpc().getPort());
    }

    public BigInteger opg(EvmAddress owner) throws ChainException {
        return new TokenContract(client(), addresses().opg()).balanceOf(owner);
    }

    public String transfer(EvmAddress to, long amount) {
        return TokenContract.transferCall(to, BigInteger.valueOf(amount));
    }

    /** As for a dev chain, but for people who wait less. */
    public static OutboxConfig hurried() {
        OutboxConfig config = OutboxConfig.devChain();
        return new OutboxConfig(
                config.confirmations(), config.maxUnconfirmed(), config.maxQueued(), Duration.ofMillis(50), Duration.ofMillis(500),
                config.replaceAfter(), config.maxGas(), config.fees());
    }

    /** Mines some twenty blocks a second while {@code somebodyWaits}, so that tests need not wait as long as people do. */
    public void hurryWhile(BooleanSupplier somebodyWaits) {
        Thread.ofVirtual().name("hurry").start(() -> {
            while (!closed) {
                try {
                    if (somebodyWaits.getAsBoolean()) {
                        ready.chain().mineNow();
                    }
                } catch (ChainException stopped) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        });
    }

    /** Replaces the newest blocks by empty ones. */
    public void reorganise(int depth) throws ChainException {
        dev().reorg(depth);
    }

    /** Has the wallet give up Permit2 nonces, as a payer may at any time. */
    public void invalidateNonces(BigInteger word, BigInteger mask) throws ChainException, ChainSetupException {
        Calls calls = new Calls(this);
        calls.send(WALLET, addresses().permit2(), Calls.encode("invalidateUnorderedNonces", new Uint256(word), new Uint256(mask)));
    }

    @Override
    public void close() {
        closed = true;
        ready.chain().close();
    }
}
