package io.github.flywheel4j.feedback;

/** Counts interactions by what is known of them. Not thread-safe. */
final class Kinds {

    private static final int RATED = 1;
    private static final int JUDGED = 2;
    private static final int CORRECTED = 4;
    private static final int SIGNALLED = 8;
    private static final int OTHER = 16;

    private long interactions;
    private long rated;
    private long judged;
    private long corrected;
    private long signalled;
    private long withAny;

    static int bit(FeedbackEvent event) {
        return switch (event.kind()) {
            case SATISFACTION -> RATED;
            case CORRECTNESS -> JUDGED;
            case CORRECTION -> CORRECTED;
            case SIGNAL -> SIGNALLED;
            case INTERACTION, ERASURE -> 0;
            case PREFERENCE, ADOPTION, SOURCE_RELEVANCE, MISSING_KNOWLEDGE, COMMENT -> OTHER;
        };
    }

    void add(int bits) {
        interactions++;
        rated += bits & RATED;
        judged += (bits & JUDGED) / JUDGED;
        corrected += (bits & CORRECTED) / CORRECTED;
        signalled += (bits & SIGNALLED) / SIGNALLED;
        withAny += bits == 0 ? 0 : 1;
    }

    Coverage coverage() {
        return new Coverage(interactions, rated, judged, corrected, signalled, withAny);
    }
}
