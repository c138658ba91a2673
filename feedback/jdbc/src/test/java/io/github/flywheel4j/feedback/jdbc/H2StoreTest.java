package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.flywheel4j.feedback.Comment;
import io.github.flywheel4j.feedback.InteractionQuery;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.MVStoreTool;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** It reads and writes its file on the thread that asks, and closes it for everybody when that one is interrupted. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("everythingElse")
    void anInterruptInTheMiddleOfAnythingElseDoesNotReachItEither(String name, Function<DataSource, Runnable> opened)
            throws Exception {
        sink.accept(Events.interaction(1).by("ann", "my rash itches").event());
        sink.accept(new Comment(Events.on(1), "long ".repeat(10_000)));
        Thread caller = Thread.currentThread();
        AtomicBoolean hits = new AtomicBoolean();
        Runnable work = opened.apply(Interrupted.whenItHasConnected(source, () -> {
            if (hits.get()) {
                caller.interrupt();
            }
        }));
        // Nothing of it is in memory any more.
        execute("SHUTDOWN");
        hits.set(true);

        Throwable failure = catchThrowable(work::run);

        assertThat(Thread.interrupted()).as("the caller keeps its flag").isTrue();
        assertThat(failure).isNull();
        sink.accept(Events.comment(2));
        assertThat(ids(read(store.events()))).contains(Events.id(2));
    }

    static Stream<Arguments> everythingElse() {
        return Stream.of(
                asked("compaction", JdbcStore::compact),
                asked("retention", store -> store.deleteBefore(Instant.EPOCH)),
                asked("erasure", store -> store.eraseStored("ann")),
                asked("events", store -> read(store.events())),
                asked("interactions", store -> read(store.interactions(InteractionQuery.all()))),
                asked("timeline", store -> store.timeline(Events.id(1))),
                asked("coverage", store -> store.coverage(InteractionQuery.all())),
                on("flush", source -> JdbcSink.in(source)::flush),
                on("opening", source -> () -> Database.of(source)),
                on("migration", source -> {
                    Database database = Database.of(source);
                    return () -> Schema.migrate(database);
                }),
                on("check of the tables", source -> {
                    Database database = Database.of(source);
                    return () -> Schema.check(database);
                }));
    }

    private static Arguments asked(String name, Consumer<JdbcStore> work) {
        return on(name, source -> {
            JdbcStore asked = JdbcStore.in(source, USERS);
            return () -> work.accept(asked);
        });
    }

    private static Arguments on(String name, Function<DataSource, Runnable> opened) {
        return arguments(name, opened);
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
