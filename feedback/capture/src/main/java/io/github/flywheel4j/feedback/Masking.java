package io.github.flywheel4j.feedback;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import java.util.List;
import java.util.Map;

/** Takes people and texts out of events; what remains are counts. */
final class Masking {

    private Masking() {}

    static FeedbackEvent mask(FeedbackEvent event) {
        EventInfo info = event.info().withoutPerson();
        if (event instanceof InteractionEvent interaction) {
            return mask(interaction, info);
        }
        if (event instanceof Satisfaction each) {
            return new Satisfaction(info, each.value(), each.lowest(), each.highest());
        }
        if (event instanceof Correctness each) {
            return new Correctness(info, each.verdict(), each.by(), each.reason(), null);
        }
        if (event instanceof Correction each) {
            return new Correction(info, "", each.by());
        }
        if (event instanceof Preference each) {
            return new Preference(info, each.over(), each.shown());
        }
        if (event instanceof Adoption each) {
            return new Adoption(info, each.adopted(), null);
        }
        if (event instanceof SourceRelevance each) {
            return new SourceRelevance(info, each.document(), each.relevant());
        }
        if (event instanceof MissingKnowledge) {
            return new MissingKnowledge(info, "");
        }
        if (event instanceof Comment) {
            return new Comment(info, "");
        }
        if (event instanceof Signal each) {
            return new Signal(info, each.type(), each.measure(), each.followedBy());
        }
        if (event instanceof Erasure) {
            return new Erasure(info);
        }
        throw new IllegalStateException("no mask for " + event.getClass().getName() + " (expected: one for each kind)");
    }

    private static InteractionEvent mask(InteractionEvent event, EventInfo info) {
        CallContext context = CallContext.builder()
                .workload(event.context().workload())
                .tenant(event.context().tenant())
                .knowledgeVersion(event.context().knowledgeVersion())
                .build();
        List<Decision> decisions = event.decisions().stream()
                .map(each -> new Decision(each.layer(), each.outcome(), Map.of(), each.took(), each.branch()))
                .toList();
        Interaction.Failure error = event.error();
        return new InteractionEvent(
                info,
                context,
                event.consent(),
                event.outcome(),
                event.streaming(),
                event.servedBy(),
                event.fingerprint(),
                event.latency(),
                event.timeToFirstToken(),
                event.usage(),
                event.cost(),
                error == null ? null : new Interaction.Failure(error.type(), null),
                decisions,
                InteractionEvent.Texts.ERASED,
                event.request().stream()
                        .map(InteractionEvent.Message::withoutTexts)
                        .toList(),
                event.answer() == null ? null : event.answer().withoutTexts(),
                event.released() == null ? null : event.released().withoutTexts());
    }
}
