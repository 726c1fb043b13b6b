package dev.candor.settlement.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.settlement.ledger.JournalReplay.Told;
import dev.candor.settlement.ledger.SqlLedgerReader.JournalRow;
import dev.candor.settlement.ledger.SqlLedgerReader.LeafRow;
import dev.candor.settlement.ledger.SqlLedgerReader.PaymentRow;
import dev.candor.settlement.ledger.SqlLedgerReader.ReceiptRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a ledger offline, from its tables alone: the journal's hash chain; that every event could happen; that payments,
 * receipts, leaves and sums are what the journal's events make of them; and that every receipt is signed, logged at its
 * index and charges what its payment was charged. What it cannot see is a journal cut at its end together with all tables:
 * that shows against the log.
 */
public final class LedgerAudit {
    private static final int SHOWN = 100;

    private final SqlLedgerReader reader;
    private final LedgerFaults faults = new LedgerFaults();
    private final JournalReplay replay = new JournalReplay(faults);
    private final ReceiptAudit receiptAudit;
    private final ObjectMapper json = new ObjectMapper();
    private String head = JournalEntry.GENESIS;
    private long entries;
    private long leaves;
    private long receipts;

    private LedgerAudit(SqlLedgerReader reader, Map<EvmAddress, byte[]> receiptKeys) {
        this.reader = reader;
        this.receiptAudit = new ReceiptAudit(receiptKeys, faults);
    }

    /**
     * Audits the SQLite ledger in {@code file}; the node may be running.
     *
     * @param receiptKeys the compressed receipt keys that stored attestations bind, by address; empty where there are none
     * @throws LedgerException if the ledger cannot be read at all
     */
    public static LedgerAuditReport audit(Path file, Map<EvmAddress, byte[]> receiptKeys) {
        try (SqlLedgerReader reader = SqlLedgerReader.open(file)) {
            return new LedgerAudit(reader, receiptKeys).run();
        }
    }

    /** Audits the ledger at {@code jdbc:postgresql:…}; otherwise as {@link #audit(Path, Map)}. */
    public static LedgerAuditReport audit(String jdbcUrl, Map<EvmAddress, byte[]> receiptKeys) {
        try (SqlLedgerReader reader = SqlLedgerReader.open(jdbcUrl)) {
            return new LedgerAudit(reader, receiptKeys).run();
        }
    }

    private LedgerAuditReport run() {
        reader.damage().forEach(faults::add);
        checkJournal();
        checkPayments();
        LedgerSums sums = LedgerSums.of(replay.payments().values(), receipts);
        sums.compare(reader.sums(), faults);
        return new LedgerAuditReport(
                entries, head, leaves, receipts, sums.states(), sums.totals(), writtenOff(), faults.list());
    }

    /** Walks journal, leaves and receipts side by side: all three are in the order in which the leaves were given their index. */
    private void checkJournal() {
        try (var journal = reader.journal();
                var leafRows = reader.leaves();
                var receiptRows = reader.receipts()) {
            for (Optional<JournalRow> row = journal.next(); row.isPresent(); row = journal.next()) {
                JsonNode entry = checkChain(row.get());
                String place = "journal entry " + row.get().seq();
                replay.play(place, entry);
                if (entry.has("leaf_index")) {
                    checkLeaf(place, entry, leafRows, receiptRows);
                }
            }
            for (Optional<LeafRow> leaf = leafRows.next(); leaf.isPresent(); leaf = leafRows.next()) {
                faults.add("leaf " + leaf.get().index() + " is in no journal entry");
            }
            for (Optional<ReceiptRow> receipt = receiptRows.next(); receipt.isPresent(); receipt = receiptRows.next()) {
                faults.add("receipt " + receipt.get().id() + " is in no journal entry");
            }
        }
    }

