-- An erasure that runs is waited for: its notes are to be seen below.
LOCK TABLE flywheel4j_events IN SHARE ROW EXCLUSIVE MODE;

-- What was erased, by the ids of interactions and events; it outlives their rows.
CREATE TABLE flywheel4j_erased (
    id           UUID   NOT NULL PRIMARY KEY,
    -- Nanoseconds since 1970, of the erasure.
    erased_nanos BIGINT NOT NULL
);

INSERT INTO flywheel4j_erased (id, erased_nanos)
SELECT interaction_id, MAX(time_nanos) FROM flywheel4j_events WHERE kind = 'erasure' GROUP BY interaction_id;
