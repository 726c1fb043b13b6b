package dev.candor.settlement.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements that run inside one transaction. Work may be run a second time after a rollback, so it touches nothing but the
 * connection; it never commits, rolls back or closes it.
 */
@FunctionalInterface
public interface SqlWork<T> {
    T run(Connection connection) throws SQLException;
}
