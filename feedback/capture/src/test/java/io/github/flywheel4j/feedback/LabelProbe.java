package io.github.flywheel4j.feedback;

import java.nio.file.Path;
import java.util.stream.Stream;

/** A process of its own with little memory that asks a folder for labels: ends with the number of answers. */
final class LabelProbe {

    private LabelProbe() {}

    public static void main(String[] args) {
        FeedbackStore store = JsonLinesStore.in(Path.of(args[0]), UserIds.none());
        InteractionQuery wrong = InteractionQuery.all().verdict(Correctness.Verdict.INCORRECT);
        int found = (int) store.coverage(wrong.signalled(false)).interactions();
        try (Stream<InteractionEvent> interactions = store.interactions(wrong)) {
            System.exit(found + (int) interactions.count());
        }
    }
}
