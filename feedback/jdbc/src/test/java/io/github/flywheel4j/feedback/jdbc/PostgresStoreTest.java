package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends JdbcStoreContract {

    @Override
    DataSource empty() throws Exception {
        return Postgres.emptySchema();
    }

    @Override
    void waitForRowsNoLongerThan(Duration time) {}

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
