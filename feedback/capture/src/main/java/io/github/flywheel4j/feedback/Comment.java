package io.github.flywheel4j.feedback;

/**
 * Words about an answer that fit no other kind.
 *
 * @param info the event's id, time and source
 * @param text the words
 */
public record Comment(EventInfo info, String text) implements FeedbackEvent {

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.COMMENT;
    }

    @Override
    public Comment masked() {
        return new Comment(info.withoutPerson(), "");
    }

    /** Leaves out the words. */
    @Override
    public String toString() {
        return "Comment(" + info + ")";
    }
}
