package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.Comment;
import io.github.flywheel4j.feedback.Erasure;
import io.github.flywheel4j.feedback.ErasureReport;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackKind;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.SchemaTooNew;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One erasure: masks the rows of a person, in one transaction, and leaves a note on each of their interactions. */
final class RowErasure {

    private static final int BATCH = 200;

    private final Product product;
    private final Connection connection;
    private final List<String> forms;
    private final String theirs;
    private long interactions;
    private long feedback;
    private long unreadable;

    RowErasure(Product product, Connection connection, List<String> forms) {
        this.product = product;
        this.connection = connection;
        this.forms = forms;
        this.theirs = "person IN (?" + ", ?".repeat(forms.size() - 1) + ")";
    }

    ErasureReport run() throws SQLException {
        String ofInteractions =
                "SELECT interaction_id FROM " + Schema.EVENTS + " WHERE kind = 'interaction' AND " + theirs;
        List<UUID> unnoted = ids(
                ofInteractions + " AND interaction_id NOT IN (SELECT interaction_id FROM " + Schema.EVENTS
                        + " WHERE kind = 'erasure')",
                1);
        List<UUID> concerned = ids(
                "SELECT event_id FROM " + Schema.EVENTS + " WHERE " + theirs
                        + " OR (kind <> 'erasure' AND interaction_id IN (" + ofInteractions + "))",
                2);
        Set<UUID> erased = new HashSet<>(ids(ofInteractions, 1));
        erased.addAll(ids("SELECT event_id FROM " + Schema.EVENTS + " WHERE kind <> 'interaction' AND " + theirs, 1));
        ErasedIds.add(product, connection, erased);
        mask(concerned);
        EventRows.insert(
                product,
                connection,
                unnoted.stream()
                        .distinct()
                        .map(id -> new Erasure(EventInfo.now(Clock.systemUTC(), "erasure", id)))
                        .toList());
        return new ErasureReport(
                interactions,
                feedback,
                unreadable,
                concerned.isEmpty() ? List.of() : List.of("table " + Schema.EVENTS),
                !concerned.isEmpty());
    }

    /** The ids that a query finds, which names the person so many times. */
    private List<UUID> ids(String sql, int times) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int next = 1;
            for (int time = 0; time < times; time++) {
                for (String form : forms) {
                    select.setString(next++, form);
                }
            }
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return ids;
        }
    }

    private void mask(List<UUID> events) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT body, kind, time_nanos, interaction_id FROM " + Schema.EVENTS + " WHERE event_id = ?");
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + Schema.EVENTS + " SET person = NULL, kind = ?, body = ? WHERE event_id = ?")) {
            int waiting = 0;
            for (UUID id : events) {
                select.setObject(1, id);
                FeedbackEvent left = masked(id, select);
                if (left == null) {
                    continue;
                }
                update.setString(1, left.kind().jsonName());
                update.setString(2, left.toJson());
                update.setObject(3, id);
                update.addBatch();
                if (++waiting % BATCH == 0) {
                    int[] unused = update.executeBatch();
                }
            }
            int[] unused = update.executeBatch();
        }
    }

    /** What stays of an event; null if it is gone. */
    private @Nullable FeedbackEvent masked(UUID id, PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            FeedbackEvent event = eventOrNull(row.getString(1));
            if (event == null) {
                unreadable++;
                return placeholder(id, row);
            }
            if (event instanceof InteractionEvent) {
                interactions++;
            } else {
                feedback++;
            }
            return event.masked();
        }
    }

    /** Stands where an event was that cannot be read, so that the event does not come in when it is delivered again. */
    private static FeedbackEvent placeholder(UUID id, ResultSet row) throws SQLException {
        EventInfo info =
                new EventInfo(id, EventRows.time(row.getLong(3)), "erasure", row.getObject(4, UUID.class), null, null);
        return row.getString(2).equals(FeedbackKind.INTERACTION.jsonName()) ? new Erasure(info) : new Comment(info, "");
    }

    private static @Nullable FeedbackEvent eventOrNull(String body) {
        try {
            return FeedbackEvent.fromJson(body);
        } catch (SchemaTooNew e) {
            throw e;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
