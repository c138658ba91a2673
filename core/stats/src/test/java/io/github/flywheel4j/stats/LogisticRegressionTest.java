package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.stats.LogisticRegression.Prior;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {

    /** Temperatures at which 23 shuttles started, and whether O-rings showed distress. */
    private static final double[][] TEMPERATURES =
            column(66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58);

    private static final boolean[] DISTRESS = yes(0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1);

    /**
     * A. Agresti, "Categorical Data Analysis", 2nd edition (2002), exercise 5.11 (data of S. R. Dalal, E. B. Fowlkes and B.
     * Hoadley, JASA 84 (1989)): 15.043 - 0.232 x, standard errors 7.379 and 0.108.
     */
    @Test
    void findsThePublishedCoefficientsOfTheSpaceShuttles() {
        LogisticRegression fit =
                LogisticRegression.fit(TEMPERATURES, DISTRESS, Prior.none(1)).orElseThrow();

        assertThat(fit.coefficients()).containsExactly(new double[] {15.0429, -0.2322}, within(5e-5));
        assertThat(Math.sqrt(fit.covariance()[0][0])).isCloseTo(7.3786, within(5e-4));
        assertThat(Math.sqrt(fit.covariance()[1][1])).isCloseTo(0.1082, within(5e-5));
        assertThat(-2 * fit.logLikelihood()).isCloseTo(20.315, within(5e-4));
        assertThat(fit.probability(31)).isCloseTo(0.9996, within(5e-5));
        assertThat(fit.iterations()).isLessThan(10);
    }

    /**
     * Vasoconstriction in the skin of fingers: D. J. Finney, Biometrika 34 (1947), as fitted by D. Pregibon, "Logistic
     * regression diagnostics", Annals of Statistics 9 (1981): -2.875 + 5.179 log(volume) + 4.562 log(rate), deviance 29.23.
     */
    @Test
    void findsThePublishedCoefficientsOfTwoFeatures() {
        double[] volume = {
            3.7, 3.5, 1.25, 0.75, 0.8, 0.7, 0.6, 1.1, 0.9, 0.9, 0.8, 0.55, 0.6, 1.4, 0.75, 2.3, 3.2, 0.85, 1.7, 1.8,
            0.4, 0.95, 1.35, 1.5, 1.6, 0.6, 1.8, 0.95, 1.9, 1.6, 2.7, 2.35, 1.1, 1.1, 1.2, 0.8, 0.95, 0.75, 1.3
        };
        double[] rate = {
            0.825, 1.09, 2.5, 1.5, 3.2, 3.5, 0.75, 1.7, 0.75, 0.45, 0.57, 2.75, 3, 2.33, 3.75, 1.64, 1.6, 1.415, 1.06,
            1.8, 2, 1.36, 1.35, 1.36, 1.78, 1.5, 1.5, 1.9, 0.95, 0.4, 0.75, 0.03, 1.83, 2.2, 2, 3.33, 1.9, 1.9, 1.625
        };
        boolean[] constricted = yes(
                1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1,
                1, 0, 0, 1);
        double[][] logs = new double[volume.length][];
        Arrays.setAll(logs, i -> new double[] {Math.log(volume[i]), Math.log(rate[i])});

        LogisticRegression fit =
                LogisticRegression.fit(logs, constricted, Prior.none(2)).orElseThrow();

        assertThat(fit.coefficients()).containsExactly(new double[] {-2.875, 5.179, 4.562}, within(5e-4));
        assertThat(-2 * fit.logLikelihood()).isCloseTo(29.23, within(5e-3));
    }

    /**
     * Beetles killed by a gas: C. I. Bliss (1935), as fitted in A. J. Dobson and A. G. Barnett, "An Introduction to
     * Generalized Linear Models", 3rd edition (2008), section 7.3: -60.717 + 34.270 x, standard errors 5.181 and 2.912.
     */
    @Test
    void countsAnObservationByItsWeight() {
        double[] doses = {1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839};
        double[] beetles = {59, 60, 62, 56, 63, 59, 62, 60};
        double[] killed = {6, 13, 18, 28, 52, 53, 61, 60};
        double[][] features = new double[16][];
        boolean[] died = new boolean[16];
        double[] weights = new double[16];
        for (int i = 0; i < 16; i++) {
            features[i] = new double[] {doses[i / 2]};
            died[i] = i % 2 == 0;
            weights[i] = died[i] ? killed[i / 2] : beetles[i / 2] - killed[i / 2];
        }

        LogisticRegression fit =
                LogisticRegression.fit(features, died, weights, Prior.none(1)).orElseThrow();

        assertThat(fit.coefficients()).containsExactly(new double[] {-60.717, 34.270}, within(5e-4));
        assertThat(Math.sqrt(fit.covariance()[0][0])).isCloseTo(5.181, within(5e-4));
        assertThat(Math.sqrt(fit.covariance()[1][1])).isCloseTo(2.912, within(5e-4));
    }

    /** At the mode the pull of the observations and that of the prior are equal. */
    @Test
    void balancesObservationsAndPrior() {
        double[] means = {-1, 2, 0.5};
        double[] precisions = {0.3, 2, 0};
        Simulation simulated = new Simulation(80, 4);

        LogisticRegression fit = LogisticRegression.fit(
                        simulated.features, simulated.outcomes, simulated.weights, Prior.of(means, precisions))
                .orElseThrow();

        double[] at = fit.coefficients();
        double[] pull = new double[3];
        for (int i = 0; i < simulated.outcomes.length; i++) {
            double error = (simulated.outcomes[i] ? 1 : 0) - fit.probability(simulated.features[i]);
            pull[0] += simulated.weights[i] * error;
            pull[1] += simulated.weights[i] * error * simulated.features[i][0];
            pull[2] += simulated.weights[i] * error * simulated.features[i][1];
        }
        for (int j = 0; j < 3; j++) {
            assertThat(pull[j]).isCloseTo(precisions[j] * (at[j] - means[j]), within(1e-9));
        }
    }

    @Test
    void inverseOfThePrecisionIsTheCovariance() {
        Simulation simulated = new Simulation(60, 5);
        LogisticRegression fit = simulated.fit(Prior.ridge(2, 0.5));

        double[][] precision = fit.precision();
        double[][] covariance = fit.covariance();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double sum = 0;
                for (int k = 0; k < 3; k++) {
                    sum += precision[i][k] * covariance[k][j];
                }
                assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-9));
            }
        }
    }

    @Test
    void ridgeShrinksTheSlopesAndKeepsTheMeanProbability() {
        Simulation simulated = new Simulation(200, 6);
        LogisticRegression free = simulated.fit(Prior.none(2));
        LogisticRegression shrunk = simulated.fit(Prior.ridge(2, 50));

        assertThat(Math.abs(shrunk.coefficients()[1])).isLessThan(Math.abs(free.coefficients()[1]));
        double difference = 0;
        for (int i = 0; i < simulated.outcomes.length; i++) {
            difference += simulated.weights[i]
                    * (shrunk.probability(simulated.features[i]) - (simulated.outcomes[i] ? 1 : 0));
        }
        assertThat(difference).isCloseTo(0, within(1e-8));
    }

    @Test
    void aStrongPriorWinsAndAWeakOneYields() {
        Simulation simulated = new Simulation(200, 7);
        double[] means = {3, -2, 1};

        LogisticRegression strong = simulated.fit(Prior.of(means, new double[] {1e9, 1e9, 1e9}));
        LogisticRegression weak = simulated.fit(Prior.of(means, new double[] {1e-9, 1e-9, 1e-9}));

        assertThat(strong.coefficients()).containsExactly(means, within(1e-5));
        assertThat(weak.coefficients())
                .containsExactly(simulated.fit(Prior.none(2)).coefficients(), within(1e-6));
    }

    @Test
    void aPriorTakesFreedomFromTheCoefficients() {
        Simulation simulated = new Simulation(200, 9);

        assertThat(simulated.fit(Prior.none(2)).effectiveCoefficients()).isEqualTo(3);
        assertThat(simulated.fit(Prior.ridge(2, 1)).effectiveCoefficients()).isBetween(2.5, 3.0);
        assertThat(simulated.fit(Prior.ridge(2, 1e9)).effectiveCoefficients()).isCloseTo(1, within(1e-5));
    }

    @Test
    void hasNoFitWhereTheClassesAreSeparated() {
        double[][] features = column(1, 2, 3, 4, 5, 6);
        boolean[] separated = yes(0, 0, 0, 1, 1, 1);

        assertThat(LogisticRegression.fit(features, separated, Prior.none(1))).isEmpty();
        assertThat(LogisticRegression.fit(column(1, 2, 3, 3, 4, 5), separated, Prior.none(1)))
                .as("all but a tie")
                .isEmpty();
        LogisticRegression ridge = LogisticRegression.fit(features, separated, Prior.ridge(1, 1e-6))
                .orElseThrow();
        assertThat(ridge.probability(1)).isLessThan(1e-3);
        assertThat(ridge.probability(6)).isGreaterThan(0.999);
    }

    @Test
    void hasNoFitOfOneClassUnlessTheInterceptHasAPrior() {
        double[][] features = column(1, 2, 3);
        boolean[] allYes = yes(1, 1, 1);

        assertThat(LogisticRegression.fit(features, allYes, Prior.ridge(1, 1))).isEmpty();
        LogisticRegression fit = LogisticRegression.fit(
                        features, allYes, Prior.of(new double[] {0, 0}, new double[] {1, 1}))
                .orElseThrow();
        assertThat(fit.probability(2)).isBetween(0.6, 0.99);
    }

    @Test
    void hasNoFitWhereFeaturesAreLinearInEachOther() {
        double[][] features = {{1, 2}, {2, 4}, {3, 6}, {4, 8}};
        boolean[] outcomes = yes(0, 1, 0, 1);

        assertThat(LogisticRegression.fit(features, outcomes, Prior.none(2))).isEmpty();
        assertThat(LogisticRegression.fit(features, outcomes, Prior.ridge(2, 0.1)))
                .isPresent();
    }

    @Test
    void withoutFeaturesItIsTheLogOddsOfTheShare() {
        LogisticRegression fit = LogisticRegression.fit(new double[4][0], yes(1, 0, 0, 0), Prior.none(0))
                .orElseThrow();

        assertThat(fit.coefficients()).containsExactly(new double[] {Math.log(1 / 3.0)}, within(1e-12));
        assertThat(fit.probability()).isCloseTo(0.25, within(1e-12));
    }

    /** Full Newton steps overshoot here and would never come back. */
    @Test
    void convergesFromFarAwayAndWithSteepSlopes() {
        double[][] features = column(-1000, -1, -0.9, 0, 0.9, 1, 1000);
        boolean[] outcomes = yes(0, 0, 1, 0, 1, 0, 1);
        Prior far = Prior.of(new double[] {500, -300}, new double[] {1e-3, 1e-3});

        LogisticRegression fit = LogisticRegression.fit(features, outcomes, far).orElseThrow();

        assertThat(fit.probability(1000)).isGreaterThan(0.99);
        assertThat(fit.probability(-1000)).isLessThan(0.01);
    }

    @Test
    void refittingIsFasterAndEqual() {
        Simulation simulated = new Simulation(300, 8);
        Prior prior = Prior.ridge(2, 1);
        LogisticRegression first = simulated.fit(prior);
        double[] weights = simulated.weights.clone();
        Arrays.setAll(weights, i -> weights[i] * (i % 3));

        LogisticRegression anew = LogisticRegression.fit(simulated.features, simulated.outcomes, weights, prior)
                .orElseThrow();
        LogisticRegression again = first.refit(simulated.features, simulated.outcomes, weights, prior)
                .orElseThrow();

        assertThat(again.coefficients()).containsExactly(anew.coefficients(), within(1e-9));
        assertThat(again.iterations()).isLessThan(anew.iterations());
    }

    @Test
    void intervalsOfAProbabilityHoldTheirLevel() {
        double covered = Simulated.share(1_000, random -> {
            Simulation simulated = new Simulation(300, random.nextLong());
            Interval interval = simulated.fit(Prior.none(2)).interval(0.95, 0.5, 1);
            return interval.contains(Simulation.truth(0.5, 1));
        });

        assertThat(covered).isBetween(0.93, 0.97);
    }

    @Test
    void refusesWhatCannotBeFitted() {
        double[][] features = column(1, 2);
        Prior prior = Prior.ridge(1, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.fit(features, yes(1), prior))
                .withMessageContaining("outcomes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.fit(new double[0][], new boolean[0], prior));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.fit(column(1, Double.NaN), yes(0, 1), prior))
                .withMessageContaining("features[1][0]: NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.fit(features, yes(0, 1), new double[] {1, -1}, prior))
                .withMessageContaining("weights[1]: -1.0 (expected: >= 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.fit(features, yes(0, 1), Prior.ridge(2, 1)))
                .withMessageContaining("features[0]");
        assertThatIllegalArgumentException().isThrownBy(() -> Prior.ridge(1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Prior.of(new double[2], new double[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> LogisticRegression.fit(features, yes(0, 1), prior)
                .orElseThrow()
                .probability(1, 2));
    }

    /** Two features whose coefficients are known. */
    private static final class Simulation {

        final double[][] features;
        final boolean[] outcomes;
        final double[] weights;

        Simulation(int cases, long seed) {
            var random = new SplittableRandom(seed);
            features = new double[cases][];
            outcomes = new boolean[cases];
            weights = new double[cases];
            Arrays.fill(weights, 1);
            for (int i = 0; i < cases; i++) {
                features[i] = new double[] {random.nextGaussian(), random.nextBoolean() ? 1 : 0};
                outcomes[i] = random.nextDouble() < truth(features[i][0], features[i][1]);
            }
        }

        static double truth(double first, double second) {
            return 1 / (1 + Math.exp(0.5 - 1.2 * first + 0.7 * second));
        }

        LogisticRegression fit(Prior prior) {
            return LogisticRegression.fit(features, outcomes, weights, prior).orElseThrow();
        }
    }

    private static double[][] column(double... values) {
        return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
    }

    private static boolean[] yes(int... values) {
        boolean[] outcomes = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            outcomes[i] = values[i] == 1;
        }
        return outcomes;
    }
}
