package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.stats.LogisticRegression.Prior;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FittedPropensitiesTest {

    private static final double FLOOR = 0.01;

    @Test
    void weighsByThePropensitiesOfTheFit() {
        Raters raters = new Raters(2_000, new SplittableRandom(3));
        LogisticRegression fit = LogisticRegression.fit(raters.features, raters.rated, Prior.ridge(2, 1))
                .orElseThrow();
        double[] propensities =
                Arrays.stream(raters.features).mapToDouble(fit::probability).toArray();

        Interval interval = raters.fitted().selfNormalised(raters.outcomes, 0.95, bootstrap());

        assertThat(interval.estimate())
                .isCloseTo(
                        WeightedMeans.of(raters.rated, propensities, FLOOR).selfNormalised(raters.outcomes),
                        within(1e-9));
    }

    /** Each resample fitted from the beginning: slow, and what one step comes close to. */
    @Test
    void oneStepGivesTheIntervalOfWholeFits() {
        Raters raters = new Raters(1_500, new SplittableRandom(4));
        Interval whole = bootstrap()
                .percentile(
                        raters.rated.length,
                        indices -> {
                            double[] weights = new double[raters.rated.length];
                            for (int i : indices) {
                                weights[i]++;
                            }
                            LogisticRegression fit = LogisticRegression.fit(
                                            raters.features, raters.rated, weights, Prior.ridge(2, 1))
                                    .orElseThrow();
                            double sum = 0;
                            double total = 0;
                            for (int i : indices) {
                                if (raters.rated[i]) {
                                    double weight = 1 / Math.max(FLOOR, fit.probability(raters.features[i]));
                                    sum += weight * raters.outcomes[i];
                                    total += weight;
                                }
                            }
                            return sum / total;
                        },
                        0.95);

        Interval oneStep = raters.fitted().selfNormalised(raters.outcomes, 0.95, bootstrap());

        assertThat(oneStep.low()).isCloseTo(whole.low(), within(0.004));
        assertThat(oneStep.high()).isCloseTo(whole.high(), within(0.004));
    }

    @Test
    void coversTheTruthAsOftenAsItSays() {
        double weighted = Simulated.share(400, random -> {
            Raters raters = new Raters(1_500, random);
            return raters.fitted()
                    .selfNormalised(raters.outcomes, 0.95, Bootstrap.of(400, random))
                    .contains(Raters.TRUTH);
        });
        double robust = Simulated.share(400, random -> {
            Raters raters = new Raters(1_500, random);
            return raters.fitted()
                    .doublyRobust(raters.outcomes, raters.predictions, 0.95, Bootstrap.of(400, random))
                    .contains(Raters.TRUTH);
        });

        assertThat(weighted).isBetween(0.92, 0.98);
        assertThat(robust).isBetween(0.92, 0.98);
    }

    @Test
    void predictionsNarrowTheInterval() {
        Raters raters = new Raters(3_000, new SplittableRandom(5));

        assertThat(raters.fitted()
                        .doublyRobust(raters.outcomes, raters.predictions, 0.95, bootstrap())
                        .width())
                .isLessThan(raters.fitted()
                        .selfNormalised(raters.outcomes, 0.95, bootstrap())
                        .width());
    }

    @Test
    void isVeryUnsureWithAsManyFeaturesAsOutcomes() {
        var random = new SplittableRandom(8);
        double[][] features = new double[400][25];
        boolean[] observed = new boolean[400];
        double[] outcomes = new double[400];
        for (int i = 0; i < 400; i++) {
            Arrays.setAll(features[i], j -> random.nextGaussian());
            observed[i] = i % 20 == 0;
            outcomes[i] = i % 40 == 0 ? 1 : 0;
        }

        Interval interval = FittedPropensities.of(features, observed, Prior.ridge(25, 1e-3), FLOOR)
                .orElseThrow()
                .selfNormalised(outcomes, 0.95, bootstrap());

        assertThat(interval.width()).isGreaterThan(0.7);
    }

    @Test
    void isEmptyWhereAllOrNoneWereObserved() {
        double[][] features = {{1}, {2}, {3}};

        assertThat(FittedPropensities.of(features, new boolean[] {true, true, true}, Prior.ridge(1, 1), 0.1))
                .isEmpty();
        assertThat(FittedPropensities.of(features, new boolean[3], Prior.ridge(1, 1), 0.1))
                .isEmpty();
    }

    @Test
    void refusesOutcomesThatAreNoneOrNotOnePerMember() {
        FittedPropensities fitted = new Raters(200, new SplittableRandom(6)).fitted();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> fitted.selfNormalised(new double[3], 0.95, bootstrap()))
                .withMessageContaining("outcomes");
        assertThatIllegalArgumentException().isThrownBy(() -> {
            double[] none = new double[200];
            Arrays.fill(none, Double.NaN);
            fitted.selfNormalised(none, 0.95, bootstrap());
        });
    }

    private static Bootstrap bootstrap() {
        return Bootstrap.of(500, new SplittableRandom(1));
    }

    /** Content members are observed more often, because of two things that are known of all. */
    private static final class Raters {

        /** Of the outcome, over the two features: three quarters of the second, and the mean of the first's share. */
        static final double TRUTH = 0.5;

        final double[][] features;
        final boolean[] rated;
        final double[] outcomes;
        final double[] predictions;

        Raters(int members, RandomGenerator random) {
            features = new double[members][];
            rated = new boolean[members];
            outcomes = new double[members];
            predictions = new double[members];
            for (int i = 0; i < members; i++) {
                double first = random.nextGaussian();
                double second = random.nextBoolean() ? 1 : -1;
                // Odd in both features, so that its mean is one half.
                predictions[i] = 1 / (1 + Math.exp(-(0.8 * first + 0.8 * second)));
                features[i] = new double[] {first, second};
                outcomes[i] = random.nextDouble() < predictions[i] ? 1 : 0;
                rated[i] = random.nextDouble() < 1 / (1 + Math.exp(1.8 - 0.5 * first - 0.5 * second));
            }
        }

        FittedPropensities fitted() {
            return FittedPropensities.of(features, rated, Prior.ridge(2, 1), FLOOR)
                    .orElseThrow();
        }
    }
}
