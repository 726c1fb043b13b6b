package dev.candor.settlement.chain;

import dev.candor.settlement.ledger.SqlDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteOutboxStoreTest extends OutboxStoreContract {
    @TempDir
    Path folder;

    @Override
    SqlDatabase openDatabase() {
        return SqlDatabase.open(folder.resolve("ledger.db"));
    }
}
