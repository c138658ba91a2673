ALTER TABLE flywheel4j_events ADD COLUMN verdict VARCHAR(16);

-- In the body a quote within a text has a backslash before it, so only the field itself is found.
UPDATE flywheel4j_events
SET verdict = CASE
    WHEN body LIKE '%"verdict":"CORRECT"%' THEN 'CORRECT'
    WHEN body LIKE '%"verdict":"PARTLY"%' THEN 'PARTLY'
    WHEN body LIKE '%"verdict":"INCORRECT"%' THEN 'INCORRECT'
END
WHERE kind = 'correctness';

CREATE INDEX flywheel4j_events_verdict ON flywheel4j_events (interaction_id, time_nanos, seq) WHERE verdict IS NOT NULL;
CREATE INDEX flywheel4j_events_signal ON flywheel4j_events (interaction_id) WHERE kind = 'signal';
CREATE INDEX flywheel4j_events_workload ON flywheel4j_events (workload, seq) WHERE kind = 'interaction';
