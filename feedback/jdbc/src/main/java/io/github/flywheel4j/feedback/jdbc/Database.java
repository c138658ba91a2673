package io.github.flywheel4j.feedback.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Transactions, and errors that say what went wrong without the values that were written. Thread-safe. */
final class Database {

    private final DataSource source;
    private final Product product;

    private Database(DataSource source, Product product) {
        this.source = source;
        this.product = product;
    }

    static Database of(DataSource source) {
        try (Connection connection =
                Objects.requireNonNull(source, "dataSource").getConnection()) {
            return new Database(source, Product.of(connection));
        } catch (SQLException e) {
            throw failure("cannot connect to the database", e);
        }
    }

    DataSource source() {
        return source;
    }

    Product product() {
        return product;
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Runs work in a transaction of its own; again, once, if another transaction was in its way.
     *
     * @throws UncheckedIOException if the database does not do it
     * @throws IllegalArgumentException if it never will, because of a value
     */
    <T> T inTransaction(String failing, Work<T> work) {
        return inTransaction(failing, work, connection -> null);
    }

    /** As {@link #inTransaction}, and what it changed survives the death of the process. */
    <T> T writing(String failing, Work<T> work) {
        return inTransaction(failing, work, connection -> {
            product.writeCommits(connection);
            return null;
        });
    }

    /** Runs work that is no part of a transaction. */
    <T> T alone(String failing, Work<T> work) {
        try (Connection connection = source.getConnection()) {
            boolean auto = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try {
                return work.with(connection);
            } finally {
                restore(connection, auto, true);
            }
        } catch (SQLException e) {
            throw failure(failing, e);
        }
    }

    private <T> T inTransaction(String failing, Work<T> work, Work<@Nullable Void> afterCommit) {
        try {
            return once(work, afterCommit);
        } catch (SQLException e) {
            if (!wasInTheWay(root(e))) {
                throw failure(failing, e);
            }
        }
        try {
            return once(work, afterCommit);
        } catch (SQLException e) {
            throw failure(failing, e);
        }
    }

    private <T> T once(Work<T> work, Work<@Nullable Void> afterCommit) throws SQLException {
        try (Connection connection = source.getConnection()) {
            boolean auto = connection.getAutoCommit();
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.with(connection);
                connection.commit();
                done = true;
                Void unused = afterCommit.with(connection);
                return result;
            } finally {
                restore(connection, auto, done);
            }
        }
    }

    private static void restore(Connection connection, boolean auto, boolean done) {
        try {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(auto);
        } catch (SQLException e) {
            // The connection is gone, and with it what was not committed.
        }
    }

    /** Another transaction inserted the same event, or one of two that waited for each other had to give way. */
    private static boolean wasInTheWay(SQLException e) {
        String state = state(e);
        return state.startsWith("40") || state.equals("23505");
    }

    static RuntimeException failure(String failing, SQLException e) {
        SQLException root = root(e);
        String state = state(root);
        String message = failing + " (SQLState " + state + ")";
        if (state.startsWith("22")) {
            return new IllegalArgumentException(message + ": it does not take a value (expected: names of at most 512"
                    + " characters, without a zero character)");
        }
        if (state.startsWith("23")) {
            // The driver's message may quote what was written.
            return new UncheckedIOException(
                    message, new IOException(root.getClass().getName()));
        }
        return new UncheckedIOException(message, new IOException(root.getMessage(), root));
    }

    /** The error itself: the one around it, of a batch, quotes the whole statement with its values. */
    private static SQLException root(SQLException e) {
        SQLException root = e;
        while (root.getNextException() != null) {
            root = root.getNextException();
        }
        return root;
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "unknown" : e.getSQLState();
    }
}
