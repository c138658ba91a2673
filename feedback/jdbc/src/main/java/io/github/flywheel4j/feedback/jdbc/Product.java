package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.FeedbackSink;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A kind of database, and what it does in its own way. */
enum Product {
    /** H2, version 2. */
    H2("H2", "h2") {
        /** With {@code MERGE ... KEY} an event that comes twice would replace the first, also after an erasure. */
        @Override
        String insert(List<String> columns) {
            String values = IntStream.rangeClosed(1, columns.size())
                    .mapToObj(i -> "?" + i)
                    .collect(Collectors.joining(", "));
            return "MERGE INTO " + Schema.EVENTS + " USING DUAL ON event_id = ?1 WHEN NOT MATCHED THEN INSERT ("
                    + String.join(", ", columns) + ") VALUES (" + values + ")";
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
            if (hasFile(connection)) {
                execute("SHUTDOWN COMPACT", connection);
            }
        }

        private boolean hasFile(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet path = statement.executeQuery("CALL DATABASE_PATH()")) {
                return path.next() && path.getString(1) != null;
            }
        }
    },

    /** PostgreSQL, version 12 or later. */
    POSTGRESQL("PostgreSQL", "postgresql") {
        @Override
        String insert(List<String> columns) {
            return "INSERT INTO " + Schema.EVENTS + " (" + String.join(", ", columns) + ") VALUES (?"
                    + ", ?".repeat(columns.size() - 1) + ") ON CONFLICT (event_id) DO NOTHING";
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

    /** Inserts an event, unless one with its id, the first column, is there. */
    abstract String insert(List<String> columns);

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
