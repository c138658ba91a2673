package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.UserIds;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events in a table of H2 or PostgreSQL.
 *
 * <p>When {@link #accept} returns, the event is committed. An event that is there already, by its id, changes nothing, so an
 * event that comes again after its person was erased does not bring them back. While an erasure runs, the sink waits for its
 * end. While the database is away the sink throws
 * {@link java.io.UncheckedIOException}; put an {@link io.github.flywheel4j.feedback.AsyncSink} with a spill folder before
 * it, which keeps the events until it is back. What hangs must be ended by the driver: give it a socket timeout.
 *
 * <p>The tables ({@code flywheel4j_events}, and {@code flywheel4j_erased} with the ids of what was erased) lie in the schema
 * that the connections of the data source have by default. The sink brings them to this version when it is built; the record
 * of that is {@code flywheel4j_schema}. On H2 each batch ends with
 * a {@code CHECKPOINT}, because its commits are in memory until then; that needs a user with admin rights. An H2 database in
 * a file must not reuse the room of old pages, or it may lose what was accepted when the process is killed: put
 * {@code ;REUSE_SPACE=FALSE} into the URL (the sink warns if it is not there), and call {@link JdbcStore#compact()} now and
 * then.
 *
 * <p>H2 closes its file for everybody when a thread is interrupted that reads or writes it. So its connections are used, to
 * write and to read, on threads that nobody interrupts; a data source that ties connections to the caller's thread does not
 * find it there. An interrupt in the middle of a call is kept for the caller.
 *
 * <p>Thread-safe. The data source is the caller's, and so is closing it.
 */
public final class JdbcSink implements FeedbackSink {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcSink.class);

    private final Database database;
    private volatile boolean closed;

    private JdbcSink(Database database) {
        this.database = database;
    }

    /** A sink that brings the tables to this version, and writes. */
    public static JdbcSink in(DataSource source) {
        return builder(source).build();
    }

    /** A builder. */
    public static Builder builder(DataSource source) {
        return new Builder(source);
    }

    /** What was written, to be read while this sink goes on writing. */
    public JdbcStore store(UserIds users) {
        return new JdbcStore(database, users);
    }

    @Override
    public void accept(FeedbackEvent event) {
        acceptAll(List.of(event));
    }

    /** Takes all or none, in one transaction; if this throws after the commit, all. */
    @Override
    public void acceptAll(List<FeedbackEvent> events) {
        if (closed) {
            throw new IllegalStateException("the sink of the database is closed (expected: an open one)");
        }
        if (events.isEmpty()) {
            return;
        }
        Boolean unused = database.whileNobodyErases("cannot write events to the database", connection -> {
            EventRows.insert(database.product(), connection, ErasedIds.asKept(connection, events));
            ErasedIds.addNoted(database.product(), connection, events);
            return true;
        });
    }

    /** Waits for the disk: H2 is written after each batch, but not forced; PostgreSQL did so with each commit. */
    @Override
    public void flush() {
        Boolean unused = database.inTransaction("cannot force events onto the disk", connection -> {
            database.product().forceCommits(connection);
            return true;
        });
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Builds sinks. Not thread-safe. */
    public static final class Builder {

        private final DataSource source;
        private boolean migrate = true;

        private Builder(DataSource source) {
            this.source = source;
        }

        /**
         * Leaves the tables as they are, and only checks that they have this version: for an application that may not create
         * tables. The sink migrates unless told so, because most have one process that does all.
         *
         * <p>On PostgreSQL its user needs {@code SELECT} and {@code INSERT} on {@code flywheel4j_events} and
         * {@code flywheel4j_erased}, and {@code SELECT} on {@code flywheel4j_schema}; to erase people {@code UPDATE} on
         * {@code flywheel4j_events} too, and for retention {@code DELETE} on both. On H2 it needs admin rights.
         */
        public Builder withoutMigration() {
            this.migrate = false;
            return this;
        }

        /**
         * Builds the sink.
         *
         * @throws IllegalArgumentException if the database is neither H2 nor PostgreSQL
         * @throws IllegalStateException if the tables are of a newer version, or of an older one and may not be changed
         * @throws java.io.UncheckedIOException if the database is away, or its user may not write events
         */
        public JdbcSink build() {
            Database database = Database.of(source);
            if (migrate) {
                Schema.migrate(database);
            } else {
                Schema.check(database);
            }
            // Nothing to write yet, but who may not do so must not find out with the first event.
            Boolean unused = database.whileNobodyErases("cannot set up the database", connection -> {
                Schema.insertNothing(connection);
                String risk = database.product().risk(connection);
                if (risk != null) {
                    LOG.warn(risk);
                }
                return true;
            });
            return new JdbcSink(database);
        }
    }
}
