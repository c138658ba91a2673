package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.feedback.Coverage;
import io.github.flywheel4j.feedback.InteractionEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Counts interactions by what is known of them, in the database. */
final class CoverageCount {

    private static final String FAILING = "cannot count events in the database";
    private static final int AT_ONCE = 500;

    private CoverageCount() {}

    static Coverage atOnce(Database database, Conditions conditions) {
        return database.inTransaction(FAILING, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql(conditions.sql()))) {
                int unused = conditions.bind(select);
                return read(select);
            }
        });
    }

    /** Of those that only the program can tell. */
    static Coverage oneByOne(Database database, Stream<InteractionEvent> interactions) {
        long[] sums = new long[6];
        List<UUID> ids = new ArrayList<>(AT_ONCE);
        try (interactions) {
            interactions.forEach(event -> {
                ids.add(event.eventId());
                if (ids.size() == AT_ONCE) {
                    add(of(database, ids), sums);
                    ids.clear();
                }
            });
        }
        if (!ids.isEmpty()) {
            add(of(database, ids), sums);
        }
        return new Coverage(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
    }

    private static Coverage of(Database database, List<UUID> events) {
        String listed = "i.event_id IN (?" + ", ?".repeat(events.size() - 1) + ")";
        return database.inTransaction(FAILING, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql(listed))) {
                int next = 1;
                for (UUID id : events) {
                    select.setObject(next++, id);
                }
                return read(select);
            }
        });
    }

    private static void add(Coverage part, long[] sums) {
        sums[0] += part.interactions();
        sums[1] += part.rated();
        sums[2] += part.judged();
        sums[3] += part.corrected();
        sums[4] += part.signalled();
        sums[5] += part.withAny();
    }

    private static String sql(String conditions) {
        return "SELECT COUNT(*), SUM(rated), SUM(judged), SUM(corrected), SUM(signalled), SUM(with_any) FROM (SELECT i.seq, "
                + has("f.kind = 'satisfaction'") + " AS rated, "
                + has("f.kind = 'correctness'") + " AS judged, "
                + has("f.kind = 'correction'") + " AS corrected, "
                + has("f.kind = 'signal'") + " AS signalled, "
                + has("f.kind IS NOT NULL") + " AS with_any FROM " + Schema.EVENTS + " i LEFT JOIN " + Schema.EVENTS
                + " f ON f.interaction_id = i.interaction_id AND f.kind NOT IN ('interaction', 'erasure') WHERE "
                + conditions + " GROUP BY i.seq) counted";
    }

    private static String has(String condition) {
        return "MAX(CASE WHEN " + condition + " THEN 1 ELSE 0 END)";
    }

    /** The sums of no rows are null, which is read as 0. */
    private static Coverage read(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return new Coverage(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
        }
    }
}
