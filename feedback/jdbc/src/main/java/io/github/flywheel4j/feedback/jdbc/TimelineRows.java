package io.github.flywheel4j.feedback.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The rows of an interaction's timeline: its own, and what was said of its answer, here or where a cache served it again.
 * Feedback by id alone names only the repetition, so these are looked for first.
 */
final class TimelineRows {

    /** A popular answer is served many thousand times, and a statement takes only so many values. */
    private static final int AT_ONCE = 500;

    private static final String REPETITIONS =
            "SELECT interaction_id FROM " + Schema.EVENTS + " WHERE kind = 'interaction' AND answer_from IN (";
    private static final String ITSELF = "SELECT seq, body FROM " + Schema.EVENTS
            + " WHERE kind IN ('interaction', 'erasure') AND interaction_id = ?";

    private final Connection connection;

    TimelineRows(Connection connection) {
        this.connection = connection;
    }

    /** The events as JSON, in the order of writing. */
    Collection<String> of(UUID interactionId) throws SQLException {
        SortedMap<Long, String> rows = new TreeMap<>();
        bodies(ITSELF, List.of(interactionId), rows);
        List<UUID> answers = new ArrayList<>(answersLike(interactionId));
        for (List<UUID> part : parts(answers)) {
            for (String column : List.of("interaction_id", "answer_from", "over_id")) {
                String feedback =
                        "SELECT seq, body FROM " + Schema.EVENTS + " WHERE kind NOT IN ('interaction', 'erasure') AND "
                                + column
                                + " IN (" + places(part) + ")";
                bodies(feedback, part, rows);
            }
        }
        return rows.values();
    }

    /** The interaction, and those to which its answer was served again, also from a cache that was filled from such a one. */
    private Set<UUID> answersLike(UUID interactionId) throws SQLException {
        Set<UUID> answers = new HashSet<>(Set.of(interactionId));
        List<UUID> newest = List.of(interactionId);
        while (!newest.isEmpty()) {
            List<UUID> found = new ArrayList<>();
            for (List<UUID> part : parts(newest)) {
                try (PreparedStatement select = connection.prepareStatement(REPETITIONS + places(part) + ")")) {
                    bind(select, part);
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            found.add(row.getObject(1, UUID.class));
                        }
                    }
                }
            }
            newest = found.stream().filter(answers::add).toList();
        }
        return answers;
    }

    private void bodies(String sql, List<UUID> ids, SortedMap<Long, String> to) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, ids);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    to.put(row.getLong(1), row.getString(2));
                }
            }
        }
    }

    private static void bind(PreparedStatement statement, List<UUID> ids) throws SQLException {
        int next = 1;
        for (UUID id : ids) {
            statement.setObject(next++, id);
        }
    }

    private static String places(List<UUID> ids) {
        return "?" + ", ?".repeat(ids.size() - 1);
    }

    private static List<List<UUID>> parts(List<UUID> ids) {
        List<List<UUID>> parts = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            parts.add(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
        }
        return parts;
    }
}
