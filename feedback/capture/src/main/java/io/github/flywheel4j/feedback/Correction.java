package io.github.flywheel4j.feedback;

/**
 * What the answer should have been: the final text of somebody who rewrote it.
 *
 * @param info the event's id, time and source
 * @param text the whole final text, not a difference
 * @param by who wrote it
 */
public record Correction(EventInfo info, String text, Author by) implements FeedbackEvent {

    /** Who wrote a correction. */
    public enum Author {
        /** The person who asked. */
        USER,
        /** Somebody whose task it is. */
        EDITOR
    }

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.CORRECTION;
    }

    @Override
    public Correction masked() {
        return new Correction(info.withoutPerson(), "", by);
    }

    /** Leaves out the text. */
    @Override
    public String toString() {
        return "Correction(" + info + ", by " + by + ")";
    }
}
