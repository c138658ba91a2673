package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * One erasure: finds the person's interactions, then masks all that belongs to them.
 *
 * <p>A process may die at any point of it, and what it left must be found by the next erasure. An interaction leads to the
 * feedback on it, so feedback is masked in all files before any interaction is; and the notes are written before both. So
 * are the {@link #ids()} of what is masked, for what comes again.
 */
final class FileErasure {

    private final FileRewriter rewriter;
    private final Set<String> forms;
    private final Set<UUID> interactions = new HashSet<>();
    private final Set<UUID> byThem = new HashSet<>();
    private final Set<UUID> noted = new HashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private long masked;
    private long maskedFeedback;
    private long corruptLines;

    FileErasure(FileRewriter rewriter, List<String> forms) {
        this.rewriter = rewriter;
        this.forms = Set.copyOf(forms);
    }

    void find(List<EventFile> files) throws IOException {
        for (EventFile file : files) {
            try (Lines lines = file.open(rewriter.corrupt().longestLine())) {
                while (lines.next()) {
                    FeedbackEvent event = lines.eventOrNull();
                    if (event == null) {
                        continue;
                    }
                    if (isTheirs(event)) {
                        byThem.add(event.eventId());
                        if (event instanceof InteractionEvent) {
                            interactions.add(event.interactionId());
                        }
                    } else if (event instanceof Erasure) {
                        noted.add(event.interactionId());
                    }
                }
            }
        }
    }

    /** The notes that are not written yet. */
    List<FeedbackEvent> notes() {
        List<FeedbackEvent> notes = new ArrayList<>();
        for (UUID id : interactions) {
            if (noted.add(id)) {
                notes.add(new Erasure(EventInfo.now(Clock.systemUTC(), "erasure", id)));
            }
        }
        return notes;
    }

    /** What belongs to the person: an interaction, with all that is said of it, or an event. */
    Set<UUID> ids() {
        Set<UUID> ids = new HashSet<>(interactions);
        ids.addAll(byThem);
        return ids;
    }

    /** Masks what was found; what the person did since is not theirs to be forgotten yet. */
    void mask(List<EventFile> files) throws IOException {
        for (EventFile file : files) {
            mask(file, this::isTheirFeedback);
        }
        for (EventFile file : files) {
            mask(file, this::isTheirInteraction);
        }
        // Of a file that was deleted, or in a process that died before it could delete them.
        corruptLines += rewriter.corrupt().forgetAll();
    }

    private void mask(EventFile file, Predicate<FeedbackEvent> concerned) throws IOException {
        boolean isConcerned = false;
        long corruptHere = 0;
        try (Lines lines = file.open(rewriter.corrupt().longestLine())) {
            while (lines.next()) {
                FeedbackEvent event = lines.eventOrNull();
                if (event == null) {
                    corruptHere++;
                } else {
                    isConcerned |= concerned.test(event);
                }
            }
            corruptHere += lines.cutOff() ? 1 : 0;
        }
        // A torn line that was cut off is in the side file only.
        corruptLines += Math.max(corruptHere, rewriter.corrupt().forget(file.number()));
        if (isConcerned || corruptHere > 0) {
            rewriter.rewrite(file, event -> concerned.test(event) ? masked(event) : event);
            touched.add(file.path().toString());
        }
    }

    private FeedbackEvent masked(FeedbackEvent event) {
        if (event instanceof InteractionEvent) {
            masked++;
        } else {
            maskedFeedback++;
        }
        return event.masked();
    }

    private boolean isTheirs(FeedbackEvent event) {
        String user = event.info().user();
        return user != null && forms.contains(user);
    }

    private boolean isTheirInteraction(FeedbackEvent event) {
        return event instanceof InteractionEvent && wasFound(event);
    }

    private boolean isTheirFeedback(FeedbackEvent event) {
        return !(event instanceof InteractionEvent) && !(event instanceof Erasure) && wasFound(event);
    }

    private boolean wasFound(FeedbackEvent event) {
        return interactions.contains(event.interactionId()) || byThem.contains(event.eventId());
    }

    ErasureReport report() {
        return new ErasureReport(masked, maskedFeedback, corruptLines, List.copyOf(touched));
    }
}
