package dev.candor.settlement.anchor;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.tlog.Checkpoint;
import dev.candor.attestation.tlog.SignedCheckpoint;
import dev.candor.settlement.chain.AnchorContract;
import dev.candor.settlement.chain.AnchorEvent;
import dev.candor.settlement.chain.AnchorHead;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.ChainRounds;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.OutboxEntry;
import dev.candor.settlement.chain.OutboxFullException;
import dev.candor.settlement.chain.TransactionResult;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Puts the log's root on the chain when the log has grown: once a minute, or after a thousand leaves. One anchor is under
 * way at a time; the next one covers whatever came meanwhile, so a chain that is down only makes anchors later, not more.
 */
public final class AnchorWorker implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AnchorWorker.class.getName());
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Supplier<SignedCheckpoint> log;
    private final Outbox outbox;
    private final ChainClient chain;
    private final AnchorContract contract;
    private final SqlAnchorStore store;
    private final AnchorPace pace;
    private final Clock clock;
    private final ChainRounds rounds = new ChainRounds("anchors", this::round);
    private Instant lastAnchored = Instant.MIN;
    private Instant lastChecked = Instant.MIN;

    /**
     * @param log     the newest checkpoint
     * @param chainId the chain of {@code outbox} and {@code contract}; also that of {@code store}
     */
    public AnchorWorker(
            Supplier<SignedCheckpoint> log,
            Outbox outbox,
            ChainClient chain,
            AnchorContract contract,
            SqlAnchorStore store,
            AnchorPace pace,
            Clock clock) {
        this.log = log;
        this.outbox = outbox;
        this.chain = chain;
        this.contract = contract;
        this.store = store;
        this.pace = pace;
        this.clock = clock;
    }

    /** Begins to anchor. */
    public void start() {
        start(POLL);
    }

    /** @param poll the rest between two looks */
    void start(Duration poll) {
        rounds.start(poll);
    }

    /** SHA-256 of a log's origin line, by which the contract names logs. */
    public static Digest origin(Checkpoint checkpoint) {
        return Digest.sha256(checkpoint.origin().getBytes(StandardCharsets.UTF_8));
    }

    /** Follows the anchor under way, or begins one if it is time. */
    void round() throws ChainException {
        Optional<PendingAnchor> pending = store.pending();
        if (pending.isPresent()) {
            follow(pending.get());
            return;
        }
        SignedCheckpoint newest = log.get();
        checkHead();
        long anchored = store.last().map(Anchor::size).orElse(0L);
        if (pace.isDue(newest.size() - anchored, Duration.between(lastAnchored, clock.instant()))) {
            begin(newest);
        }
    }

    private void begin(SignedCheckpoint checkpoint) throws ChainException {
        AnchorHead head = contract.headOf(outbox.account());
        if (head.size() >= checkpoint.size()) {
            // The contract takes growing sizes only; what this database forgot is covered once the log has grown.
            return;
        }
        Instant now = clock.instant();
        String key = "anchor:" + contract.address() + ":" + checkpoint.size() + ":" + store.count();
        store.addPending(key, checkpoint, now);
        hand(key, checkpoint.checkpoint());
        lastAnchored = now;
    }

    private void hand(String key, Checkpoint checkpoint) {
        try {
            outbox.submit(
                    key,
                    contract.address(),
                    AnchorContract.anchorCall(origin(checkpoint), checkpoint.size(), checkpoint.root()));
        } catch (OutboxFullException e) {
            store.fail(key, e.getMessage());
        }
    }

    private void follow(PendingAnchor pending) throws ChainException {
        Optional<OutboxEntry> entry = outbox.find(pending.key());
        if (entry.isEmpty()) {
            // Killed between keeping the anchor and handing it over.
            store.fail(pending.key(), "never handed to the outbox");
            return;
        }
        switch (entry.get().state()) {
            case QUEUED, SENT, MINED -> { }
            case REFUSED, REVERTED -> {
                LOG.log(Logger.Level.WARNING, "an anchor of {0} leaves failed: {1}",
                        Long.toString(pending.size()), entry.get().detail().orElse(""));
                store.fail(pending.key(), entry.get().detail().orElse("reverted"));
            }
            case CONFIRMED -> confirm(pending, entry.get().transaction().orElseThrow());
        }
    }

    private void confirm(PendingAnchor pending, String transaction) throws ChainException {
        Optional<TransactionResult> result = chain.result(transaction);
        if (result.isEmpty()) {
            store.fail(pending.key(), "the chain does not have it any more");
            return;
        }
        Optional<AnchorEvent> event = contract.anchored(result.get(), outbox.account())
                .filter(found -> found.size() == pending.size() && found.root().equals(pending.root()));
        if (event.isEmpty()) {
            store.fail(pending.key(), "its transaction anchored something else");
        } else {
            store.confirm(pending.key(), result.get(), event.get());
        }
    }

    /** A dev chain that was begun anew has none of our anchors: they are void, and the log is anchored again. */
    private void checkHead() throws ChainException {
        Optional<Anchor> last = store.last();
        if (last.isEmpty() || !pace.isCheckDue(Duration.between(lastChecked, clock.instant()))) {
            return;
        }
        AnchorHead head = contract.headOf(outbox.account());
        lastChecked = clock.instant();
        boolean gone = head.count() <= last.get().index()
                || head.count() == last.get().index() + 1 && !head.head().equals(last.get().head());
        if (gone) {
            LOG.log(Logger.Level.WARNING, "the chain has lost our anchors; the log is anchored again");
            store.voidAll();
            lastAnchored = Instant.MIN;
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
