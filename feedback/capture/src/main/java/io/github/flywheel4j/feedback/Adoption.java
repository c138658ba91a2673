package io.github.flywheel4j.feedback;

import org.jspecify.annotations.Nullable;

/**
 * Whether somebody acted upon an answer, and why or why not.
 *
 * @param info the event's id, time and source
 * @param adopted whether it was acted upon
 * @param rationale why, in their own words; null if they did not say
 */
public record Adoption(
        EventInfo info, boolean adopted, @Nullable String rationale) implements FeedbackEvent {

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.ADOPTION;
    }

    @Override
    public Adoption masked() {
        return new Adoption(info.withoutPerson(), adopted, null);
    }

    /** Leaves out the rationale. */
    @Override
    public String toString() {
        return "Adoption(" + info + ", " + adopted + ")";
    }
}
