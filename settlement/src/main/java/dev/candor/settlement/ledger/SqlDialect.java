package dev.candor.settlement.ledger;

/** The databases the ledger runs on, and the few things in which their SQL differs. */
public enum SqlDialect {
    /** One file of this machine, in write-ahead mode. */
    SQLITE("BLOB"),
    /** A PostgreSQL server, for nodes past one machine. */
    POSTGRESQL("BYTEA");

    private final String blob;

    SqlDialect(String blob) {
        this.blob = blob;
    }

    /** {@code sql} with the place-holder <code>${blob}</code> replaced by this database's type for bytes. */
    public String render(String sql) {
        return sql.replace("${blob}", blob);
    }
}
