package io.github.flywheel4j.feedback;

import io.github.flywheel4j.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which interactions to read: all that meet every condition that is set. Begin with {@link #all()}.
 *
 * @param from the earliest begin of a call; null for no limit
 * @param until the begin of a call must be before it; null for no limit
 * @param workload the task; null for any
 * @param tenant the customer; null for any
 * @param outcome what came of it; null for any
 * @param fingerprint which configuration produced it; null for any
 */
public record InteractionQuery(
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable String workload,
        @Nullable String tenant,
        @Nullable Outcome outcome,
        @Nullable String fingerprint) {

    private static final InteractionQuery ALL = new InteractionQuery(null, null, null, null, null, null);

    /** All interactions. */
    public static InteractionQuery all() {
        return ALL;
    }

    /** Those whose call began then or later, and before the end. */
    public InteractionQuery between(Instant from, Instant until) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint);
    }

    /** Those of a task. */
    public InteractionQuery workload(String workload) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint);
    }

    /** Those of a customer. */
    public InteractionQuery tenant(String tenant) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint);
    }

    /** Those of which this came. */
    public InteractionQuery outcome(Outcome outcome) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint);
    }

    /** Those of a configuration. */
    public InteractionQuery fingerprint(String fingerprint) {
        return new InteractionQuery(from, until, workload, tenant, outcome, fingerprint);
    }

    /** Whether an interaction meets all conditions. */
    public boolean matches(InteractionEvent event) {
        return (from == null || !event.time().isBefore(from))
                && (until == null || event.time().isBefore(until))
                && (workload == null || workload.equals(event.context().workload()))
                && (tenant == null || tenant.equals(event.context().tenant()))
                && (outcome == null || outcome == event.outcome())
                && (fingerprint == null || fingerprint.equals(event.fingerprint()));
    }
}
