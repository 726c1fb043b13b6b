package dev.candor.settlement.ledger;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends LedgerContract {
    @TempDir
    private Path folder;

    @Override
    SqlDatabase openDatabase() {
        return SqlDatabase.open(folder.resolve("ledger.db"));
    }
}
