package io.github.flywheel4j.feedback;

import io.github.flywheel4j.Outcome;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which interactions to read: all that meet every condition that is set. Begin with {@link #all()}.
 *
 * <p>There are two kinds of labels, and they are not mixed: what somebody who can tell said of the answer
 * ({@link #verdict}), and what signals say together ({@link #signalled(boolean)}). Both look at the feedback that was given
 * on the interaction itself, as {@link Coverage} does, and not at what was given on later answers that a cache filled from
 * it. Satisfaction is no label.
 *
 * @param from the earliest begin of a call; null for no limit
 * @param until the begin of a call must be before it; null for no limit
 * @param workload the task; null for any
 * @param tenant the customer; null for any
 * @param outcome what came of it; null for any
 * @param fingerprint which configuration produced it; null for any
 * @param verdict what the latest {@link Correctness} event on it says; null for any, and for none
 * @param signals what a {@link Labeler} must say of its signals; null for anything
 */
public record InteractionQuery(
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable String workload,
        @Nullable String tenant,
        @Nullable Outcome outcome,
        @Nullable String fingerprint,
        Correctness.@Nullable Verdict verdict,
        @Nullable Signalled signals) {

    private static final InteractionQuery ALL = new InteractionQuery(null, null, null, null, null, null, null, null);

    /**
     * A condition on what signals say together.
     *
     * @param good the label must be {@link SignalLabel#good()}, or else must not be; an unlabelled answer meets neither
     * @param labeler who turns signals into a label
     */
    public record Signalled(boolean good, Labeler labeler) {

        /** Checks that there is a labeler. */
        public Signalled {
            Objects.requireNonNull(labeler, "labeler");
        }

        /** Whether the signals among these events give the label. */
        public boolean matches(Collection<? extends FeedbackEvent> feedback) {
            return labeler.label(feedback).filter(label -> label.good() == good).isPresent();
        }

        /** As {@link #matches(Collection)}, from the votes of the signals. */
        boolean matches(int votes) {
            return Labeler.good(votes).filter(label -> label == good).isPresent();
        }
    }

    /** All interactions. */
    public static InteractionQuery all() {
        return ALL;
    }

    /** Those whose call began then or later, and before the end. */
    public InteractionQuery between(Instant from, Instant until) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint, verdict, signals);
    }

    /** Those of a task. */
    public InteractionQuery workload(String workload) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint, verdict, signals);
    }

    /** Those of a customer. */
    public InteractionQuery tenant(String tenant) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint, verdict, signals);
    }

    /** Those of which this came. */
    public InteractionQuery outcome(Outcome outcome) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint, verdict, signals);
    }

    /** Those of a configuration. */
    public InteractionQuery fingerprint(String fingerprint) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint, verdict, signals);
    }

    /**
     * Those that were judged so. Where there are several verdicts the latest counts, whoever gave it; of the same time the
     * one that was written later.
     */
    public InteractionQuery verdict(Correctness.Verdict verdict) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint, verdict, signals);
    }

    /** Those whose signals speak for the answer, or against it, by {@link Labeler#standard()}. */
    public InteractionQuery signalled(boolean good) {
        return signalled(good, Labeler.standard());
    }

    /** Those whose signals speak for the answer, or against it, by the strengths of a workload. */
    public InteractionQuery signalled(boolean good, Labeler labeler) {
        return new InteractionQuery(
                from, until, workload, tenant, outcome, fingerprint, verdict, new Signalled(good, labeler));
    }

    /** Whether there is a condition on labels, which an interaction cannot answer by itself. */
    public boolean asksForLabels() {
        return verdict != null || signals != null;
    }

    /** Whether an interaction meets all conditions but those on labels. */
    public boolean matches(InteractionEvent event) {
        return (from == null || !event.time().isBefore(from))
                && (until == null || event.time().isBefore(until))
                && (workload == null || workload.equals(event.context().workload()))
                && (tenant == null || tenant.equals(event.context().tenant()))
                && (outcome == null || outcome == event.outcome())
                && (fingerprint == null || fingerprint.equals(event.fingerprint()));
    }

    /** Whether the feedback on an interaction, in the order of writing, meets the conditions on labels. */
    public boolean matches(List<? extends FeedbackEvent> feedback) {
        return (verdict == null || verdict == latestVerdict(feedback))
                && (signals == null || signals.matches(feedback));
    }

    private static Correctness.@Nullable Verdict latestVerdict(List<? extends FeedbackEvent> feedback) {
        Correctness latest = null;
        for (FeedbackEvent event : feedback) {
            if (event instanceof Correctness verdict
                    && (latest == null || !verdict.time().isBefore(latest.time()))) {
                latest = verdict;
            }
        }
        return latest == null ? null : latest.verdict();
    }
}
