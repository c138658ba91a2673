package io.github.flywheel4j.stats;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How far raters agree beyond chance: 1 is perfect, 0 is what chance gives, below 0 is worse than chance. Pure functions,
 * safe from any thread; inputs are never changed. Empty where everybody always gave one and the same rating: then chance
 * would agree as well, and the figure is undefined, not perfect.
 */
public final class Agreement {

    private Agreement() {}

    /** What a disagreement between two categories weighs in {@link #cohenKappa}. */
    public enum Weights {
        /** Each alike: for categories without an order. */
        UNWEIGHTED,
        /** By the distance between the categories' numbers. */
        LINEAR,
        /** By the square of that distance. */
        QUADRATIC;

        private double disagreement(double distance) {
            return switch (this) {
                case UNWEIGHTED -> distance == 0 ? 0 : 1;
                case LINEAR -> Math.abs(distance);
                case QUADRATIC -> distance * distance;
            };
        }
    }

    /** How ratings are compared in {@link #krippendorffAlpha}. */
    public enum Scale {
        /** Equal or not. */
        NOMINAL,
        /** By rank: only the order of the numbers counts. */
        ORDINAL,
        /** By the square of their difference. */
        INTERVAL
    }

    /**
     * Cohen's kappa of two raters who both rated each case, with a large-sample interval (50 cases and more).
     *
     * <p>Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20
     * (1960), and "Weighted kappa", Psychological Bulletin 70 (1968); standard error by J. L. Fleiss, J. Cohen and B. S.
     * Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969), formula 13.
     *
     * @param a the categories that the first rater gave; for weighted kappa the numbers are places on a scale, so that an
     *     unused place still counts as a step
     * @param b the categories that the second rater gave to the same cases
     * @throws IllegalArgumentException if there is no case or lengths differ
     */
    public static Optional<Interval> cohenKappa(int[] a, int[] b, Weights weights, double level) {
        Checks.level(level);
        Checks.sameLength("b", b.length, "a", a.length);
        Checks.atLeast("a.length", a.length, 1);
        TreeMap<Integer, Integer> indices = new TreeMap<>();
        for (int i = 0; i < a.length; i++) {
            indices.put(a[i], 0);
            indices.put(b[i], 0);
        }
        int[] categories = indices.keySet().stream().mapToInt(Integer::intValue).toArray();
        int k = categories.length;
        if (k == 1) {
            return Optional.empty();
        }
        for (int i = 0; i < k; i++) {
            indices.put(categories[i], i);
        }
        double[][] joint = new double[k][k];
        double[] rows = new double[k];
        double[] columns = new double[k];
        for (int i = 0; i < a.length; i++) {
            int row = indices.getOrDefault(a[i], 0);
            int column = indices.getOrDefault(b[i], 0);
            joint[row][column] += 1.0 / a.length;
            rows[row] += 1.0 / a.length;
            columns[column] += 1.0 / a.length;
        }
        double[][] agreement = agreement(categories, weights);

        double observed = 0;
        double expected = 0;
        double[] rowMeans = new double[k];
        double[] columnMeans = new double[k];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                observed += agreement[i][j] * joint[i][j];
                expected += agreement[i][j] * rows[i] * columns[j];
                rowMeans[i] += agreement[i][j] * columns[j];
                columnMeans[j] += agreement[i][j] * rows[i];
            }
        }
        // Sums of shares round: perfect agreement of 60 cases would come out above 1.
        double kappa = Math.min(1, (observed - expected) / (1 - expected));
        double sum = 0;
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                double term = agreement[i][j] - (rowMeans[i] + columnMeans[j]) * (1 - kappa);
                sum += joint[i][j] * term * term;
            }
        }
        double correction = kappa - expected * (1 - kappa);
        double variance = Math.max(0, sum - correction * correction) / (a.length * (1 - expected) * (1 - expected));
        double half = Moments.twoSidedZ(level) * Math.sqrt(variance);
        return Optional.of(new Interval(kappa, Math.max(-1, kappa - half), Math.min(1, kappa + half), level));
    }

    /**
     * Cohen's kappa of two raters where cases come in clusters: ratings of one cluster may depend on each other in any way,
     * those of different clusters not at all. The interval is that of the jackknife that leaves out one cluster at a time, with
     * Student's quantile of the number of clusters less one. Where each case is its own cluster it comes close to {@link
     * #cohenKappa(int[], int[], Weights, double)}. Of a handful of clusters it says little, and nothing where all of them agree
     * alike: then it has no width.
     *
     * <p>Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 11, for the jackknife; that a
     * cluster is what is left out: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997), section
     * 3.8.
     *
     * @param clusters the cluster of each case; any numbers, equal for cases that belong together
     * @return empty also where without one of the clusters kappa is undefined
     * @throws IllegalArgumentException if there are less than two clusters or lengths differ
     */
    public static Optional<Interval> cohenKappa(int[] a, int[] b, int[] clusters, Weights weights, double level) {
        Checks.sameLength("clusters", clusters.length, "a", a.length);
        Optional<Interval> whole = cohenKappa(a, b, weights, level);
        int[][] members = Clusters.members(clusters);
        double[] without = new double[members.length];
        for (int cluster = 0; cluster < members.length; cluster++) {
            int leftOut = clusters[members[cluster][0]];
            int[] kept = IntStream.range(0, a.length)
                    .filter(i -> clusters[i] != leftOut)
                    .toArray();
            Optional<Interval> rest = cohenKappa(pick(a, kept), pick(b, kept), weights, level);
            if (rest.isEmpty()) {
                return Optional.empty();
            }
            without[cluster] = rest.get().estimate();
        }
        double freedom = members.length - 1.0;
        // The sum of squares about the mean, times (G - 1) / G.
        double error = Math.sqrt(Moments.variance(without) * freedom * freedom / members.length);
        double half = Moments.twoSidedT(level, freedom) * error;
        return whole.map(Interval::estimate)
                .map(kappa -> new Interval(kappa, Math.max(-1, kappa - half), Math.min(1, kappa + half), level));
    }

    private static int[] pick(int[] values, int[] indices) {
        return Arrays.stream(indices).map(index -> values[index]).toArray();
    }

    /** 1 for the same category, 0 for the two that are farthest apart. */
    private static double[][] agreement(int[] categories, Weights weights) {
        int k = categories.length;
        double most = weights.disagreement((double) categories[k - 1] - categories[0]);
        double[][] agreement = new double[k][k];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                agreement[i][j] = 1 - weights.disagreement((double) categories[i] - categories[j]) / most;
            }
        }
        return agreement;
    }

    /**
     * Krippendorff's alpha of any number of raters, each of whom may have rated any part of the cases.
     *
     * <p>Source: K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section D, and "Content Analysis",
     * 4th edition (2018), chapter 12. For an interval give it to {@link Bootstrap#percentile(int,
     * java.util.function.ToDoubleFunction, double)} over the cases.
     *
     * @param ratings for each case the ratings it got, in any order and number; NaN is a missing one. Cases with less than
     *     two ratings are left out
     * @throws IllegalArgumentException if no case has two ratings or a rating is infinite
     */
    public static OptionalDouble krippendorffAlpha(double[][] ratings, Scale scale) {
        TreeMap<Double, Double> counts = new TreeMap<>();
        double[][] paired = new double[ratings.length][];
        int cases = 0;
        for (double[] ofCase : ratings) {
            double[] present = Arrays.stream(ofCase)
                    .filter(r -> !Double.isNaN(r))
                    .map(r -> r + 0.0)
                    .toArray();
            if (present.length < 2) {
                continue;
            }
            Checks.finite("ratings", present, 2);
            paired[cases++] = present;
            for (double rating : present) {
                counts.merge(rating, 1.0, Double::sum);
            }
        }
        if (cases == 0) {
            throw new IllegalArgumentException("ratings: no case has two (expected: at least one that has)");
        }
        double[] values =
                counts.keySet().stream().mapToDouble(Double::doubleValue).toArray();
        if (values.length == 1) {
            return OptionalDouble.empty();
        }
        double[] frequencies =
                counts.values().stream().mapToDouble(Double::doubleValue).toArray();
        double[] places = places(values, frequencies, scale);
        double total = Arrays.stream(frequencies).sum();

        double expected = 0;
        for (int c = 0; c < values.length; c++) {
            for (int d = 0; d < values.length; d++) {
                expected += frequencies[c] * frequencies[d] * distance(places[c], places[d], scale);
            }
        }
        double observed = 0;
        for (int i = 0; i < cases; i++) {
            int[] indices = Arrays.stream(paired[i])
                    .mapToInt(rating -> Arrays.binarySearch(values, rating))
                    .toArray();
            double sum = 0;
            for (int c : indices) {
                for (int d : indices) {
                    sum += distance(places[c], places[d], scale);
                }
            }
            observed += sum / (indices.length - 1);
        }
        return OptionalDouble.of(1 - (total - 1) * observed / expected);
    }

    /**
     * Where each value stands. The ordinal distance of two values is half of each one's frequency and all between, which
     * is the distance between the middles of their ranks.
     */
    private static double[] places(double[] values, double[] frequencies, Scale scale) {
        if (scale != Scale.ORDINAL) {
            return values;
        }
        double[] places = new double[values.length];
        double before = 0;
        for (int i = 0; i < values.length; i++) {
            places[i] = before + frequencies[i] / 2;
            before += frequencies[i];
        }
        return places;
    }

    private static double distance(double a, double b, Scale scale) {
        if (scale == Scale.NOMINAL) {
            return a == b ? 0 : 1;
        }
        return (a - b) * (a - b);
    }
}
