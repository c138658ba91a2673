package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.Correctness;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.Preference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events as rows: the event itself as JSON, and beside it what is asked for. */
final class EventRows {

    private static final List<String> COLUMNS = List.of(
            "event_id",
            "kind",
            "time_nanos",
            "interaction_id",
            "answer_from",
            "over_id",
            "person",
            "workload",
            "tenant",
            "outcome",
            "fingerprint",
            "verdict",
            "body");

    private EventRows() {}

    /** Inserts those that are not there yet. */
    static void insert(Product product, Connection connection, Iterable<? extends FeedbackEvent> events)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(product.insert(Schema.EVENTS, COLUMNS))) {
            for (FeedbackEvent event : events) {
                bind(event, insert);
                insert.addBatch();
            }
            int[] unused = insert.executeBatch();
        }
    }

    private static void bind(FeedbackEvent event, PreparedStatement row) throws SQLException {
        InteractionEvent interaction = event instanceof InteractionEvent it ? it : null;
        row.setObject(1, event.eventId());
        row.setString(2, event.kind().jsonName());
        row.setLong(3, nanos(event.time()));
        row.setObject(4, event.interactionId());
        id(row, 5, event.info().answerFrom());
        id(row, 6, event instanceof Preference preference ? preference.over() : null);
        row.setString(7, event.info().user());
        row.setString(8, interaction == null ? null : interaction.context().workload());
        row.setString(9, interaction == null ? null : interaction.context().tenant());
        row.setString(10, interaction == null ? null : interaction.outcome().name());
        row.setString(11, interaction == null ? null : interaction.fingerprint());
        row.setString(
                12, event instanceof Correctness verdict ? verdict.verdict().name() : null);
        row.setString(13, event.toJson());
    }

    private static void id(PreparedStatement row, int column, @Nullable UUID id) throws SQLException {
        if (id == null) {
            row.setNull(column, Types.OTHER);
        } else {
            row.setObject(column, id);
        }
    }

    static Instant time(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    /** Nanoseconds since 1970; what lies beyond the years 1677 to 2262 counts as their end. */
    static long nanos(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException e) {
            return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
