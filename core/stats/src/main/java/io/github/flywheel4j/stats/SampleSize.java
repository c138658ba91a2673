package io.github.flywheel4j.stats;

import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * How many cases a two-sided comparison needs, and what so many cases can detect.
 *
 * <p>Cases in clusters: take the standard deviation as the clustered standard error times the root of the number of cases;
 * it holds what the clusters cost.
 *
 * <p>Means by the normal approximation with W. C. Guenther's correction for the t test, "Sample size formulas for normal
 * theory t tests", The American Statistician 35 (1981); it is within one case of the exact figure. Rates of different cases
 * by J. L. Fleiss, "Statistical Methods for Rates and Proportions", 2nd edition (1981), formula 3.14, and of the same cases
 * by R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43 (1987),
 * formula 2.
 *
 * @param alpha the chance of a false alarm, for example 0.05
 * @param power the chance to find the difference if it is there, above alpha, for example 0.8
 */
public record SampleSize(double alpha, double power) {

    private static final int BISECTIONS = 100;

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if one is not between 0 and 1 or the power is not above alpha
     */
    public SampleSize {
        Checks.probability("alpha", alpha);
        Checks.probability("power", power);
        if (power <= alpha) {
            throw new IllegalArgumentException("power: " + power + " (expected: above alpha, " + alpha + ")");
        }
    }

    /**
     * Cases that both systems must answer to detect a mean difference.
     *
     * @param difference the mean difference, not 0
     * @param deviation the standard deviation of the differences, above 0
     * @throws IllegalArgumentException if one is out of its range
     */
    public long casesForPairedMeans(double difference, double deviation) {
        double effect = effect(difference, deviation);
        return roundedUp(square((zAlpha() + zPower()) / effect) + square(zAlpha()) / 2);
    }

    /**
     * The smallest mean difference that so many cases detect if both systems answer each; infinite for next to none.
     *
     * @param cases at least 2
     * @param deviation the standard deviation of the differences, above 0
     * @throws IllegalArgumentException if one is out of its range
     */
    public double detectablePairedMeans(long cases, double deviation) {
        Checks.atLeast("cases", cases, 2);
        Checks.positive("deviation", deviation);
        return deviation * (zAlpha() + zPower()) / Math.sqrt(Math.max(0, cases - square(zAlpha()) / 2));
    }

    /**
     * Cases for each of two groups to detect a difference of their means.
     *
     * @param difference the difference of the means, not 0
     * @param deviation the standard deviation within a group, above 0
     * @throws IllegalArgumentException if one is out of its range
     */
    public long casesPerGroupForMeans(double difference, double deviation) {
        double effect = effect(difference, deviation);
        return roundedUp(2 * square((zAlpha() + zPower()) / effect) + square(zAlpha()) / 4);
    }

    /**
     * The smallest difference of means that groups of so many cases detect; infinite for next to none.
     *
     * @param casesPerGroup at least 2
     * @param deviation the standard deviation within a group, above 0
     * @throws IllegalArgumentException if one is out of its range
     */
    public double detectableMeans(long casesPerGroup, double deviation) {
        Checks.atLeast("casesPerGroup", casesPerGroup, 2);
        Checks.positive("deviation", deviation);
        double cases = Math.max(0, casesPerGroup - square(zAlpha()) / 4);
        return deviation * (zAlpha() + zPower()) * Math.sqrt(2 / cases);
    }

    /**
     * Cases that both systems must answer to detect a difference of their rates with McNemar's test.
     *
     * @param onlyFirst the rate of cases that only the first system passes
     * @param onlySecond the rate of cases that only the second system passes, another one
     * @throws IllegalArgumentException if a rate or their sum is not within 0 and 1, or they are equal
     */
    public long casesForPairedRates(double onlyFirst, double onlySecond) {
        Checks.share("onlyFirst", onlyFirst);
        Checks.share("onlySecond", onlySecond);
        Checks.share("onlyFirst + onlySecond", onlyFirst + onlySecond);
        different("onlyFirst, onlySecond", onlyFirst, onlySecond);
        return roundedUp(pairedRates(onlyFirst + onlySecond, Math.abs(onlyFirst - onlySecond)));
    }

    /**
     * The smallest difference of rates that so many cases detect with McNemar's test; empty if none, because too few cases
     * differ at all.
     *
     * @param cases at least 2
     * @param discordant the rate of cases that exactly one of the systems passes, above 0 and at most 1
     * @throws IllegalArgumentException if one is out of its range
     */
    public OptionalDouble detectablePairedRates(long cases, double discordant) {
        Checks.atLeast("cases", cases, 2);
        Checks.share("discordant", discordant);
        Checks.positive("discordant", discordant);
        return smallest(discordant, cases, difference -> pairedRates(discordant, difference));
    }

    /**
     * Cases for each of two groups to detect a difference of their rates.
     *
     * @param first the rate of the first group
     * @param second the rate of the second group, another one
     * @throws IllegalArgumentException if a rate is not within 0 and 1, or they are equal
     */
    public long casesPerGroupForRates(double first, double second) {
        Checks.share("first", first);
        Checks.share("second", second);
        different("first, second", first, second);
        return roundedUp(rates(first, second));
    }

    /**
     * The smallest gain over a rate that groups of so many cases detect; empty if even a rate of 1 would go unnoticed.
     *
     * @param casesPerGroup at least 2
     * @param rate the rate of the first group, at least 0 and below 1
     * @throws IllegalArgumentException if one is out of its range
     */
    public OptionalDouble detectableRates(long casesPerGroup, double rate) {
        Checks.atLeast("casesPerGroup", casesPerGroup, 2);
        Checks.share("rate", rate);
        Checks.positive("1 - rate", 1 - rate);
        return smallest(1 - rate, casesPerGroup, difference -> rates(rate, Math.min(1, rate + difference)));
    }

    private double pairedRates(double discordant, double difference) {
        double spread = Math.sqrt(Math.max(0, discordant - difference * difference));
        return square((zAlpha() * Math.sqrt(discordant) + zPower() * spread) / difference);
    }

    private double rates(double first, double second) {
        double mean = (first + second) / 2;
        double none = Math.sqrt(2 * mean * (1 - mean));
        double some = Math.sqrt(first * (1 - first) + second * (1 - second));
        return square((zAlpha() * none + zPower() * some) / (first - second));
    }

    /** Needed cases fall as the difference grows, so the smallest one is found by halving. */
    private static OptionalDouble smallest(double most, long cases, DoubleUnaryOperator needed) {
        if (needed.applyAsDouble(most) > cases) {
            return OptionalDouble.empty();
        }
        double tooSmall = 0;
        double enough = most;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (tooSmall + enough) / 2;
            if (needed.applyAsDouble(middle) > cases) {
                tooSmall = middle;
            } else {
                enough = middle;
            }
        }
        return OptionalDouble.of(enough);
    }

    private double zAlpha() {
        return Moments.twoSidedZ(1 - alpha);
    }

    private double zPower() {
        return Moments.normalQuantile(power);
    }

    private static double effect(double difference, double deviation) {
        Checks.positive("deviation", deviation);
        different("difference, no difference", difference, 0);
        Checks.positive("difference, without its sign", Math.abs(difference));
        return difference / deviation;
    }

    private static void different(String name, double first, double second) {
        if (first == second) {
            throw new IllegalArgumentException(
                    name + ": " + first + " twice (expected: two values; no number of cases detects no difference)");
        }
    }

    private static long roundedUp(double cases) {
        return Math.max(2, (long) Math.ceil(cases));
    }

    private static double square(double value) {
        return value * value;
    }
}
