package io.github.flywheel4j.feedback;

/**
 * How many interactions there are, and of how many of them something is known: the denominators of every rate. Feedback on
 * an answer from a cache counts for the interaction it was given on.
 *
 * @param interactions all of them, whatever came of them
 * @param rated those with {@link Satisfaction}
 * @param judged those with {@link Correctness}
 * @param corrected those with a {@link Correction}
 * @param signalled those with a {@link Signal}
 * @param withAny those with any feedback
 */
public record Coverage(long interactions, long rated, long judged, long corrected, long signalled, long withAny) {

    /** The share with {@link Satisfaction}; 0 if there are no interactions. */
    public double ratedShare() {
        return share(rated);
    }

    /** The share with {@link Correctness}; 0 if there are no interactions. */
    public double judgedShare() {
        return share(judged);
    }

    /** The share with any feedback; 0 if there are no interactions. */
    public double anyShare() {
        return share(withAny);
    }

    private double share(long part) {
        return interactions == 0 ? 0 : (double) part / interactions;
    }
}
