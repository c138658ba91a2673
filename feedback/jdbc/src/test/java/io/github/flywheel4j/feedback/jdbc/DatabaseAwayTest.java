package io.github.flywheel4j.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.flywheel4j.feedback.AsyncSink;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseAwayTest {

    @TempDir
    Path folder;

    @Test
    void callsGoOnWhileTheServerIsStoppedAndItCatchesUpWhenItIsBack() throws IOException {
        int port = freePort();
        EmbeddedPostgres server = start(port);
        try (HikariDataSource pool = pool(server.getJdbcUrl("postgres", "postgres"));
                JdbcSink database = JdbcSink.in(pool);
                AsyncSink sink = AsyncSink.builder(database)
                        .capacity(100)
                        .spillTo(folder.resolve("spill"))
                        .build()) {
            give(sink, 0, 100);
            assertThat(sink.flush(Duration.ofSeconds(30))).isTrue();
            server.close();

            give(sink, 100, 1_000);
            assertThat(sink.counts().lost()).isZero();
            assertThat(sink.counts().spilled()).isPositive();
            assertThatThrownBy(() -> database.accept(Events.comment(1)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot write events to the database");
            assertThatThrownBy(() -> database.store(StoreContract.USERS).timeline(Events.id(1)))
                    .isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(() -> JdbcSink.in(pool)).isInstanceOf(UncheckedIOException.class);

            server = start(port);
            assertThat(sink.flush(Duration.ofSeconds(60))).isTrue();

            assertThat(sink.counts().lost() + sink.counts().refused()).isZero();
            // Not in order: what failed just before the server was back comes after what was behind it.
            assertThat(StoreContract.ids(StoreContract.read(
                            database.store(StoreContract.USERS).events())))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 1_000).mapToObj(Events::id).toList());
        } finally {
            server.close();
        }
    }

    @Test
    void refusesADatabaseThatItDoesNotKnowWhenItIsBuilt() {
        DatabaseMetaData about = proxy(DatabaseMetaData.class, "Oracle");
        Connection connection = proxy(Connection.class, about);

        assertThatThrownBy(() -> JdbcSink.in(proxy(DataSource.class, connection)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("database: Oracle (expected: H2 or PostgreSQL; for another one write a FeedbackSink of your"
                        + " own, a lambda is one)");
    }

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .start();
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("postgres");
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(500);
        config.setValidationTimeout(400);
        return new HikariDataSource(config);
    }

    private static void give(AsyncSink sink, int from, int until) {
        for (int i = from; i < until; i++) {
            sink.accept(Events.comment(i));
            // What is tested is that nothing is lost when there is room, not how fast a disk is.
            while (sink.counts().queued() > 90) {
                Thread.onSpinWait();
            }
        }
    }

    /** Returns the same to every question that it can answer. */
    private static <T> T proxy(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                DatabaseAwayTest.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getReturnType().isInstance(answer) ? answer : null));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