    private JsonNode checkChain(JournalRow row) {
        if (row.seq() != entries) {
            faults.add("journal entry " + entries + " is missing, the next is " + row.seq());
            entries = row.seq();
        }
        if (!JournalEntry.hash(head, row.entry()).equals(row.hash())) {
            faults.add("journal entry " + row.seq() + ": its hash does not follow from its text and the entry before: one was changed");
        }
        head = row.hash();
        entries++;
        try {
            JsonNode entry = json.readTree(row.entry());
            if (entry.path("seq").asLong(-1) != row.seq()) {
                faults.add("journal entry " + row.seq() + ": its text is of entry " + entry.path("seq"));
            }
            return entry;
        } catch (JsonProcessingException e) {
            faults.add("journal entry " + row.seq() + ": not JSON: " + e.getOriginalMessage());
            return json.createObjectNode();
        }
    }

    private void checkLeaf(String place, JsonNode entry, SqlCursor<LeafRow> leafRows, SqlCursor<ReceiptRow> receiptRows) {
        long index = entry.path("leaf_index").asLong(-1);
        if (index != leaves) {
            faults.add(place + ": leaf index " + index + " where " + leaves + " is next");
        }
        leaves++;
        Optional<LeafRow> leaf = leafRows.next();
        if (leaf.isEmpty() || leaf.get().index() != index
                || !HexFormat.of().formatHex(leaf.get().leaf()).equals(entry.path("leaf").asText())) {
            faults.add(place + ": leaf " + index + " is missing or other bytes");
        } else {
            checkForm(leaf.get());
        }
        if (JournalEntry.COMMIT.equals(entry.path("event").asText())) {
            receipts++;
            checkReceipt(place, entry, leaf, receiptRows.next());
        }
    }

    private void checkForm(LeafRow leaf) {
        try {
            LogEntry.parse(leaf.leaf());
        } catch (IllegalArgumentException e) {
            faults.add("leaf " + leaf.index() + ": " + e.getMessage());
        }
    }

    private void checkReceipt(String place, JsonNode entry, Optional<LeafRow> leaf, Optional<ReceiptRow> receipt) {
        String id = entry.path("receipt").asText();
        if (receipt.isEmpty() || !receipt.get().id().equals(id) || receipt.get().leaf() != entry.path("leaf_index").asLong(-1)) {
            faults.add(place + ": receipt " + id + " is missing or at another leaf");
            return;
        }
        if (!JournalEntry.digest(receipt.get().cose()).equals(entry.path("cose").asText())) {
            faults.add(place + ": receipt " + id + " has other bytes than were committed");
        }
        String payment = receipt.get().payment();
        if (!Optional.ofNullable(payment).equals(Optional.ofNullable(entry.get("payment")).map(JsonNode::asText))) {
            faults.add(place + ": receipt " + id + " is for the payment " + payment);
        }
        receiptAudit.check(receipt.get(), leaf.map(LeafRow::leaf).orElse(new byte[0]),
                Optional.ofNullable(payment).map(replay.payments()::get));
    }

    private void checkPayments() {
        long rows = 0;
        try (var payments = reader.payments()) {
            for (Optional<PaymentRow> row = payments.next(); row.isPresent(); row = payments.next()) {
                rows++;
                checkPayment(row.get());
            }
        }
        if (rows < replay.payments().size()) {
            faults.add("of " + replay.payments().size() + " payments in the journal, " + (replay.payments().size() - rows)
                    + " are missing in the table");
        }
    }

    private void checkPayment(PaymentRow row) {
        Told told = replay.payments().get(row.id());
        if (told == null) {
            faults.add("payment " + row.id() + " is in no journal entry");
            return;
        }
        String held = row.withPayload(JournalEntry.textDigest(row.payload())).toString();
        if (!told.row().toString().equals(held)) {
            faults.add("payment " + row.id() + ": the table says " + held + ", the journal " + told.row());
        }
    }

    private List<String> writtenOff() {
        List<String> shown = new ArrayList<>();
        replay.payments().values().stream()
                .filter(payment -> payment.state() == PaymentState.WRITTEN_OFF)
                .limit(SHOWN)
                .forEach(payment -> shown.add(payment.key().id() + ": " + payment.charged() + " of " + payment.key().payer()
                        + (payment.detail() == null ? "" : ", " + payment.detail())));
        return shown;
    }
}
