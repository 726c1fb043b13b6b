package dev.candor.settlement.anchor;

import dev.candor.attestation.tlog.LogStateException;
import dev.candor.attestation.tlog.MerkleHash;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.attestation.tlog.TilePath;
import dev.candor.settlement.ledger.LeafSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Tells at start, before anything is appended, whether a log was written from this ledger, by its last tile. */
final class LogAgreement {
    private final LeafSource ledger;
    private final TileLog log;

    LogAgreement(LeafSource ledger, TileLog log) {
        this.ledger = ledger;
        this.log = log;
    }

    /** @throws LogStateException if the log has an entry that is not the ledger's leaf of that index */
    void require() throws IOException {
        long size = log.size();
        long leaves = ledger.leafCount();
        if (size > leaves) {
            throw new LogStateException("the log has " + size + " entries, but the ledger only " + leaves + " leaves, so that the"
                    + " ledger is not the one that the log was written from, or an older copy of it; restore the ledger."
                    + " Going on would give published indices to other receipts");
        }
        long from = size == 0 ? 0 : (size - 1) / TilePath.FULL * TilePath.FULL;
        List<byte[]> entries = log.reader().entries(from, TilePath.FULL);
        List<byte[]> expected = ledger.leaves(from, entries.size());
        for (int i = 0; i < entries.size(); i++) {
            if (i >= expected.size() || !Arrays.equals(entries.get(i), expected.get(i))) {
                throw new LogStateException("entry " + (from + i) + " of the log has leaf hash "
                        + MerkleHash.leaf(entries.get(i)).hex() + ", but the ledger's leaf of that index has "
                        + (i < expected.size() ? MerkleHash.leaf(expected.get(i)).hex() : "no bytes")
                        + "; log and ledger do not belong together. Run: candor ledger audit");
            }
        }
    }
}
