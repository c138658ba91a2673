package io.github.flywheel4j.stats;

import java.util.Arrays;

/**
 * Intervals of a mean that hold at every moment at once: look after each case, stop whenever you like, and the level still
 * holds. An ordinary interval that is looked at after each case misses the truth sooner or later.
 *
 * <p>For observations within known bounds: 0 and 1 for pass or fail, -1 and 1 for paired differences of such. They need
 * not be alike in distribution, but each must have the same mean given those before it: put cases into random order before
 * the run, and give one value per cluster where cases come in clusters.
 *
 * <p>Source: I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", Journal of the Royal
 * Statistical Society B 86 (2024), theorem 3 (hedged capital) with the bets of formula 26 and c = 1/2. Their capital
 * against a low mean only falls as that mean rises, so each limit is found by halving rather than on a grid.
 *
 * <p>Pure functions, safe from any thread. A look at n observations takes some microseconds times n.
 */
public final class ConfidenceSequence {

    private static final int BISECTIONS = 50;

    /** The share of the capital that may be lost to one observation. */
    private static final double TRUNCATION = 0.5;

    private ConfidenceSequence() {}

    /**
     * The interval after the observations so far; at least {@code level} of all runs have the mean in every one of theirs.
     *
     * @param observations in the order in which they came, at least one
     * @param lowest the least that an observation can be
     * @param highest the most that an observation can be, above {@code lowest}
     * @throws IllegalArgumentException if there is no observation or one is out of the bounds
     */
    public static Interval interval(double[] observations, double lowest, double highest, double level) {
        Checks.level(level);
        Checks.positive("highest - lowest", highest - lowest);
        Checks.finite("observations", observations, 1);
        double[] scaled = new double[observations.length];
        for (int i = 0; i < scaled.length; i++) {
            if (observations[i] < lowest || observations[i] > highest) {
                throw new IllegalArgumentException("observations[" + i + "]: " + observations[i] + " (expected: "
                        + lowest + " to " + highest + ", the bounds given)");
            }
            scaled[i] = Math.min(1, Math.max(0, (observations[i] - lowest) / (highest - lowest)));
        }
        // Each side bets half of the capital, so either must grow to twice what one alone would need.
        double bar = Math.log(2 / (1 - level));
        double low = lowest(scaled, bar);
        double high = 1 - lowest(Arrays.stream(scaled).map(value -> 1 - value).toArray(), bar);
        double range = highest - lowest;
        return new Interval(
                Moments.mean(observations),
                lowest + range * Math.min(low, high),
                lowest + range * Math.max(low, high),
                level);
    }

    /** The least mean against which the bets did not win enough to rule it out. */
    private static double lowest(double[] values, double bar) {
        double[] bets = bets(values, bar);
        double ruledOut = 0;
        double possible = 1;
        if (!(logCapital(values, bets, 0) >= bar)) {
            return 0;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (ruledOut + possible) / 2;
            if (logCapital(values, bets, middle) >= bar) {
                ruledOut = middle;
            } else {
                possible = middle;
            }
        }
        return ruledOut;
    }

    private static double logCapital(double[] values, double[] bets, double mean) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += Math.log1p(Math.min(bets[i], TRUNCATION / mean) * (values[i] - mean));
        }
        return sum;
    }

    /** The predictable plug-in bets: each from the observations before it only, which the guarantee rests on. */
    private static double[] bets(double[] values, double bar) {
        double[] bets = new double[values.length];
        double sum = 0.5;
        double squares = 0.25;
        for (int i = 0; i < values.length; i++) {
            int t = i + 1;
            double variance = squares / t;
            bets[i] = Math.sqrt(2 * bar / (variance * t * Math.log(t + 1.0)));
            sum += values[i];
            double mean = sum / (t + 1);
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return bets;
    }
}
