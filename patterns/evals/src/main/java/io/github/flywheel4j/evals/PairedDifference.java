package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.MetricScores.CaseScore;
import io.github.flywheel4j.stats.ConfidenceSequence;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import io.github.flywheel4j.stats.PairedTests;
import io.github.flywheel4j.stats.SampleSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The differences of one metric between two runs, case by case: candidate less baseline, where both have a score. Turned so
 * that more is better. Immutable.
 *
 * <p>The test asks whether the mean difference is another than minus the margin. Its p-value is the larger of two: that of
 * the clustered t test (CR2), whose interval is shown, and that of flipping the signs of whole clusters, which holds exactly
 * for the few cases that differ in most comparisons, where t claims too much. With a margin the second is no help: of 100
 * cases of which none differs nothing varies, and t would claim anything. There the t test must hold, too, with one more
 * cluster that the candidate loses outright.
 */
final class PairedDifference {

    static final double POWER = 0.8;

    private static final int SIGN_PATTERNS = 10_000;

    private final String name;
    private final List<CaseScore> baseline = new ArrayList<>();
    private final List<CaseScore> candidate = new ArrayList<>();
    private final double[] differences;
    private final int[] clusters;
    private final int numberOfClusters;
    private final boolean isBounded;
    private final boolean isKnownBounded;
    private final boolean higherIsBetter;

