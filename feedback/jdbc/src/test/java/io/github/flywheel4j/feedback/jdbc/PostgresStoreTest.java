package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.feedback.Erasure;
import io.github.flywheel4j.feedback.FeedbackStore;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresStoreTest extends JdbcStoreContract {

    @Override
    DataSource empty() throws Exception {
        return Postgres.emptySchema();
    }

    @Override
    void waitForRowsNoLongerThan(Duration time) {}

    @Override
    boolean writesWhenInterrupted() {
        return true;
    }

    @Override
    Path files() throws Exception {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet folder = statement.executeQuery("SHOW data_directory")) {
            folder.next();
            return Path.of(folder.getString(1), "base");
        }
    }

    @Override
    Path compactedFiles() throws Exception {
        return files();
    }

    @Test
    void theTableOfWhatWasErasedIsFilledWhenAnErasureThatRunsIsDone() throws Exception {
        DataSource old = ofVersionTwo();
        CompletableFuture<Void> migration;
        try (Connection connection = old.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO flywheel4j_events (event_id, kind, time_nanos, interaction_id, body) VALUES"
                    + " (gen_random_uuid(), 'erasure', 1, gen_random_uuid(), '')");
            migration = CompletableFuture.runAsync(() -> JdbcSink.in(old).close());
            letRun(migration);
            connection.commit();
        }

        assertThat(migration).succeedsWithin(Duration.ofMinutes(1));
        assertThat(erasedIds(old)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flywheel4j_events", "flywheel4j_erased"})
    void whoMayNotWriteATableIsToldWhenTheSinkIsBuilt(String table) throws Exception {
        makeTheApplication();
        execute("GRANT SELECT, INSERT ON flywheel4j_events, flywheel4j_erased TO " + application());
        execute("GRANT SELECT ON flywheel4j_schema TO " + application());
        execute("REVOKE INSERT ON " + table + " FROM " + application());

        assertThatThrownBy(() ->
                        JdbcSink.builder(asTheApplication()).withoutMigration().build())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot set up the database (SQLState 42501)")
                .hasStackTraceContaining("permission denied for table " + table);
    }

    @Test
    void whoMayDoNoMoreThanTheGuideSaysMayDoEverything() throws Exception {
        makeTheApplication();
        execute("GRANT SELECT, INSERT ON flywheel4j_events, flywheel4j_erased TO " + application());
        execute("GRANT SELECT ON flywheel4j_schema TO " + application());

        try (JdbcSink limited =
                JdbcSink.builder(asTheApplication()).withoutMigration().build()) {
            limited.acceptAll(List.of(
                    Events.interaction(1)
                            .by(USERS.everyForm("ann").get(1), "my rash itches")
                            .event(),
                    new Erasure(Events.on(2))));
            FeedbackStore kept = limited.store(USERS);
            assertThat(read(kept.events())).hasSize(2);

            execute("GRANT UPDATE ON flywheel4j_events TO " + application());
            assertThat(kept.eraseStored("ann").interactions()).isEqualTo(1);
            execute("GRANT DELETE ON flywheel4j_events, flywheel4j_erased TO " + application());
            assertThat(kept.deleteBefore(Instant.MAX).events()).isEqualTo(3);
        }
    }

    private String application() {
        return "application_of_" + ((PGSimpleDataSource) source).getCurrentSchema();
    }

    private DataSource asTheApplication() throws Exception {
        PGSimpleDataSource owner = (PGSimpleDataSource) source;
        PGSimpleDataSource limited = new PGSimpleDataSource();
        limited.setURL(owner.getURL());
        limited.setUser(application());
        limited.setCurrentSchema(owner.getCurrentSchema());
        return limited;
    }

    private void makeTheApplication() throws Exception {
        execute("CREATE ROLE " + application() + " LOGIN");
        execute("GRANT USAGE ON SCHEMA " + ((PGSimpleDataSource) source).getCurrentSchema() + " TO " + application());
    }

    /** Every column of every row of every table. */
    @Override
    String everythingLeft() throws Exception {
        StringBuilder everything = new StringBuilder();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet table = statement.executeQuery(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")) {
                while (table.next()) {
                    tables.add(table.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
                    while (row.next()) {
                        everything.append(row.getString(1)).append('\n');
                    }
                }
            }
        }
        return everything.toString();
    }
}
