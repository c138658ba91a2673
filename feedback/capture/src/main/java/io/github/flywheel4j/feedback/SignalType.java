package io.github.flywheel4j.feedback;

/** What somebody did with an answer. */
public enum SignalType {
    /** Copied it, or a part of it. The application says so. */
    COPIED(SignalFamily.USE),
    /** Used it as it was, without an edit. The application says so. */
    ACCEPTED(SignalFamily.USE),
    /** Used it after an edit. Measure: the normalised edit distance, 0 (unchanged) to 1. The application says so. */
    EDITED(SignalFamily.USE),
    /** Asked the same once more. A detector finds it. */
    REGENERATED(SignalFamily.NEXT_MESSAGE),
    /** Asked the same in other words. Measure: the share of words in common, 0 to 1. A detector finds it. */
    REPHRASED(SignalFamily.NEXT_MESSAGE),
    /** Said that it was wrong: "no, I meant". A detector finds it. */
    CORRECTED(SignalFamily.NEXT_MESSAGE),
    /** Said thanks. A detector finds it. */
    THANKED(SignalFamily.NEXT_MESSAGE),
    /** Stopped the answer before its end. Measure: characters already shown. A detector finds it. */
    ABANDONED(SignalFamily.ATTENTION),
    /**
     * Read it for long. Measure: seconds. Ambiguous: both a good answer and a confusing one are read for long, so its
     * strength is 0 unless a workload says otherwise. The application says so.
     */
    READ_LONG(SignalFamily.ATTENTION);

    private final SignalFamily family;

    SignalType(SignalFamily family) {
        this.family = family;
    }

    /** The family it belongs to. */
    public SignalFamily family() {
        return family;
    }

    /** Whether it says neither good nor bad by itself. */
    public boolean isAmbiguous() {
        return this == READ_LONG;
    }
}
