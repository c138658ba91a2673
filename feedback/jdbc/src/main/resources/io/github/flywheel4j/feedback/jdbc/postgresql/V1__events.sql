CREATE TABLE flywheel4j_events (
    seq            BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id       UUID         NOT NULL PRIMARY KEY,
    kind           VARCHAR(32)  NOT NULL,
    -- Nanoseconds since 1970: a timestamp of this database has microseconds, an event more.
    time_nanos     BIGINT       NOT NULL,
    interaction_id UUID         NOT NULL,
    answer_from    UUID,
    over_id        UUID,
    person         VARCHAR(512),
    workload       VARCHAR(512),
    tenant         VARCHAR(512),
    outcome        VARCHAR(32),
    fingerprint    VARCHAR(512),
    -- Text, not JSONB: that would refuse texts with a zero character and lose the order of the fields.
    body           TEXT         NOT NULL
);

CREATE UNIQUE INDEX flywheel4j_events_seq ON flywheel4j_events (seq);
CREATE INDEX flywheel4j_events_interaction ON flywheel4j_events (interaction_id);
CREATE INDEX flywheel4j_events_time ON flywheel4j_events (time_nanos);
CREATE INDEX flywheel4j_events_answer_from ON flywheel4j_events (answer_from) WHERE answer_from IS NOT NULL;
CREATE INDEX flywheel4j_events_over ON flywheel4j_events (over_id) WHERE over_id IS NOT NULL;
CREATE INDEX flywheel4j_events_person ON flywheel4j_events (person) WHERE person IS NOT NULL;
