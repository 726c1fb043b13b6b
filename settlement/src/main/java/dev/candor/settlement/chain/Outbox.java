package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.ledger.LedgerException;
import dev.candor.settlement.ledger.SqlDatabase;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Brings contract calls of one account to a chain, each at most once however often the program is killed, with the chain
 * down for as long as it likes. Calls are kept on the disk; nobody else may send transactions of the account meanwhile,
 * though it is survived. Thread-safe.
 */
public final class Outbox implements AutoCloseable {
    private static final String NO_BLOCK = "none";
    private static final Logger LOG = System.getLogger(Outbox.class.getName());
    private static final long IDLE_SECONDS = 30;

    /** The detail of a call that {@link #withdraw} ended. */
    public static final String WITHDRAWN = "withdrawn before it was sent";

    private final SqlOutboxStore store;
    private final ChainClient chain;
    private final ChainAccount account;
    private final OutboxConfig config;
    private final Clock clock;
    private final OutboxDispatcher dispatcher;
    private final OutboxTracker tracker;
    private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
    private final Thread worker = Thread.ofVirtual().name("outbox").unstarted(this::work);
    private volatile boolean closed;
    private volatile OutboxStatus status = new OutboxStatus(0, 0, true, Optional.empty());
    private boolean genesisKnown;
    private Optional<Instant> gapSeen = Optional.empty();

    Outbox(
            SqlDatabase database,
            ChainClient chain,
            RawSender sender,
            long chainId,
            ChainAccount account,
            OutboxConfig config,
            Clock clock) {
        this.store = new SqlOutboxStore(database, chainId, account.address(), clock);
        this.chain = chain;
        this.account = account;
        this.config = config;
        this.clock = clock;
        this.dispatcher = new OutboxDispatcher(store, chain, sender, chainId, account, config, clock);
        this.tracker = new OutboxTracker(store, chain, account, config);
        refreshStatus(true, Optional.empty());
    }

    /** Opens the outbox of {@code account} and goes on with what an earlier run left. */
    public static Outbox start(
            SqlDatabase database, ChainClient chain, long chainId, ChainAccount account, OutboxConfig config, Clock clock) {
        Outbox outbox = new Outbox(database, chain, chain::sendRaw, chainId, account, config, clock);
        outbox.start();
        return outbox;
    }

    void start() {
        worker.start();
    }

    /** Who sends. */
    public EvmAddress account() {
        return account.address();
    }

    /**
     * Keeps a call to be sent. When this returns, it is on the disk.
     *
     * @param key names the call for ever: if a call with this key was ever kept, that one is returned and nothing is added
     */
    public OutboxEntry submit(String key, EvmAddress to, String call) throws OutboxFullException {
        Optional<OutboxEntry> kept = store.find(key);
        if (kept.isPresent()) {
            return kept.get();
        }
        if (store.count(OutboxState.QUEUED) >= config.maxQueued()) {
            throw new OutboxFullException(config.maxQueued());
        }
        store.add(key, to, call);
        wake.offer(true);
        return store.find(key).orElseThrow();
    }

    public Optional<OutboxEntry> find(String key) {
        return store.find(key);
    }

    /** Ends a call that was not sent yet as REFUSED, so that it never will be; false if it is too late for that. */
    public boolean withdraw(String key) {
        return store.withdraw(key, WITHDRAWN);
    }

    /** Whether a transaction waits for a block or for confirmations. */
    public boolean hasUnconfirmed() {
        return !closed && status.unconfirmed() > 0;
    }

    public OutboxStatus status() {
        return status;
    }

    private void work() {
        while (!closed) {
            step();
            boolean idle = status.queued() == 0 && status.unconfirmed() == 0;
            try {
                wake.poll(idle ? TimeUnit.SECONDS.toMillis(IDLE_SECONDS) : config.poll().toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void step() {
        try {
            Optional<String> trouble = advance();
            refreshStatus(true, trouble);
        } catch (ChainUnreachableException e) {
            genesisKnown = false;
            report(e);
            refreshStatus(false, Optional.ofNullable(e.getMessage()));
        } catch (ChainException | LedgerException e) {
            report(e);
            refreshStatus(true, Optional.ofNullable(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(Logger.Level.ERROR, "the outbox failed and goes on", e);
        }
    }

    /** One round: follow what is under way, keep it alive, send what is queued. */
    private Optional<String> advance() throws ChainException {
        if (underWay().isEmpty() && store.count(OutboxState.QUEUED) == 0) {
            return Optional.empty();
        }
        checkGenesis();
        tracker.follow(underWay());
        List<OutboxEntry> sent = store.inState(OutboxState.SENT, config.maxUnconfirmed());
        repairGap(sent);
        dispatcher.keepAlive(sent);
        return dispatcher.sendQueued(underWay());
    }

    /**
     * Another first block means another chain under the same id: nothing that was sent can be mined on it. Block 0 does not tell, since anvil
     * makes a new one at every start.
     */
    private void checkGenesis() throws ChainException {
        if (genesisKnown) {
            return;
        }
        Optional<BlockHeader> first = chain.block(1);
        String genesis = first.map(BlockHeader::hash).orElse(NO_BLOCK);
        Optional<String> known = store.genesis().filter(hash -> !hash.equals(NO_BLOCK));
        if (known.isPresent() && !known.get().equals(genesis)) {
            LOG.log(Logger.Level.WARNING, "the chain was begun anew; what was under way is sent again");
            underWay().forEach(entry -> store.requeue(entry, "the chain was begun anew"));
        }
        if (!known.equals(Optional.of(genesis))) {
            store.setGenesis(genesis);
        }
        genesisKnown = first.isPresent();
    }

    private void repairGap(List<OutboxEntry> sent) throws ChainException {
        OptionalLong lowest = sent.stream().mapToLong(entry -> entry.nonce().orElseThrow()).min();
        long next = sent.isEmpty() ? 0 : chain.minedCount(account.address());
        boolean gap = lowest.isPresent() && next < lowest.getAsLong() && chain.pendingCount(account.address()) == next;
        if (!gap) {
            gapSeen = Optional.empty();
        } else if (gapSeen.isEmpty()) {
            gapSeen = Optional.of(clock.instant());
        } else if (clock.instant().isAfter(gapSeen.get().plus(config.rebroadcastAfter()))) {
            dispatcher.fill(next);
            gapSeen = Optional.empty();
        }
    }

    private List<OutboxEntry> underWay() {
        List<OutboxEntry> entries = new ArrayList<>(store.inState(OutboxState.MINED, config.maxUnconfirmed()));
        entries.addAll(store.inState(OutboxState.SENT, config.maxUnconfirmed()));
        return entries;
    }

    private void refreshStatus(boolean reachable, Optional<String> trouble) {
        try {
            int unconfirmed = store.count(OutboxState.SENT) + store.count(OutboxState.MINED);
            status = new OutboxStatus(store.count(OutboxState.QUEUED), unconfirmed, reachable, trouble);
        } catch (LedgerException e) {
            report(e);
        }
    }

    private void report(Exception e) {
        boolean first = status.trouble().isEmpty();
        LOG.log(first ? Logger.Level.WARNING : Logger.Level.DEBUG, "the outbox waits: {0}", e.getMessage());
    }

    /** Stops; what is under way goes on at the next start. */
    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
