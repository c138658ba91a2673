package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.Erasure;
import io.github.flywheel4j.feedback.FeedbackEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The ids of what was erased: interactions, and events on those of others. Delivery is at least once, and what comes again
 * after an erasure must not bring anybody back, also when its row is long deleted. They are random and on the masked events
 * too; nothing here is made from a person.
 */
final class ErasedIds {

    /** Longer than what stands before a store keeps events, in a spill folder or a topic. */
    private static final Duration KEPT_AT_LEAST = Duration.ofDays(365);

    private static final List<String> COLUMNS = List.of("id", "erased_nanos");

    private static final Clock CLOCK = Clock.systemUTC();

    private ErasedIds() {}

    /**
     * The events as they may be kept: masked if they, or the interaction that they are about, were erased, also by a note
     * that comes before them.
     */
    static List<FeedbackEvent> asKept(Connection connection, List<FeedbackEvent> events) throws SQLException {
        Set<UUID> erased = new HashSet<>();
        Object[] ids = events.stream()
                .flatMap(event -> Stream.of(event.interactionId(), event.eventId()))
                .distinct()
                .toArray();
        // The version before leaves notes and knows no list; its processes may run beside this one.
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM " + Schema.ERASED
                + " WHERE id = ANY(?) UNION SELECT interaction_id FROM " + Schema.EVENTS
                + " WHERE kind = 'erasure' AND interaction_id = ANY(?)")) {
            select.setArray(1, connection.createArrayOf("uuid", ids));
            select.setArray(2, connection.createArrayOf("uuid", ids));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    erased.add(row.getObject(1, UUID.class));
                }
            }
        }
        List<FeedbackEvent> kept = new ArrayList<>(events.size());
        for (FeedbackEvent event : events) {
            boolean masks = erased.contains(event.interactionId()) || erased.contains(event.eventId());
            kept.add(masks ? event.masked() : event);
            if (event instanceof Erasure) {
                erased.add(event.interactionId());
            }
        }
        return kept;
    }

    /** Remembers what notes from elsewhere say was erased. */
    static void addNoted(Product product, Connection connection, List<FeedbackEvent> events) throws SQLException {
        List<UUID> noted = events.stream()
                .filter(Erasure.class::isInstance)
                .map(FeedbackEvent::interactionId)
                .toList();
        if (!noted.isEmpty()) {
            add(product, connection, noted);
        }
    }

    static void add(Product product, Connection connection, Collection<UUID> ids) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(product.insert(Schema.ERASED, COLUMNS))) {
            long now = EventRows.nanos(CLOCK.instant());
            for (UUID id : ids) {
                insert.setObject(1, id);
                insert.setLong(2, now);
                insert.addBatch();
            }
            int[] unused = insert.executeBatch();
        }
    }

    /** Remembers what only notes say that retention is about to delete: those of the version before. */
    static void addNotedBefore(Product product, Connection connection, Instant time) throws SQLException {
        List<UUID> noted = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT DISTINCT e.interaction_id FROM "
                + Schema.EVENTS + " e WHERE e.kind = 'erasure' AND e.time_nanos < ? AND NOT EXISTS (SELECT 1 FROM "
                + Schema.ERASED + " WHERE id = e.interaction_id)")) {
            select.setLong(1, EventRows.nanos(time));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    noted.add(row.getObject(1, UUID.class));
                }
            }
        }
        if (!noted.isEmpty()) {
            add(product, connection, noted);
        }
    }

    /** Forgets what was erased before a time, and more than a year ago. */
    static void deleteBefore(Connection connection, Instant time) throws SQLException {
        Instant yearAgo = CLOCK.instant().minus(KEPT_AT_LEAST);
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + Schema.ERASED + " WHERE erased_nanos < ?")) {
            delete.setLong(1, EventRows.nanos(time.isBefore(yearAgo) ? time : yearAgo));
            int unused = delete.executeUpdate();
        }
    }
}
