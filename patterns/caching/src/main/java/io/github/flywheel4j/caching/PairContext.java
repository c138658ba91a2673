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
    static final int VERSION = 1;

    static final int SIZE = 13;

    /** Which of the features is the cosine. */
    static final int COSINE = 0;

    /** How much nearer in cosine makes a competitor count e times as much. */
    private static final double COMPETITION = 0.05;

    /** How far in cosine the verdicts on neighbours reach. */
    private static final double REACH = 0.15;

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

    /** A neighbour as the features see it. */
    record Near(
            double similarity,
            Object group,
            double density,
            TextShape shape,
            double surprise,
            int judged,
            double groupSurprise,
            int groupJudged) {}

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
        double reach = 0.5;
        int kin = 0;
        for (Near other : neighbours) {
            if (other.judged > 0) {
                double weight = Math.exp((other.similarity - 1) / REACH);
                surprise += weight * other.surprise;
                reach += weight * other.judged;
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
            surprise / reach,
            near.groupSurprise / (near.groupJudged + 2.0),
            Math.log(kin),
            text.overlap(near.shape, words),
            text.rarestUnshared(near.shape, words),
            text.pairOverlap(near.shape),
            text.lengthGap(near.shape),
            text.asksLike(near.shape) ? 1 : 0
        };
    }
}
