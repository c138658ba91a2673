package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.Erasure;
import io.github.flywheel4j.feedback.ErasureReport;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.SchemaTooNew;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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
                concerned.isEmpty() ? List.of() : List.of("table " + Schema.EVENTS));
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
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT body FROM " + Schema.EVENTS + " WHERE event_id = ?");
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + Schema.EVENTS + " SET person = NULL, body = ? WHERE event_id = ?");
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM " + Schema.EVENTS + " WHERE event_id = ?")) {
            int waiting = 0;
            for (UUID id : events) {
                select.setObject(1, id);
                FeedbackEvent event = read(select);
                if (event == null) {
                    delete.setObject(1, id);
                    unreadable += delete.executeUpdate();
                    continue;
                }
                if (event instanceof InteractionEvent) {
                    interactions++;
                } else {
                    feedback++;
                }
                update.setString(1, event.masked().toJson());
                update.setObject(2, id);
                update.addBatch();
                if (++waiting % BATCH == 0) {
                    int[] unused = update.executeBatch();
                }
            }
            int[] unused = update.executeBatch();
        }
    }

    private static @Nullable FeedbackEvent read(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? FeedbackEvent.fromJson(row.getString(1)) : null;
        } catch (SchemaTooNew e) {
            throw e;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
