package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.InteractionQuery;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link InteractionQuery} says as SQL, of a row named {@code i}; all but its condition on signals. */
final class Conditions {

    private final StringBuilder sql = new StringBuilder("i.kind = 'interaction'");
    private final List<Object> values = new ArrayList<>();

    Conditions(InteractionQuery query) {
        and("i.time_nanos >= ?", query.from() == null ? null : EventRows.nanos(query.from()));
        and("i.time_nanos < ?", query.until() == null ? null : EventRows.nanos(query.until()));
        and("i.workload = ?", query.workload());
        and("i.tenant = ?", query.tenant());
        and("i.outcome = ?", query.outcome() == null ? null : query.outcome().name());
        and("i.fingerprint = ?", query.fingerprint());
        and(
                "EXISTS (SELECT 1 FROM " + Schema.EVENTS
                        + " v WHERE v.interaction_id = i.interaction_id AND v.verdict = ?"
                        + " AND NOT EXISTS (SELECT 1 FROM " + Schema.EVENTS
                        + " w WHERE w.interaction_id = i.interaction_id AND w.verdict IS NOT NULL"
                        + " AND (w.time_nanos > v.time_nanos OR (w.time_nanos = v.time_nanos AND w.seq > v.seq))))",
                query.verdict() == null ? null : query.verdict().name());
        if (query.signals() != null) {
            sql.append(" AND EXISTS (SELECT 1 FROM ")
                    .append(Schema.EVENTS)
                    .append(" s WHERE s.interaction_id = i.interaction_id AND s.kind = 'signal')");
        }
    }

    private void and(String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(" AND ").append(condition);
            values.add(value);
        }
    }

    String sql() {
        return sql.toString();
    }

    /** Sets the values; the number of the next one. */
    int bind(PreparedStatement statement) throws SQLException {
        int next = 1;
        for (Object value : values) {
            statement.setObject(next++, value);
        }
        return next;
    }
}
