package io.github.flywheel4j.caching;

import java.util.List;

/**
 * The numbers that the pooled model looks at: how near a candidate is, and what stands around it. Pure.
 *
 * <p>What stands around it matters more than how near it is. A text has one right answer, so entries that are known to be
 * different compete: of five that are equally near at most one is right. And in a dense neighbourhood a cosine of .95 says
 * less than in an empty one.
 */
final class PairContext {

    /** Changes when a number is added or means something else: what was learned under another version is of no use. */
    static final int VERSION = 2;

    static final int SIZE = 13;

    /** Which of the features is the cosine. */
    static final int COSINE = 0;

    /** How much nearer in cosine makes a competitor count e times as much. */
    private static final double COMPETITION = 0.05;

    /** How far in cosine the verdicts on neighbours reach. */
    private static final double REACH = 0.15;

    /**
     * The precision of a normal prior on how far the log odds are off somewhere, the same as of a coefficient: surprise over this
     * and the information of the verdicts is one Newton step to the posterior mode, so one verdict where the model was in
     * doubt says less than twenty where it was nearly sure.
     */
    private static final double UNJUDGED = 1;

    private static final int DENSITY_OF = 5;

    /** From here on features compare the words of the two texts. */
    private static final int FIRST_OF_WORDS = 8;

    private PairContext() {}

    /**
     * The prior precision of a standardised feature's coefficient: mild, but for the features of words, whose meaning depends
     * most on the kind of text and which need more evidence therefore.
     */
    static double precision(int feature) {
        return feature < FIRST_OF_WORDS ? 1 : 10;
    }

    /**
     * A neighbour as the features see it.
     *
     * @param surprise of its own lookup: verdict less probability
     * @param information of the same: the variance that the model gave the verdict; 0 where there is none
     * @param groupSurprise the sum over the lookups whose candidate was of its group
     * @param groupInformation the sum over the same
     */
    record Near(
            double similarity,
            Object group,
            double density,
            TextShape shape,
            double surprise,
            double information,
            double groupSurprise,
            double groupInformation) {}

    /** The mean cosine of the nearest few; what a text's neighbourhood is like. */
    static double density(List<Double> similarities) {
        return similarities.stream()
                .limit(DENSITY_OF)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    /**
     * The features of a candidate.
     *
     * @param candidate which of the neighbours
     * @param neighbours the nearest entries, nearest first
     */
    static double[] features(TextShape text, int candidate, List<Near> neighbours, RareWords words) {
        Near near = neighbours.get(candidate);
        double rival = Double.NEGATIVE_INFINITY;
        double competition = 0;
        double surprise = 0;
        double information = UNJUDGED;
        int kin = 0;
        for (Near other : neighbours) {
            if (other.information > 0) {
                double weight = Math.exp((other.similarity - 1) / REACH);
                surprise += weight * other.surprise;
                information += weight * other.information;
            }
            if (other.group.equals(near.group)) {
                kin++;
            } else {
                rival = Math.max(rival, other.similarity);
                competition += Math.exp((other.similarity - near.similarity) / COMPETITION);
            }
        }
        double farthest = neighbours.get(neighbours.size() - 1).similarity;
        return new double[] {
            near.similarity,
            near.similarity - Math.max(rival, Math.min(farthest, near.similarity - 0.3)),
            Math.log1p(competition),
            density(neighbours.stream().map(Near::similarity).toList()),
            near.density,
            surprise / information,
            near.groupSurprise / (near.groupInformation + UNJUDGED),
            Math.log(kin),
            text.overlap(near.shape, words),
            text.rarestUnshared(near.shape, words),
            text.pairOverlap(near.shape),
            text.lengthGap(near.shape),
            text.asksLike(near.shape) ? 1 : 0
        };
    }
}
