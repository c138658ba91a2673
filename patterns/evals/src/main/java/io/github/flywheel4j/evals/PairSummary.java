package io.github.flywheel4j.evals;

import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a pairwise judge said of all pairs. Immutable.
 *
 * @param pairs all of them
 * @param winsA pairs in which A is better in both orders
 * @param winsB pairs in which B is
 * @param ties pairs in which neither is, or in which the orders disagree
 * @param unreadable pairs without a verdict, which are in no other figure
 * @param flips ties that come from a disagreement of the orders
 * @param bothOrders readable pairs that were asked in both orders
 * @param winRate the share of the readable pairs that A wins, ties counted as half, with a 95 % interval
 * @param lengthMatched the mean of A's win rate where it is the longer answer and where it is the shorter one, so that length
 *     alone wins nothing; empty if one of the two never happens
 */
public record PairSummary(
        int pairs,
        int winsA,
        int winsB,
        int ties,
        int unreadable,
        int flips,
        int bothOrders,
        Interval winRate,
        OptionalDouble lengthMatched) {

    private static final double LEVEL = 0.95;

    /**
     * Counts verdicts.
     *
     * @param clusters what each pair shares with others that makes them depend on each other; one number for each pair
     * @throws IllegalArgumentException if less than two clusters have a readable pair
     */
    public static PairSummary of(List<PairVerdict> verdicts, int[] clusters) {
        if (clusters.length != verdicts.size()) {
            throw new IllegalArgumentException(
                    "clusters: " + clusters.length + " (expected: one for each of " + verdicts.size() + " pairs)");
        }
        int winsA = 0;
        int winsB = 0;
        int ties = 0;
        int flips = 0;
        int both = 0;
        int unreadable = 0;
        double[] values = new double[verdicts.size()];
        int[] ofValues = new int[verdicts.size()];
        int readable = 0;
        Stratum longer = new Stratum();
        Stratum shorter = new Stratum();
        for (int i = 0; i < verdicts.size(); i++) {
            PairVerdict verdict = verdicts.get(i);
            Preference outcome = verdict.outcome();
            if (outcome == null) {
                unreadable++;
                continue;
            }
            both += verdict.asked() > 1 ? 1 : 0;
            flips += verdict.isFlip() ? 1 : 0;
            winsA += outcome == Preference.A ? 1 : 0;
            winsB += outcome == Preference.B ? 1 : 0;
            ties += outcome == Preference.TIE ? 1 : 0;
            double value = outcome == Preference.A ? 1 : outcome == Preference.B ? 0 : 0.5;
            values[readable] = value;
            ofValues[readable] = clusters[i];
            readable++;
            if (verdict.lengthA() >= verdict.lengthB()) {
                longer.add(value, verdict.lengthA() == verdict.lengthB() ? 0.5 : 1);
            }
            if (verdict.lengthA() <= verdict.lengthB()) {
                shorter.add(value, verdict.lengthA() == verdict.lengthB() ? 0.5 : 1);
            }
        }
        Interval rate =
                Intervals.clusteredMean(Arrays.copyOf(values, readable), Arrays.copyOf(ofValues, readable), LEVEL);
        OptionalDouble matched = longer.weight == 0 || shorter.weight == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((longer.mean() + shorter.mean()) / 2);
        return new PairSummary(verdicts.size(), winsA, winsB, ties, unreadable, flips, both, rate, matched);
    }

    /** Equal to {@link #of(List, int[])}, each pair a cluster of its own. */
    public static PairSummary of(List<PairVerdict> verdicts) {
        return of(verdicts, IntStream.range(0, verdicts.size()).toArray());
    }

    /** The share of the pairs asked in both orders whose verdict changed with the order; 0 if there is none. */
    public double flipRate() {
        return bothOrders == 0 ? 0 : (double) flips / bothOrders;
    }

    private static final class Stratum {
        private double sum;
        private double weight;

        void add(double value, double share) {
            sum += value * share;
            weight += share;
        }

        double mean() {
            return sum / weight;
        }
    }
}
