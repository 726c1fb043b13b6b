package dev.candor.inference.cli;

import dev.candor.attestation.tlog.LogReader;
import dev.candor.inference.config.CandorHome;
import dev.candor.settlement.anchor.LogAudit;
import dev.candor.settlement.ledger.LedgerAudit;
import dev.candor.settlement.ledger.LedgerAuditReport;
import dev.candor.settlement.ledger.SqlLeafReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code candor ledger audit}: checks the ledger against its own journal, the stored receipts' keys and the log. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Check every payment, receipt and log entry of the ledger; exits with 1 on any fault.")
final class LedgerAuditCommand implements Callable<Integer> {
    @Mixin
    private CheckOptions options = new CheckOptions();

    @Override
    public Integer call() throws IOException {
        CandorHome home = options.home();
        List<String> faults = new ArrayList<>();
        StoredReceiptKeys keys = StoredReceiptKeys.read(home.attestations(), faults);
        LedgerAuditReport ledger = LedgerAudit.audit(home.ledger(), keys.byAddress());
        LogAudit.Report log = compareLog(home);
        faults.addAll(ledger.faults());
        faults.addAll(log.faults());
        LedgerAuditView view = new LedgerAuditView(ledger, log, faults);
        return options.print(faults.isEmpty(), view::json, view::lines);
    }

    private LogAudit.Report compareLog(CandorHome home) throws IOException {
        LogReader log = LogReader.open(home.log(), options.logKey());
        try (SqlLeafReader leaves = SqlLeafReader.open(home.ledger())) {
            return new LogAudit(log, leaves).compare();
        }
    }
}
