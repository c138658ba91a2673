package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.feedback.Comment;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.MVStoreTool;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class H2StoreTest extends JdbcStoreContract {

    private int databases;

    @Override
    DataSource empty() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:file:"
                + folder.resolve("h2").resolve("database" + ++databases).toAbsolutePath()
                + ";REUSE_SPACE=FALSE;DB_CLOSE_DELAY=-1");
        h2.setUser("sa");
        h2.setPassword("");
        return h2;
    }

    @Override
    void waitForRowsNoLongerThan(Duration time) throws Exception {
        execute("SET DEFAULT_LOCK_TIMEOUT " + time.toMillis());
    }

    @Override
    boolean writesWhenInterrupted() {
        return false;
    }

    @AfterEach
    void shutDown() throws Exception {
        execute("SHUTDOWN");
    }

    @Override
    Path files() {
        return folder.resolve("h2");
    }

    /** A compaction compresses, and a search would find nothing in that. */
    @Override
    Path compactedFiles() throws Exception {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        for (int i = 1; i <= databases; i++) {
            String name = "database" + i + ".mv.db";
            MVStoreTool.compact(
                    Files.copy(files().resolve(name), copy.resolve(name)).toString(), false);
        }
        return copy;
    }

    @Test
    void aDatabaseInMemoryHasNothingToCompactAndIsNotLost() {
        JdbcDataSource memory = new JdbcDataSource();
        memory.setURL("jdbc:h2:mem:compacted;DB_CLOSE_DELAY=-1");
        try (JdbcSink inMemory = JdbcSink.in(memory)) {
            inMemory.accept(Events.comment(1));
            JdbcStore kept = inMemory.store(USERS);

            kept.compact();

            assertThat(read(kept.events())).hasSize(1);
        }
    }

    /** What is left after the compaction, written anew without its compression: a search would find nothing in that. */
    @Override
    String everythingLeft() throws Exception {
        execute("SHUTDOWN COMPACT");
        MVStoreTool.compact(
                folder.resolve("h2").resolve("database1.mv.db").toAbsolutePath().toString(), false);
        return contents(folder.resolve("h2"));
    }

    /** What a killed process leaves behind is what is in the file now; DurabilityBench kills one. */
    @Test
    void writesWhatItAcceptedBeforeItReturns() {
        sink.accept(new Comment(Events.on(1), "swordfish"));

        assertThat(contents(folder.resolve("h2"))).contains("swordfish");
        sink.flush();
    }

    @Test
    void anInterruptInTheMiddleOfAWriteDoesNotReachTheDatabase() {
        Thread caller = Thread.currentThread();
        AtomicReference<Boolean> reached = new AtomicReference<>();
        JdbcSink hit = JdbcSink.in(Interrupted.beforeItInserts(source, () -> {
            caller.interrupt();
            reached.set(Thread.currentThread().isInterrupted());
        }));

        hit.accept(Events.comment(1));

        assertThat(Thread.interrupted()).as("the caller keeps its flag").isTrue();
        assertThat(reached).hasValue(false);
        assertThat(read(store.events())).hasSize(1);
    }

    @Test
    void knowsWhetherAKillMayCostWhatItAccepted() throws Exception {
        JdbcDataSource careless = new JdbcDataSource();
        careless.setURL("jdbc:h2:file:" + folder.resolve("careless").toAbsolutePath());
        JdbcDataSource memory = new JdbcDataSource();
        memory.setURL("jdbc:h2:mem:risk");

        assertThat(risk(careless)).contains("expected: REUSE_SPACE=FALSE in the URL");
        assertThat(risk(memory)).isNull();
        assertThat(risk(source)).isNull();
    }

    @Test
    void isOneDatabaseWhicheverWayLeadsToIt() throws Exception {
        String file = folder.resolve("h2").resolve("database1").toAbsolutePath().toString();
        Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        try {
            String served = "jdbc:h2:tcp://localhost:" + server.getPort() + "/";
            assertThat(lockedHere(served + file)).isEqualTo(lockedHere("jdbc:h2:file:" + file));
            assertThat(lockedHere(served + "mem:shared"))
                    .isEqualTo(lockedHere("jdbc:h2:mem:shared"))
                    .isNotEqualTo(lockedHere("jdbc:h2:mem:another"));
        } finally {
            server.stop();
        }
    }

    private static String lockedHere(String url) throws Exception {
        try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
            return Product.of(connection).lockedHere(connection);
        }
    }

    private static String risk(DataSource database) throws Exception {
        try (Connection connection = database.getConnection()) {
            return Product.of(connection).risk(connection);
        }
    }

    @Test
    void saysWhenItIsBuiltThatItsUserMayNotMakeCommitsLast() throws Exception {
        execute("CREATE USER writer PASSWORD ''");
        execute("GRANT ALL ON SCHEMA public TO writer");
        JdbcDataSource limited = new JdbcDataSource();
        // A setting in the URL is for admins too.
        limited.setURL(((JdbcDataSource) source).getURL().replaceAll(";.*", ""));
        limited.setUser("writer");
        limited.setPassword("");

        assertThatThrownBy(() -> JdbcSink.builder(limited).withoutMigration().build())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot set up the database (SQLState 90040)");
    }
}
