package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.Coverage;
import io.github.flywheel4j.feedback.ErasureReport;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackStore;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.RetentionReport;
import io.github.flywheel4j.feedback.SchemaTooNew;
import io.github.flywheel4j.feedback.Timeline;
import io.github.flywheel4j.feedback.UserIds;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a {@link JdbcSink} wrote, in this process or another one.
 *
 * <p>Streams are read in pages and hold no connection between them; a row that is written while a stream runs may be in it
 * or not. A row whose event cannot be read is left out, logged once and counted ({@link #unreadableRows()}).
 *
 * <p>An erasure masks rows, and says that the database's files hold the old ones still ({@link ErasureReport#pagesLeft()});
 * {@link #compact()} ends that. It waits for the sinks that write just then, and they for it: what they write is masked too if
 * it belongs to what was erased. Only on H2 they do not know of each other where several processes write to one database,
 * through a server: there erase once more when writers are done. What was erased is known for a year at the least, also when
 * its row is deleted; of an erasure by a process of the version before, beside those of this one, all but feedback on somebody
 * else's interaction. Backups are yours. Thread-safe.
 */
public final class JdbcStore implements FeedbackStore {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcStore.class);
    private static final String CANNOT_READ = "cannot read events from the database";

    private final Database database;
    private final UserIds users;
    private final AtomicLong unreadable = new AtomicLong();

    JdbcStore(Database database, UserIds users) {
        this.database = database;
        this.users = Objects.requireNonNull(users, "users");
    }

    /**
     * The store in a database.
     *
     * @param users in which form people are stored; needed to find them again
     * @throws IllegalArgumentException if the database is neither H2 nor PostgreSQL
     * @throws IllegalStateException if its tables are missing, or not of this version
     * @throws java.io.UncheckedIOException if the database is away
     */
    public static JdbcStore in(DataSource source, UserIds users) {
        Database database = Database.of(source);
        Schema.check(database);
        return new JdbcStore(database, users);
    }

    /** How many times a row was met whose event cannot be read. */
    public long unreadableRows() {
        return unreadable.get();
    }

    @Override
    public Stream<InteractionEvent> interactions(InteractionQuery query) {
        Conditions conditions = new Conditions(query);
        InteractionQuery.Signalled signals = query.signals();
        String rows = "SELECT i.seq, i.body, i.interaction_id FROM " + Schema.EVENTS + " i WHERE " + conditions.sql()
                + " AND i.seq > ? ORDER BY i.seq LIMIT ?";
        return (signals == null
                        ? stream(rows, conditions)
                        : StreamSupport.stream(
                                new Pages<>((after, most) -> signalled(rows, conditions, signals, after, most)), false))
                .filter(InteractionEvent.class::isInstance)
                .map(InteractionEvent.class::cast);
    }

    @Override
    public Stream<FeedbackEvent> events() {
        return stream("SELECT seq, body FROM " + Schema.EVENTS + " WHERE seq > ? ORDER BY seq LIMIT ?", null);
    }

    private Stream<FeedbackEvent> stream(String sql, @Nullable Conditions conditions) {
        return StreamSupport.stream(new Pages<>((after, most) -> page(sql, conditions, after, most)), false);
    }

    private Pages.Page<FeedbackEvent> page(String sql, @Nullable Conditions conditions, long after, int most) {
        return database.inTransaction(CANNOT_READ, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                bind(select, conditions, after, most);
                Deque<FeedbackEvent> events = new ArrayDeque<>();
                int rows = 0;
                long last = after;
                long characters = 0;
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        rows++;
                        last = row.getLong(1);
                        characters += add(row.getString(2), events);
                    }
                }
                return new Pages.Page<>(events, rows, last, characters);
            }
        });
    }

    /** Interactions of a page with all their signals, for the labeler to say which ones are wanted. */
    private Pages.Page<FeedbackEvent> signalled(
            String sql, Conditions conditions, InteractionQuery.Signalled wanted, long after, int most) {
        String withSignals = "SELECT i.seq, i.body, s.body FROM (" + sql + ") i JOIN " + Schema.EVENTS
                + " s ON s.interaction_id = i.interaction_id AND s.kind = 'signal' ORDER BY i.seq, s.seq";
        return database.inTransaction(CANNOT_READ, connection -> {
            try (PreparedStatement select = connection.prepareStatement(withSignals)) {
                bind(select, conditions, after, most);
                Deque<FeedbackEvent> events = new ArrayDeque<>();
                Deque<FeedbackEvent> signals = new ArrayDeque<>();
                int rows = 0;
                long last = after;
                long characters = 0;
                @Nullable String interaction = null;
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        if (row.getLong(1) != last || interaction == null) {
                            addIf(wanted, signals, interaction, events);
                            rows++;
                            last = row.getLong(1);
                            interaction = row.getString(2);
                            characters += interaction.length();
                            signals.clear();
                        }
                        characters += add(row.getString(3), signals);
                    }
                }
                addIf(wanted, signals, interaction, events);
                return new Pages.Page<>(events, rows, last, characters);
            }
        });
    }

    private void addIf(
            InteractionQuery.Signalled wanted,
            Deque<FeedbackEvent> signals,
            @Nullable String interaction,
            Deque<FeedbackEvent> to) {
        if (interaction != null && wanted.matches(signals)) {
            add(interaction, to);
        }
    }

    private int add(String body, Deque<FeedbackEvent> to) {
        FeedbackEvent event = eventOrNull(body);
        if (event != null) {
            to.add(event);
        }
        return body.length();
    }

    private @Nullable FeedbackEvent eventOrNull(String body) {
        try {
            return FeedbackEvent.fromJson(body);
        } catch (SchemaTooNew e) {
            throw e;
        } catch (IllegalArgumentException e) {
            if (unreadable.getAndIncrement() == 0) {
                LOG.warn("a row of {} holds no event and is left out: {}", Schema.EVENTS, e.getMessage());
            }
            return null;
        }
    }

    private static void bind(PreparedStatement select, @Nullable Conditions conditions, long after, int most)
            throws SQLException {
        int next = conditions == null ? 1 : conditions.bind(select);
        select.setLong(next, after);
        select.setInt(next + 1, most);
    }

    @Override
    public Timeline timeline(UUID interactionId) {
        Deque<FeedbackEvent> all = database.inTransaction(CANNOT_READ, connection -> {
            Deque<FeedbackEvent> events = new ArrayDeque<>();
            new TimelineRows(connection).of(interactionId).forEach(body -> add(body, events));
            return events;
        });
        Predicate<FeedbackEvent> itself = event ->
                event instanceof InteractionEvent && event.interactionId().equals(interactionId);
        List<FeedbackEvent> feedback = new ArrayList<>(all);
        feedback.removeIf(itself);
        feedback.sort(Comparator.comparing(FeedbackEvent::time));
        return new Timeline(
                interactionId,
                all.stream()
                        .filter(itself)
                        .map(InteractionEvent.class::cast)
                        .reduce((one, later) -> later)
                        .orElse(null),
                feedback);
    }

    @Override
    public Coverage coverage(InteractionQuery query) {
        if (query.signals() != null) {
            return CoverageCount.oneByOne(database, interactions(query));
        }
        return CoverageCount.atOnce(database, new Conditions(query));
    }

    @Override
    public RetentionReport deleteBefore(Instant time) {
        String sql = "DELETE FROM " + Schema.EVENTS + " WHERE time_nanos < ?";
        // Both change the same rows, and those of two tables: one of them would have to give way.
        int deleted = database.whileNobodyErases("cannot delete events from the database", connection -> {
            ErasedIds.addNotedBefore(database.product(), connection, time);
            ErasedIds.deleteBefore(connection, time);
            try (PreparedStatement delete = connection.prepareStatement(sql)) {
                delete.setLong(1, EventRows.nanos(time));
                return delete.executeUpdate();
            }
        });
        return new RetentionReport(deleted, 0, 0);
    }

    @Override
    public ErasureReport eraseStored(String user) {
        if (user.isBlank()) {
            throw new IllegalArgumentException("user: blank (expected: the id of a person)");
        }
        return database.erasing(
                "cannot erase a person from the database",
                connection -> new RowErasure(database.product(), connection, users.everyForm(user)).run());
    }

    /**
     * Rewrites what the database holds of the events, so that no page of its tables and indexes has the bytes of what was
     * erased or deleted before. For quiet hours: it takes as long as writing all events anew, and nobody reads or writes
     * them meanwhile; an {@link io.github.flywheel4j.feedback.AsyncSink} keeps what comes.
     *
     * <ul>
     *   <li>PostgreSQL: {@code VACUUM (FULL, ANALYZE)} of the table, for which one must own it, and {@code VACUUM FULL} of
     *       the planner's statistics, which an owner of the database may. Room for a second copy is needed, and a driver that
     *       waits so long. Rows that a transaction of before may still see are kept; the log ({@code pg_wal}) keeps what was
     *       written until it is recycled.
     *   <li>H2: {@code SHUTDOWN COMPACT}. It closes the database, which the next connection opens again; whoever uses a
     *       connection then gets an error. Admin rights are needed. In memory there is nothing to do.
     * </ul>
     *
     * @throws java.io.UncheckedIOException if the database does not do it
     */
    public void compact() {
        Boolean unused = database.alone("cannot compact the database", connection -> {
            database.product().compact(connection);
            return true;
        });
    }
}