    /**
     * Pairs the cases.
     *
     * @param fromZeroToOne whether the scorer says that all its values are; where it has a bar they are anyway
     */
    PairedDifference(
            MetricScores baseline,
            MetricScores candidate,
            boolean higherIsBetter,
            boolean fromZeroToOne,
            @Nullable String slice) {
        this.name = candidate.metric() + "\n" + slice;
        this.higherIsBetter = higherIsBetter;
        MetricScores of = candidate.slice(slice);
        of.cases().forEach(each -> {
            CaseScore before = baseline.byCase().get(each.caseId());
            if (before != null) {
                this.baseline.add(before);
                this.candidate.add(each);
            }
        });
        this.isBounded = baseline.isBounded() && candidate.isBounded();
        // Values that happen to be from 0 to 1 so far do not tell what the next one is.
        this.isKnownBounded = isBounded && (fromZeroToOne || (baseline.isRate() && candidate.isRate()));
        this.differences = new double[this.candidate.size()];
        this.clusters = new int[differences.length];
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < differences.length; i++) {
            double difference =
                    this.candidate.get(i).mean() - this.baseline.get(i).mean();
            differences[i] = higherIsBetter ? difference : -difference;
            clusters[i] = numbers.computeIfAbsent(this.candidate.get(i).cluster(), cluster -> numbers.size());
        }
        this.numberOfClusters = numbers.size();
    }

    int cases() {
        return differences.length;
    }

    int numberOfClusters() {
        return numberOfClusters;
    }

    double baselineMean() {
        return baseline.stream().mapToDouble(CaseScore::mean).average().orElse(Double.NaN);
    }

    double candidateMean() {
        return candidate.stream().mapToDouble(CaseScore::mean).average().orElse(Double.NaN);
    }

    /** The mean difference, more being better. */
    double mean() {
        return Arrays.stream(differences).average().orElse(Double.NaN);
    }

    /** The interval of the difference as the metric counts, candidate less baseline; null with less than two clusters. */
    @Nullable
    Interval interval(double level) {
        if (numberOfClusters < 2) {
            return null;
        }
        Interval interval = Intervals.clusteredMean(differences, clusters, level);
        return higherIsBetter ? interval : new Interval(-interval.estimate(), -interval.high(), -interval.low(), level);
    }

    /** Two-sided, of the mean difference being minus the margin; 1 with less than two clusters. */
    double pValue(double margin) {
        if (numberOfClusters < 2) {
            return 1;
        }
        double[] bar = new double[differences.length];
        Arrays.fill(bar, -margin);
        double p = Math.max(
                PairedTests.clusteredT(differences, bar, clusters).pValue(),
                PairedTests.clusteredSignFlip(
                                differences, bar, clusters, SIGN_PATTERNS, new SplittableRandom(name.hashCode()))
                        .pValue());
        return margin > 0 ? Math.max(p, withOneMoreLoss(margin)) : p;
    }

    private double withOneMoreLoss(double margin) {
        double worst = isBounded
                ? -1
                : -Arrays.stream(differences).map(Math::abs).max().orElse(0);
        int size = Math.max(1, Math.round((float) differences.length / numberOfClusters));
        double[] more = Arrays.copyOf(differences, differences.length + size);
        int[] moreClusters = Arrays.copyOf(clusters, more.length);
        double[] bar = new double[more.length];
        Arrays.fill(bar, -margin);
        for (int i = differences.length; i < more.length; i++) {
            more[i] = worst;
            moreClusters[i] = numberOfClusters;
        }
        double mean = Arrays.stream(more).average().orElse(0);
        return mean > -margin || mean() < -margin
                ? PairedTests.clusteredT(more, bar, moreClusters).pValue()
                : 1;
    }

    /**
     * How many cases like these would decide with a power of 80 %, if the difference is what it seems; empty if it seems to
     * be none, or nothing varies.
     */
    OptionalLong casesToDecide(double margin, double alpha) {
        double deviation = deviation();
        double distance = mean() + margin;
        if (!(deviation > 0) || distance == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(new SampleSize(alpha, POWER).casesForPairedMeans(distance, deviation));
    }

    /** The smallest difference that so many cases find with a power of 80 %; 0 if nothing varies. */
    double detectable(double alpha) {
        double deviation = deviation();
        return deviation > 0 ? new SampleSize(alpha, POWER).detectablePairedMeans(differences.length, deviation) : 0;
    }

    /** The standard deviation that as many independent cases would have: it holds what the clusters cost. */
    private double deviation() {
        if (numberOfClusters < 2) {
            return 0;
        }
        // The statistic is mean / error, so that a mean that is surely not 0 gives the error.
        double shift = mean() < 0 ? 1 : -1;
        double[] bar = new double[differences.length];
        Arrays.fill(bar, shift);
        double statistic = PairedTests.clusteredT(differences, bar, clusters).statistic();
        return Math.abs((mean() - shift) / statistic) * Math.sqrt(differences.length);
    }

    /**
     * Whether the clusters so far rule out a mean difference of minus the margin, however often one has looked: each cluster
     * in the order of the run counts as one, by the mean of its cases, up to the first that is missing.
     *
     * @param order all clusters in the order of the run
     * @param isComplete which of them are
     */
    boolean isDecidedAnytime(double margin, double level, List<String> order, Predicate<String> isComplete) {
        double[] means = clusterMeans(order, isComplete);
        return isKnownBounded
                && means.length > 0
                && !ConfidenceSequence.interval(means, -1, 1, level).contains(-margin);
    }

    /** Whether the candidate is ahead of minus the margin by the clusters so far. */
    boolean isAhead(double margin, List<String> order, Predicate<String> isComplete) {
        return Arrays.stream(clusterMeans(order, isComplete)).average().orElse(0) > -margin;
    }

    private double[] clusterMeans(List<String> order, Predicate<String> isComplete) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        for (int i = 0; i < differences.length; i++) {
            double[] sum = sums.computeIfAbsent(candidate.get(i).cluster(), cluster -> new double[2]);
            sum[0] += differences[i];
            sum[1]++;
        }
        List<Double> means = new ArrayList<>();
        for (String cluster : order) {
            if (!isComplete.test(cluster)) {
                break;
            }
            double[] sum = sums.get(cluster);
            if (sum != null) {
                means.add(Math.max(-1, Math.min(1, sum[0] / sum[1])));
            }
        }
        return means.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
