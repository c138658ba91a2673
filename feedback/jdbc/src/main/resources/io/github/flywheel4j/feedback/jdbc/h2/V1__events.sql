CREATE TABLE flywheel4j_events (
    seq            BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id       UUID         NOT NULL PRIMARY KEY,
    kind           VARCHAR(32)  NOT NULL,
    -- Nanoseconds since 1970, as in the other databases.
    time_nanos     BIGINT       NOT NULL,
    interaction_id UUID         NOT NULL,
    answer_from    UUID,
    over_id        UUID,
    person         VARCHAR(512),
    workload       VARCHAR(512),
    tenant         VARCHAR(512),
    outcome        VARCHAR(32),
    fingerprint    VARCHAR(512),
    -- A VARCHAR ends at a million characters.
    body           CHARACTER LARGE OBJECT NOT NULL
);

CREATE UNIQUE INDEX flywheel4j_events_seq ON flywheel4j_events (seq);
CREATE INDEX flywheel4j_events_interaction ON flywheel4j_events (interaction_id);
CREATE INDEX flywheel4j_events_time ON flywheel4j_events (time_nanos);
CREATE INDEX flywheel4j_events_answer_from ON flywheel4j_events (answer_from);
CREATE INDEX flywheel4j_events_over ON flywheel4j_events (over_id);
CREATE INDEX flywheel4j_events_person ON flywheel4j_events (person);
