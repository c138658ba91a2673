package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.FeedbackSink;
import java.sql.Connection;
import java.sql.SQLException;
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

        /** H2 writes commits half a second later; what a sink took must survive the death of the process. */
        @Override
        void makeCommitsLast(Connection connection) throws SQLException {
            try (var statement = connection.createStatement();
                    var delay = statement.executeQuery("SELECT setting_value FROM information_schema.settings"
                            + " WHERE setting_name = 'WRITE_DELAY'")) {
                if (delay.next() && !"0".equals(delay.getString(1))) {
                    statement.execute("SET WRITE_DELAY 0");
                }
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

        @Override
        void makeCommitsLast(Connection connection) {
            // It does so unless somebody turned synchronous_commit off, and whoever did knows why.
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

    /** Sees to it that what was committed survives the death of a process, as {@link FeedbackSink#accept} promises. */
    abstract void makeCommitsLast(Connection connection) throws SQLException;

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
