package io.github.flywheel4j.feedback;

/**
 * Whether a source that the answer names was of use.
 *
 * @param info the event's id, time and source
 * @param document the id of the source, as the answer names it
 * @param relevant whether it was of use
 */
public record SourceRelevance(EventInfo info, String document, boolean relevant) implements FeedbackEvent {

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.SOURCE_RELEVANCE;
    }

    @Override
    public SourceRelevance masked() {
        return new SourceRelevance(info.withoutPerson(), document, relevant);
    }
}
