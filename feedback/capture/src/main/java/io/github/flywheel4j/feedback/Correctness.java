package io.github.flywheel4j.feedback;

import org.jspecify.annotations.Nullable;

/**
 * A verdict: whether an answer was right, and who says so. It says nothing about whether anybody liked it; that is
 * {@link Satisfaction}.
 *
 * @param info the event's id, time and source
 * @param verdict whether it was right
 * @param by who says so
 * @param reason what was wrong; null if that was not said
 * @param note the judge's own words; null if there are none
 */
public record Correctness(
        EventInfo info,
        Verdict verdict,
        Judge by,
        @Nullable Reason reason,
        @Nullable String note) implements FeedbackEvent {

    /** Whether an answer was right. */
    public enum Verdict {
        /** Nothing is wrong with it. */
        CORRECT,
        /** Some of it is right. */
        PARTLY,
        /** It is wrong. */
        INCORRECT
    }

    /** On whose word a verdict rests. */
    public enum Judge {
        /** Somebody who knows the matter read the answer. */
        EXPERT,
        /** What happened later: the ticket stayed closed, the refund was right. */
        OUTCOME,
        /** A program that can check it: a test, a calculation, a lookup. */
        VERIFIER
    }

    /** What is wrong with an answer: few and distinct, so that people choose alike. */
    public enum Reason {
        /** It says what is not so. */
        WRONG,
        /** It could do harm. */
        UNSAFE,
        /** It answers another question. */
        OFF_TOPIC,
        /** It says it badly. */
        STYLE,
        /** It leaves out what matters. */
        INCOMPLETE
    }

    /** Checks that a correct answer has no reason to be wrong. */
    public Correctness {
        if (verdict == Verdict.CORRECT && reason != null) {
            throw new IllegalArgumentException("reason: " + reason + " for a correct answer (expected: none)");
        }
    }

    @Override
    public FeedbackKind kind() {
        return FeedbackKind.CORRECTNESS;
    }

    @Override
    public Correctness masked() {
        return new Correctness(info.withoutPerson(), verdict, by, reason, null);
    }

    /** Leaves out the note. */
    @Override
    public String toString() {
        return "Correctness(" + info + ", " + verdict + ", by " + by + ")";
    }
}
