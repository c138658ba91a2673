package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.FeedbackSink;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A kind of database, and what it does in its own way. */
enum Product {
    /** H2, version 2. */
    H2("H2", "h2") {
        /** With {@code MERGE ... KEY} an event that comes twice would replace the first, also after an erasure. */
        @Override
        String insert(String table, List<String> columns) {
            String values = IntStream.rangeClosed(1, columns.size())
                    .mapToObj(i -> "?" + i)
                    .collect(Collectors.joining(", "));
            return "MERGE INTO " + table + " USING DUAL ON " + columns.get(0) + " = ?1 WHEN NOT MATCHED THEN INSERT ("
                    + String.join(", ", columns) + ") VALUES (" + values + ")";
        }

        /**
         * There are no locks of tables for a transaction, and one of rows ends with the timeout for locks. But one process
         * alone has the database open, unless it is a server: so that is locked.
         */
        @Override
        String lockedHere(Connection connection) throws SQLException {
            String path = path(connection);
            // In memory it has a name: URLs differ where it is served too.
            return path == null ? "mem:" + called("DATABASE()", connection) : path;
        }

        /**
         * A channel, which Java closes when a thread is interrupted that reads or writes it; the database is closed with it, for
         * everybody. Where interrupts met writes, it was once left with a transaction that never ended, and took no further
         * write.
         */
        @Override
        boolean sharesItsFileWithCallers() {
            return true;
        }

        @Override
        void keepOffErasures(Connection connection) {}

        @Override
        void keepOffInserts(Connection connection) {}

        /**
         * Where it reuses the room of old pages and the process is killed, it may find an older state when it is opened again,
         * and takes that for the newest: of 15,139 acknowledged events 233 were gone after 30 kills, and none where it reuses
         * no room.
         */
        @Override
        @Nullable
        String risk(Connection connection) throws SQLException {
            if (path(connection) == null || !reusesSpace(connection)) {
                return null;
            }
            return "H2 may lose events that it accepted when the process is killed, because it reuses the room of old pages"
                    + " (expected: REUSE_SPACE=FALSE in the URL; JdbcStore.compact() gives the room back)";
        }

        private boolean reusesSpace(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet setting = statement.executeQuery(
                            "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'REUSE_SPACE'")) {
                return !setting.next() || Boolean.parseBoolean(setting.getString(1));
            }
        }

        /** A commit of H2 is in memory until a thread of its own writes it, with a WRITE_DELAY of 0 too. */
        @Override
        void writeCommits(Connection connection) throws SQLException {
            execute("CHECKPOINT", connection);
        }

        @Override
        void forceCommits(Connection connection) throws SQLException {
            execute("CHECKPOINT SYNC", connection);
        }

        /**
         * It frees old pages when it likes and never overwrites them; only a new file is without them, and that is made when
         * the database is closed. A database in memory has no file, and would be gone. The inner nodes of an index keep values
         * of rows that are gone, which a compaction copies, so the people's is made anew.
         */
        @Override
        void compact(Connection connection) throws SQLException {
            execute("DROP INDEX IF EXISTS " + Schema.PEOPLE, connection);
            execute("CREATE INDEX " + Schema.PEOPLE + " ON " + Schema.EVENTS + " (person)", connection);
            if (path(connection) != null) {
                execute("SHUTDOWN COMPACT", connection);
            }
        }

        /** Of the file; null if there is none. */
        private @Nullable String path(Connection connection) throws SQLException {
            return called("DATABASE_PATH()", connection);
        }

        private @Nullable String called(String function, Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet value = statement.executeQuery("CALL " + function)) {
                return value.next() ? value.getString(1) : null;
            }
        }
    },

    /** PostgreSQL, version 12 or later. */
    POSTGRESQL("PostgreSQL", "postgresql") {
        @Override
        String insert(String table, List<String> columns) {
            return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES (?"
                    + ", ?".repeat(columns.size() - 1) + ") ON CONFLICT (" + columns.get(0) + ") DO NOTHING";
        }

        @Override
        @Nullable
        String lockedHere(Connection connection) {
            return null;
        }

        @Override
        boolean sharesItsFileWithCallers() {
            return false;
        }

        /** What an insert takes by itself, but before the transaction sees anything, whatever its isolation. */
        @Override
        void keepOffErasures(Connection connection) throws SQLException {
            execute("LOCK TABLE " + Schema.EVENTS + " IN ROW EXCLUSIVE MODE", connection);
        }

        /** Reading goes on. */
        @Override
        void keepOffInserts(Connection connection) throws SQLException {
            execute("LOCK TABLE " + Schema.EVENTS + " IN SHARE ROW EXCLUSIVE MODE", connection);
        }

        @Override
        @Nullable
        String risk(Connection connection) {
            return null;
        }

        /** It did with the commit, unless somebody turned synchronous_commit off, and whoever did knows why. */
        @Override
        void writeCommits(Connection connection) {}

        @Override
        void forceCommits(Connection connection) {}

        /**
         * A plain VACUUM leaves the bytes in the pages. What the planner knows of a column are values of it, people and texts
         * too, so these are gathered anew and rewritten; who may not do that is warned, and does without.
         */
        @Override
        void compact(Connection connection) throws SQLException {
            execute("VACUUM (FULL, ANALYZE) " + Schema.EVENTS, connection);
            execute("VACUUM FULL pg_catalog.pg_statistic", connection);
        }
    };

    private final String productName;
    private final String folder;

    Product(String productName, String folder) {
        this.productName = productName;
        this.folder = folder;
    }

    /** Inserts a row, unless one with its id, the first column, is there. */
    abstract String insert(String table, List<String> columns);

    /**
     * What is to be locked in this process, besides what {@link #keepOffErasures} and {@link #keepOffInserts} lock; null for
     * nothing.
     */
    abstract @Nullable String lockedHere(Connection connection) throws SQLException;

    /** Whether the threads that call it read and write its file themselves, and so must not be interrupted. */
    abstract boolean sharesItsFileWithCallers();

    /**
     * Waits for an erasure that runs, and lets none run until this transaction ends, which then sees what that left. The first
     * of a transaction that inserts: otherwise it could look for what was erased before that is committed, and insert after.
     */
    abstract void keepOffErasures(Connection connection) throws SQLException;

    /** Waits for those that insert, and lets nobody insert until this transaction ends. The first of one that erases. */
    abstract void keepOffInserts(Connection connection) throws SQLException;

    /** Why what was accepted may not be safe in this database; null if it is. */
    abstract @Nullable String risk(Connection connection) throws SQLException;

    /** Writes what was committed, so that it survives the death of the process, as {@link FeedbackSink#accept} promises. */
    abstract void writeCommits(Connection connection) throws SQLException;

    /** Writes what was committed, and waits for the disk. */
    abstract void forceCommits(Connection connection) throws SQLException;

    /** Rewrites what the database keeps of the events, so that no page holds what they were before. In no transaction. */
    abstract void compact(Connection connection) throws SQLException;

    private static void execute(String sql, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean unused = statement.execute(sql);
        }
    }

    /** Where its migrations are on the class path. */
    String migrations() {
        return Product.class.getPackageName().replace('.', '/') + "/" + folder;
    }

    static Product of(Connection connection) throws SQLException {
        String name = connection.getMetaData().getDatabaseProductName();
        for (Product product : values()) {
            if (product.productName.equals(name)) {
                return product;
            }
        }
        throw new IllegalArgumentException("database: " + name
                + " (expected: H2 or PostgreSQL; for another one write a FeedbackSink of your own, a lambda is one)");
    }
}
