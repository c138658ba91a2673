package io.github.flywheel4j.feedback;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of each interaction, from one pass over the feedback of a store. Not thread-safe. */
final class KnownFeedback {

    private final Map<UUID, Known> byInteraction = new HashMap<>();
    private final Consensus consensus;
    private final double likedFrom;
    private final SignalStrengths strengths;
    private final Predicate<FeedbackEvent> used;

    private KnownFeedback(
            Consensus consensus, double likedFrom, SignalStrengths strengths, Predicate<FeedbackEvent> used) {
        this.consensus = consensus;
        this.likedFrom = likedFrom;
        this.strengths = strengths;
        this.used = used;
    }

    static KnownFeedback in(
            FeedbackStore store,
            Consensus consensus,
            double likedFrom,
            SignalStrengths strengths,
            Predicate<FeedbackEvent> used) {
        KnownFeedback known = new KnownFeedback(consensus, likedFrom, strengths, used);
        try (Stream<FeedbackEvent> events = store.events()) {
            events.filter(event -> !(event instanceof InteractionEvent) && !(event instanceof Erasure))
                    .forEach(known::add);
        }
        return known;
    }

    /** What is known of an interaction. */
    Known of(UUID interaction) {
        return byInteraction.getOrDefault(interaction, Known.NOTHING);
    }

    private void add(FeedbackEvent event) {
        Known known = byInteraction.computeIfAbsent(event.interactionId(), id -> new Known());
        if (event instanceof Signal signal) {
            double strength = strengths.of(signal);
            known.good |= strength > 0;
            known.bad |= strength < 0;
            return;
        }
        if (!used.test(event)) {
            known.unused.add(event.time());
        }
        if (event instanceof Satisfaction rating) {
            known.rate(rating, likedFrom);
        } else if (event instanceof Correctness voice) {
            known.voices.add(voice);
            known.verdict = consensus.verdict(known.voices);
        }
    }

    /** What is known of one interaction. */
    static final class Known {

        private static final Known NOTHING = new Known();

        private @Nullable Instant ratedAt;
        private boolean liked;
        private boolean good;
        private boolean bad;
        private Optional<Correctness.Verdict> verdict = Optional.empty();
        private final List<Correctness> voices = new ArrayList<>(0);
        private final List<Instant> unused = new ArrayList<>(0);

        /** Who changes their mind has said the last thing last. */
        private void rate(Satisfaction rating, double likedFrom) {
            if (ratedAt == null || !rating.time().isBefore(ratedAt)) {
                ratedAt = rating.time();
                liked = rating.share() >= likedFrom;
            }
        }

        /** 1 if it was liked, 0 if not, NaN if nobody said. */
        double liked() {
            return ratedAt == null ? Double.NaN : liked ? 1 : 0;
        }

        /** 1 if it was right, 0 if it was not or only partly, NaN if nobody said or they do not agree. */
        double right() {
            return verdict.map(each -> each == Correctness.Verdict.CORRECT ? 1.0 : 0.0)
                    .orElse(Double.NaN);
        }

        boolean undecided() {
            return !voices.isEmpty() && verdict.isEmpty();
        }

        boolean signalledGood() {
            return good;
        }

        boolean signalledBad() {
            return bad;
        }

        List<Instant> unused() {
            return unused;
        }

        /** What experts said, as places on the scale incorrect, partly, correct. */
        List<RaterAgreement.Grade> grades() {
            List<RaterAgreement.Grade> grades = new ArrayList<>(0);
            Consensus.voices(voices).forEach((rater, voice) -> {
                if (voice.by() == Correctness.Judge.EXPERT) {
                    grades.add(new RaterAgreement.Grade(rater, grade(voice.verdict())));
                }
            });
            return grades;
        }

        private static int grade(Correctness.Verdict verdict) {
            return switch (verdict) {
                case INCORRECT -> 0;
                case PARTLY -> 1;
                case CORRECT -> 2;
            };
        }
    }
}
