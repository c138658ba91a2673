package io.github.flywheel4j.feedback;

/**
 * A note that the person behind an interaction was forgotten: their id and all texts of the interaction are gone, the
 * counts remain. It names the interaction and never the person, so that copies further on can be erased by it too.
 *
 * @param info the event's id, time and source
 */
public record Erasure(EventInfo info) implements FeedbackEvent {

    /** Checks that nobody is named. */
    public Erasure {
        if (info.user() != null) {
            throw new IllegalArgumentException("user: given (expected: none, an erasure names nobody)");
        }
    }

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.ERASURE;
    }

    @Override
    public Erasure masked() {
        return new Erasure(info.withoutPerson());
    }
}
