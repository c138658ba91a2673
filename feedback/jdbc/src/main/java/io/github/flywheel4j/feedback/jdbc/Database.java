package io.github.flywheel4j.feedback.jdbc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Transactions, and errors that say what went wrong without the values that were written. Thread-safe. */
final class Database {

    /** By database: several data sources, and so sinks and stores, may lead to one. As many as a process ever opens. */
    private static final Map<String, ReadWriteLock> LOCKS = new ConcurrentHashMap<>();

    private final DataSource source;
    private final Product product;
    private final @Nullable ReadWriteLock lock;

    private Database(DataSource source, Product product, @Nullable ReadWriteLock lock) {
        this.source = source;
        this.product = product;
        this.lock = lock;
    }

    static Database of(DataSource source) {
        Objects.requireNonNull(source, "dataSource");
        // The first connection opens an H2 database; which product it is shows only then.
        return apart(() -> opened(source));
    }

    private static Database opened(DataSource source) {
        try (Connection connection = source.getConnection()) {
            Product product = Product.of(connection);
            String lockedHere = product.lockedHere(connection);
            return new Database(
                    source,
                    product,
                    lockedHere == null
                            ? null
                            : LOCKS.computeIfAbsent(lockedHere, database -> new ReentrantReadWriteLock()));
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

    /** As {@link #writing}, while nobody erases. */
    <T> T whileNobodyErases(String failing, Work<T> work) {
        return locked(
                lock == null ? null : lock.readLock(),
                failing,
                () -> writing(failing, connection -> {
                    product.keepOffErasures(connection);
                    return work.with(connection);
                }));
    }

    /** As {@link #writing}, while nobody inserts or erases. */
    <T> T erasing(String failing, Work<T> work) {
        return locked(
                lock == null ? null : lock.writeLock(),
                failing,
                () -> writing(failing, connection -> {
                    product.keepOffInserts(connection);
                    return work.with(connection);
                }));
    }

    /** Takes the lock before a connection: who waits for a connection of a small pool must not be waited for by its holder. */
    private static <T> T locked(@Nullable Lock lock, String failing, Supplier<T> work) {
        if (lock == null) {
            return work.get();
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(failing, new InterruptedIOException("interrupted while another one writes"));
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs work that uses a connection: where that may not be interrupted, on a thread that nobody interrupts. */
    <T> T uninterrupted(Supplier<T> work) {
        return product.sharesItsFileWithCallers() ? apart(work) : work.get();
    }

    /** A thread is soon made beside a checkpoint or a page that is read, and there is none to close. */
    private static <T> T apart(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, "flywheel4j-feedback-h2");
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause(); // a supplier throws nothing else
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs work that is no part of a transaction. */
    <T> T alone(String failing, Work<T> work) {
        return uninterrupted(() -> auto(failing, work));
    }

    private <T> T auto(String failing, Work<T> work) {
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
        return uninterrupted(() -> onceOrTwice(failing, work, afterCommit));
    }

    private <T> T onceOrTwice(String failing, Work<T> work, Work<@Nullable Void> afterCommit) {
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
