package dev.candor.settlement.chain;

import java.io.IOException;
import java.util.Optional;
import java.nio.file.Path;
import java.nio.file.Files;
import java.lang.System.Logger;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * A chain of our own on this machine: an anvil that keeps its state over restarts, mines only when there is something to
 * mine, and is started again when it dies. An anvil that a killed node left behind is taken over. Thread-safe.
 */
public final class DevChain implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DevChain.class.getName());
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration HUNG_AFTER = Duration.ofSeconds(60);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(30);

    private final DevChainConfig config;
    private final DevChainFiles files;
    private final CacheLock lock;
    private final ChainClient client;
    private final DevChainRpc rpc;
    private final BlockMiner miner;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread keeper;
    private volatile AnvilProcess anvil;

    private DevChain(DevChainConfig config, DevChainFiles files, CacheLock lock, AnvilProcess anvil) {
        this.config = config;
        this.files = files;
        this.lock = lock;
        this.anvil = anvil;
        this.port = anvil.port();
        this.client = new ChainClient(anvil.rpc());
        this.rpc = new DevChainRpc(client);
        this.miner = new BlockMiner(rpc, files);
        this.keeper = Thread.ofVirtual().name("dev-chain").unstarted(this::keep);
    }

    /** Starts the chain, or takes over the one that is running for this folder. */
    public static DevChain start(DevChainConfig config) throws ChainSetupException {
        try {
            DevChainFiles files = new DevChainFiles(config.folder());
            CacheLock lock = CacheLock.tryAcquire(files.lock())
                    .orElseThrow(() -> new ChainSetupException("another node runs the dev chain in " + config.folder()
                            + ": stop it with 'candor down', or use another home"));
            try {
                files.bindTo(config.chainId());
                AnvilProcess anvil = AnvilProcess.adopt(config, files).orElse(null);
                if (anvil == null) {
                    files.repairState();
                    anvil = AnvilProcess.start(config, files, port(config, files));
                }
                files.keepPort(anvil.port());
                DevChain chain = new DevChain(config, files, lock, anvil);
                chain.keeper.start();
                return chain;
            } catch (ChainSetupException | IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ChainSetupException("cannot run the dev chain in " + config.folder() + ": " + e.getMessage(), e);
        }
    }

    /** Stops the chain of {@code folder} if a killed process left it running; false if there is none, or a node runs it. */
    public static boolean stopStray(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        DevChainFiles files = new DevChainFiles(folder);
        Optional<CacheLock> lock = CacheLock.tryAcquire(files.lock());
        if (lock.isEmpty()) {
            return false;
        }
        try (CacheLock _ = lock.get()) {
            return AnvilProcess.stopLeft(files);
        }
    }

    private static int port(DevChainConfig config, DevChainFiles files) throws IOException {
        if (config.port() != 0) {
            return config.port();
        }
        int last = files.lastPort();
        return last != 0 && AnvilProcess.isFree(last) ? last : AnvilProcess.freePort();
    }

    /** Where it answers; stays the same when anvil is started again. */
    public URI rpc() {
        return anvil.rpc();
    }

    public long chainId() {
        return config.chainId();
    }

    /** The process that runs the chain now. */
    public long pid() {
        return anvil.pid();
    }

    public boolean running() {
        return anvil.isAlive();
    }

    /** Mines on, a block a second, also while {@code somebodyWaits} for confirmations. */
    public void mineWhile(BooleanSupplier somebodyWaits) {
        miner.mineWhile(somebodyWaits);
    }

    ChainClient client() {
        return client;
    }

    DevChainRpc devRpc() {
        return rpc;
    }

    DevChainFiles files() {
        return files;
    }

    /** Mines a block now. */
    void mineNow() throws ChainException {
        miner.mine();
    }

    private void keep() {
        long answered = System.nanoTime();
        Duration backoff = FIRST_BACKOFF;
        while (!closed.get()) {
            try {
                Thread.sleep(TICK);
                if (!anvil.isAlive()) {
                    LOG.log(Logger.Level.WARNING, "anvil (pid {0}) has ended; it is started again", Long.toString(anvil.pid()));
                    Thread.sleep(backoff);
                    backoff = backoff.multipliedBy(2).compareTo(LAST_BACKOFF) < 0 ? backoff.multipliedBy(2) : LAST_BACKOFF;
                    restart();
                    answered = System.nanoTime();
                }
                miner.tick();
                answered = System.nanoTime();
                backoff = FIRST_BACKOFF;
            } catch (InterruptedException e) {
                return;
            } catch (ChainException e) {
                LOG.log(Logger.Level.DEBUG, "the dev chain does not answer", e);
                if (Duration.ofNanos(System.nanoTime() - answered).compareTo(HUNG_AFTER) > 0) {
                    anvil.kill();
                }
            } catch (ChainSetupException | IOException | RuntimeException e) {
                LOG.log(Logger.Level.WARNING, "the dev chain cannot be started: {0}", e.getMessage());
            }
        }
    }

    private synchronized void restart() throws ChainSetupException, IOException {
        if (closed.get()) {
            return;
        }
        files.repairState();
        anvil = AnvilProcess.start(config, files, port);
    }

    /** Stops the chain; its state is written. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        keeper.interrupt();
        synchronized (this) {
            anvil.stop();
        }
        client.close();
        try {
            files.forgetRunner();
            lock.close();
        } catch (IOException e) {
            LOG.log(Logger.Level.DEBUG, "the dev chain's files were not tidied up", e);
        }
    }
}
