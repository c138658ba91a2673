package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.UserIds;
import io.github.flywheel4j.feedback.jdbc.JdbcStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** A table of a database. */
final class DatabaseSubject implements DurabilitySubject {

    private final String url;
    private final DataSource source;
    private final Closeable server;

    private DatabaseSubject(String url, DataSource source, Closeable server) {
        this.url = url;
        this.source = source;
        this.server = server;
    }

    /** A database file that the writing process holds. */
    static DatabaseSubject h2(Path folder) {
        String url = "jdbc:h2:file:" + folder.toAbsolutePath().resolve("feedback");
        return new DatabaseSubject(url, DurableStore.h2(url), () -> {});
    }

    /** A server of the bench's own. */
    static DatabaseSubject postgres() throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.start();
        String url = server.getJdbcUrl("postgres", "postgres");
        return new DatabaseSubject(url, DurableStore.postgres(url), server);
    }

    @Override
    public String where() {
        return url;
    }

    @Override
    public Found found() {
        Set<UUID> found = new HashSet<>();
        Set<UUID> ids = new HashSet<>();
        long[] duplicates = new long[1];
        try {
            JdbcStore store = JdbcStore.in(source, UserIds.none());
            try (Stream<FeedbackEvent> events = store.events()) {
                events.forEach(event -> {
                    found.add(event.interactionId());
                    duplicates[0] += ids.add(event.eventId()) ? 0 : 1;
                });
            }
            return new Found(found, duplicates[0], 0, store.unreadableRows());
        } catch (UncheckedIOException e) {
            return new Found(found, duplicates[0], 1, 0);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
