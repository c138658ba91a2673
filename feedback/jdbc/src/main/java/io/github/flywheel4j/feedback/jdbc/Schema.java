package io.github.flywheel4j.feedback.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** The tables, in the versions that they have had. */
final class Schema {

    static final String EVENTS = "flywheel4j_events";

    /** The ids of what was erased. */
    static final String ERASED = "flywheel4j_erased";

    /** The index by person. */
    static final String PEOPLE = "flywheel4j_events_person";

    /** A name of its own, so that the migrations of the application itself are left alone. */
    static final String HISTORY = "flywheel4j_schema";

    private Schema() {}

    /** Brings the tables to this version; another process that does the same waits. */
    static void migrate(Database database) {
        Boolean unused = database.uninterrupted(() -> {
            migrateHere(database);
            return true;
        });
    }

    private static void migrateHere(Database database) {
        Flyway flyway = flyway(database);
        try {
            refuseNewer(flyway);
            flyway.migrate();
        } catch (FlywayException e) {
            throw new UncheckedIOException(
                    "cannot bring the tables to this version (expected: the right to create tables, or a sink"
                            + " withoutMigration() on tables that somebody else has brought to this version)",
                    new IOException(e));
        }
    }

    /** Checks that the tables have this version. */
    static void check(Database database) {
        Boolean unused = database.uninterrupted(() -> {
            checkHere(database);
            return true;
        });
    }

    private static void checkHere(Database database) {
        Flyway flyway = flyway(database);
        try {
            refuseNewer(flyway);
            MigrationInfo[] pending = flyway.info().pending();
            if (pending.length > 0) {
                throw new IllegalStateException("tables: " + pending.length
                        + " migrations behind (expected: this version; open a JdbcSink with the right to create tables,"
                        + " or run the scripts in " + database.product().migrations() + ")");
            }
        } catch (FlywayException e) {
            throw new UncheckedIOException("cannot read the version of the tables", new IOException(e));
        }
    }

    /** Fails if the user may not read the tables, or not write them: the database looks at that also where there is nothing. */
    static void insertNothing(Connection connection) throws SQLException {
        insertNothing(EVENTS, "event_id", connection);
        insertNothing(ERASED, "id", connection);
    }

    private static void insertNothing(String table, String column, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int unused = statement.executeUpdate(
                    "INSERT INTO " + table + " (" + column + ") SELECT " + column + " FROM " + table + " WHERE FALSE");
        }
    }

    private static void refuseNewer(Flyway flyway) {
        boolean newer = Arrays.stream(flyway.info().all())
                .map(MigrationInfo::getState)
                .anyMatch(state -> state == MigrationState.FUTURE_SUCCESS || state == MigrationState.FUTURE_FAILED);
        if (newer) {
            throw new IllegalStateException(
                    "tables: of a newer version of this library (expected: this version or an older one)");
        }
    }

    private static Flyway flyway(Database database) {
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(database.source())
                .table(HISTORY)
                .locations("classpath:" + database.product().migrations())
                // The schema may hold other tables; before our first version there was nothing of ours.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }
}
