package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.feedback.Coverage;
import io.github.flywheel4j.feedback.ErasureReport;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackStore;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.RetentionReport;
import io.github.flywheel4j.feedback.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A store that only streams, from lists: what estimates ask of one. */
record EventsInMemory(List<InteractionEvent> all, List<FeedbackEvent> feedback) implements FeedbackStore {

    @Override
    public Stream<InteractionEvent> interactions(InteractionQuery query) {
        return all.stream().filter(query::matches);
    }

    @Override
    public Stream<FeedbackEvent> events() {
        return Stream.concat(all.stream(), feedback.stream());
    }

    @Override
    public Timeline timeline(UUID interactionId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Coverage coverage(InteractionQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RetentionReport deleteBefore(Instant time) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ErasureReport eraseStored(String user) {
        throw new UnsupportedOperationException();
    }
}
