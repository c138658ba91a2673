package io.github.flywheel4j.feedback;

/**
 * What the documents do not say and should.
 *
 * @param info the event's id, time and source
 * @param what what is missing, in the person's own words
 */
public record MissingKnowledge(EventInfo info, String what) implements FeedbackEvent {

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.MISSING_KNOWLEDGE;
    }

    @Override
    public MissingKnowledge masked() {
        return new MissingKnowledge(info.withoutPerson(), "");
    }

    /** Leaves out the words. */
    @Override
    public String toString() {
        return "MissingKnowledge(" + info + ")";
    }
}
