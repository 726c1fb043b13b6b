package dev.candor.settlement.anchor;

import dev.candor.attestation.tlog.LogReader;
import dev.candor.attestation.tlog.MerkleHash;
import dev.candor.settlement.ledger.LeafSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares the whole log with the ledger, entry by entry, in pages. Says nothing of the tiles and signatures of the log
 * itself: those are the part of {@link dev.candor.attestation.tlog.LogFsck}.
 */
public final class LogAudit {
    private static final int PAGE = 1024;
    private static final int MAX_LISTED = 100;

    private final LogReader log;
    private final LeafSource ledger;

    public LogAudit(LogReader log, LeafSource ledger) {
        this.log = log;
        this.ledger = ledger;
    }

    /**
     * The outcome.
     *
     * @param entries entries that the log's checkpoint covers
     * @param leaves  leaves in the ledger
     * @param faults  what differs, in words; the first {@value LogAudit#MAX_LISTED} and a count of the others
     */
    public record Report(long entries, long leaves, List<String> faults) {
        public Report {
            faults = List.copyOf(faults);
        }

        /** Leaves that wait for integration: none after an orderly stop, integrated by the next start after a crash. */
        public long pending() {
            return Math.max(0, leaves - entries);
        }

        public boolean sound() {
            return faults.isEmpty();
        }
    }

    /** @throws IOException if the log cannot be read; the message says what to do */
    public Report compare() throws IOException {
        // the log is counted first: it never runs ahead of the ledger
        long entries = log.checkpoint().size();
        long leaves = ledger.leafCount();
        List<String> faults = new ArrayList<>();
        if (entries > leaves) {
            faults.add("the log has " + entries + " entries, but the ledger only " + leaves + " leaves: entries " + leaves
                    + " to " + (entries - 1) + " have no receipt; restore the ledger that the log was written from");
        }
        return new Report(entries, leaves, differences(Math.min(entries, leaves), faults));
    }

    private List<String> differences(long count, List<String> faults) throws IOException {
        long unlisted = 0;
        for (long from = 0; from < count; from += PAGE) {
            int page = (int) Math.min(PAGE, count - from);
            List<byte[]> entries = log.entries(from, page);
            List<byte[]> leaves = ledger.leaves(from, page);
            for (int i = 0; i < page; i++) {
                byte[] entry = i < entries.size() ? entries.get(i) : null;
                byte[] leaf = i < leaves.size() ? leaves.get(i) : null;
                if (entry == null || !Arrays.equals(entry, leaf)) {
                    unlisted += faults.size() < MAX_LISTED ? 0 : 1;
                    list(faults, from + i, entry, leaf);
                }
            }
        }
        if (unlisted > 0) {
            faults.add("and " + unlisted + " more");
        }
        return faults;
    }

    private static void list(List<String> faults, long index, byte[] entry, byte[] leaf) {
        if (faults.size() < MAX_LISTED) {
            faults.add("entry " + index + ": the log has leaf hash " + hash(entry) + ", the ledger " + hash(leaf));
        }
    }

    private static String hash(byte[] entry) {
        return entry == null ? "none" : MerkleHash.leaf(entry).hex();
    }
}
