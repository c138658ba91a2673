package io.github.flywheel4j.feedback;

import java.time.Instant;
import java.util.UUID;

/**
 * What a query asks of labels, of each interaction that has any, from one pass over the feedback: 64 to 128 bytes each,
 * however much was said of it. Not thread-safe.
 */
final class KnownLabels {

    private static final int TIME = 0;
    private static final int LABEL = 1;

    /** The verdict is in the low bits, counted from 1; above it are the votes of signals. */
    private static final int VERDICT_BITS = 8;

    private final InteractionQuery query;
    private final IdTable labels = new IdTable(2);

    KnownLabels(InteractionQuery query) {
        this.query = query;
    }

    /** Adds an event, in the order of writing. */
    void add(FeedbackEvent event) {
        InteractionQuery.Signalled signals = query.signals();
        if (event instanceof Correctness verdict && query.verdict() != null) {
            add(verdict);
        } else if (event instanceof Signal signal && signals != null) {
            int row = labels.add(event.interactionId());
            long votes = (long) signals.labeler().vote(signal) << VERDICT_BITS;
            labels.set(row, LABEL, labels.get(row, LABEL) | votes);
        }
    }

    private void add(Correctness verdict) {
        int row = labels.add(verdict.interactionId());
        long label = labels.get(row, LABEL);
        long time = nanos(verdict.time());
        if (verdict(label) == 0 || time >= labels.get(row, TIME)) {
            labels.set(row, TIME, time);
            labels.set(row, LABEL, (label >>> VERDICT_BITS << VERDICT_BITS) | number(verdict.verdict()));
        }
    }

    /** Whether what is known of an interaction is what the query asks for. */
    boolean match(UUID interaction) {
        int row = labels.find(interaction);
        if (row < 0) {
            return false;
        }
        long label = labels.get(row, LABEL);
        Correctness.Verdict verdict = query.verdict();
        InteractionQuery.Signalled signals = query.signals();
        return (verdict == null || verdict(label) == number(verdict))
                && (signals == null || signals.matches((int) (label >>> VERDICT_BITS)));
    }

    private static int number(Correctness.Verdict verdict) {
        return switch (verdict) {
            case CORRECT -> 1;
            case PARTLY -> 2;
            case INCORRECT -> 3;
        };
    }

    private static int verdict(long label) {
        return (int) (label & ((1 << VERDICT_BITS) - 1));
    }

    /** Nanoseconds since 1970; what lies beyond the years 1677 to 2262 counts as their end. */
    private static long nanos(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException e) {
            return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
