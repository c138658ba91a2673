-- What was erased, by the ids of interactions and events; it outlives their rows.
CREATE TABLE flywheel4j_erased (
    id           UUID   NOT NULL PRIMARY KEY,
    -- Nanoseconds since 1970, of the erasure.
    erased_nanos BIGINT NOT NULL
);

INSERT INTO flywheel4j_erased (id, erased_nanos)
SELECT interaction_id, MAX(time_nanos) FROM flywheel4j_events WHERE kind = 'erasure' GROUP BY interaction_id;

-- Of what was erased on interactions of others there is no note, and of each such event no more than its bones. An event that
-- never was more looks the same; it is taken too, and to mask it once more changes nothing. When it was is not known.
INSERT INTO flywheel4j_erased (id, erased_nanos)
SELECT event_id, CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) AS BIGINT) * 1000000000
FROM flywheel4j_events
WHERE kind NOT IN ('interaction', 'erasure')
    AND person IS NULL
    -- In the body a quote within a text has a backslash before it, so only the field itself is found.
    AND body NOT LIKE '%"session":"%'
    AND body NOT LIKE '%"note":"%'
    AND body NOT LIKE '%"rationale":"%'
    AND (kind NOT IN ('comment', 'correction') OR body LIKE '%"text":""%')
    AND (kind <> 'missing-knowledge' OR body LIKE '%"what":""%')
    AND NOT EXISTS (SELECT 1 FROM flywheel4j_erased WHERE id = event_id);
