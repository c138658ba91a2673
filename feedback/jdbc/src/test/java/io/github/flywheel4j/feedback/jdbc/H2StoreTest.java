package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.MVStoreTool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class H2StoreTest extends JdbcStoreContract {

    private int databases;

    @Override
    DataSource empty() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:file:"
                + folder.resolve("h2").resolve("database" + ++databases).toAbsolutePath() + ";DB_CLOSE_DELAY=-1");
        h2.setUser("sa");
        h2.setPassword("");
        return h2;
    }

    @AfterEach
    void shutDown() throws Exception {
        execute("SHUTDOWN");
    }

    /** What is left after the compaction, written anew without its compression: a search would find nothing in that. */
    @Override
    String everythingLeft() throws Exception {
        execute("SHUTDOWN COMPACT");
        MVStoreTool.compact(
                folder.resolve("h2").resolve("database1.mv.db").toAbsolutePath().toString(), false);
        return contents(folder.resolve("h2"));
    }

    @Test
    void letsCommitsLast() throws Exception {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet delay = statement.executeQuery(
                        "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'")) {
            assertThat(delay.next()).isTrue();
            assertThat(delay.getString(1)).isEqualTo("0");
        }
    }
}
