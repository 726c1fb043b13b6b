package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.pay.OpgAmount;
import dev.candor.settlement.anchor.LogAudit;
import dev.candor.settlement.ledger.LedgerAuditReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@code candor ledger audit} prints. */
record LedgerAuditView(LedgerAuditReport ledger, LogAudit.Report log, List<String> faults) {
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("receipts    " + ledger.receipts() + ", journal entries " + ledger.entries() + ", head " + ledger.head());
        lines.add("payments    " + payments());
        lines.add("charged     " + new OpgAmount(ledger.charged()) + ": settled " + new OpgAmount(ledger.totals().settled())
                + ", to settle " + new OpgAmount(ledger.totals().unsettled())
                + ", written off " + new OpgAmount(ledger.totals().writtenOff()));
        lines.add("log         " + log.entries() + " of " + log.leaves() + " leaves"
                + (log.pending() == 0 ? "" : "; " + log.pending() + " wait for the running node, or for its next start"));
        ledger.writtenOff().forEach(payment -> lines.add("written off " + payment));
        faults.forEach(fault -> lines.add("fault: " + fault));
        lines.add(faults.isEmpty() ? "the ledger is sound" : "the ledger is NOT sound: " + faults.size() + " faults");
        return lines;
    }

    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("sound", faults.isEmpty());
        json.put("entries", ledger.entries()).put("head", ledger.head()).put("receipts", ledger.receipts());
        ObjectNode payments = json.putObject("payments");
        new TreeMap<>(ledger.payments()).forEach((state, count) -> payments.put(state.name().toLowerCase(Locale.ROOT), count));
        json.put("charged", ledger.charged().toString())
                .put("settled", ledger.totals().settled().toString())
                .put("unsettled", ledger.totals().unsettled().toString())
                .put("written_off", ledger.totals().writtenOff().toString());
        json.put("leaves", log.leaves()).put("log_size", log.entries()).put("pending", log.pending());
        faults.forEach(json.putArray("faults")::add);
        return json;
    }

    private String payments() {
        String states = new TreeMap<>(ledger.payments()).entrySet().stream()
                .map(state -> state.getValue() + " " + state.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
        return states.isEmpty() ? "none" : states;
    }
}
