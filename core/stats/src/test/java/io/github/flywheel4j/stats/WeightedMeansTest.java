package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WeightedMeansTest {

    private static final double NOT_SEEN = Double.NaN;

    /** By hand: (1 · 2 + 0 · 4 + 1 · 2) / (2 + 4 + 2) = 1/2, where the plain mean is 2/3. */
    @Test
    void weighsTheRarelyObservedMore() {
        WeightedMeans means = WeightedMeans.of(
                new boolean[] {true, true, true, false, false}, new double[] {0.5, 0.25, 0.5, 0.25, 0.3}, 0.01);

        assertThat(means.selfNormalised(new double[] {1, 0, 1, NOT_SEEN, NOT_SEEN}))
                .isCloseTo(0.5, within(1e-12));
        assertThat(means.effectiveSize()).isCloseTo(64 / 24.0, within(1e-12));
        assertThat(means.clippedShare()).isZero();
    }

    @Test
    void raisesPropensitiesToTheFloor() {
        WeightedMeans means = WeightedMeans.of(new boolean[] {true, true}, new double[] {0.001, 0.5}, 0.1);

        assertThat(means.selfNormalised(new double[] {1, 0})).isCloseTo(10 / 12.0, within(1e-12));
        assertThat(means.clippedShare()).isEqualTo(0.5);
    }

    /** By hand: the mean prediction 0.5, and the errors 0.2 and -0.4 weighted 2 to 4: -0.2. */
    @Test
    void correctsPredictionsByTheirErrors() {
        WeightedMeans means = WeightedMeans.of(new boolean[] {true, true, false}, new double[] {0.5, 0.25, 0.5}, 0.01);

        assertThat(means.doublyRobust(new double[] {1, 0, NOT_SEEN}, new double[] {0.8, 0.4, 0.3}))
                .isCloseTo(0.3, within(1e-12));
    }

    @Test
    void isThePlainMeanWhereAllAreObservedAlike() {
        boolean[] all = {true, true, true, true};
        double[] outcomes = {1, 0, 1, 1};
        WeightedMeans means = WeightedMeans.of(all, new double[] {1, 1, 1, 1}, 0.01);

        assertThat(means.selfNormalised(outcomes)).isEqualTo(0.75);
        assertThat(means.doublyRobust(outcomes, new double[] {5, -3, 0.1, 2})).isCloseTo(0.75, within(1e-12));
        assertThat(means.effectiveSize()).isEqualTo(4);
    }

    /** Half of the users are content, and those rate six times as often. */
    @Test
    void coversTheTruthWhereTheNaiveMeanDoesNot() {
        double weighted = Simulated.share(300, random -> {
            Population population = new Population(random, 0.05, 0.3);
            Interval interval = population.means().selfNormalised(population.outcomes, 0.95, Bootstrap.of(300, random));
            return interval.contains(0.5);
        });
        double naive = Simulated.share(300, random -> {
            Population population = new Population(random, 0.05, 0.3);
            return Intervals.wilson(population.ratedWell, population.rated, 0.95)
                    .contains(0.5);
        });

        assertThat(weighted).isBetween(0.91, 0.985);
        assertThat(naive).isLessThan(0.05);
    }

    @Test
    void isRightIfEitherThePropensitiesOrThePredictionsAre() {
        var random = new SplittableRandom(9);
        double sumWithWrongPropensities = 0;
        double sumWithWrongPredictions = 0;
        for (int run = 0; run < 200; run++) {
            Population population = new Population(random, 0.05, 0.3);
            double[] flat = new double[population.outcomes.length];
            Arrays.fill(flat, 0.2);
            double[] right = population.truth;
            sumWithWrongPropensities +=
                    WeightedMeans.of(population.observed, flat, 0.01).doublyRobust(population.outcomes, right);
            sumWithWrongPredictions += population.means().doublyRobust(population.outcomes, flat);
        }

        assertThat(sumWithWrongPropensities / 200).isCloseTo(0.5, within(0.02));
        assertThat(sumWithWrongPredictions / 200).isCloseTo(0.5, within(0.02));
    }

    @Test
    void goodPredictionsNarrowTheInterval() {
        Population population = new Population(new SplittableRandom(4), 0.05, 0.3);

        Interval weighted = population
                .means()
                .selfNormalised(population.outcomes, 0.95, Bootstrap.of(1_000, new SplittableRandom(1)));
        Interval robust = population
                .means()
                .doublyRobust(
                        population.outcomes, population.truth, 0.95, Bootstrap.of(1_000, new SplittableRandom(1)));

        assertThat(robust.contains(0.5)).isTrue();
        assertThat(robust.width()).isLessThan(0.8 * weighted.width());
    }

    @Test
    void drawsAgainWhereNobodyOfAResampleWasObserved() {
        boolean[] observed = new boolean[30];
        observed[3] = true;
        observed[7] = true;
        double[] propensities = new double[30];
        Arrays.fill(propensities, 0.1);
        double[] outcomes = new double[30];
        outcomes[3] = 1;

        Interval interval = WeightedMeans.of(observed, propensities, 0.01)
                .selfNormalised(outcomes, 0.95, Bootstrap.of(500, new SplittableRandom(1)));

        assertThat(interval.estimate()).isEqualTo(0.5);
        assertThat(interval.low()).isZero();
        assertThat(interval.high()).isEqualTo(1);
    }

    @Test
    void refusesPropensitiesThatAreNone() {
        boolean[] observed = {true, false};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightedMeans.of(observed, new double[] {0.5, 0}, 0.1))
                .withMessage("propensities[1]: 0.0 (expected: > 0 and finite)");
        assertThatIllegalArgumentException().isThrownBy(() -> WeightedMeans.of(observed, new double[] {1.5, 0.5}, 0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> WeightedMeans.of(observed, new double[] {0.5, 0.5}, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightedMeans.of(new boolean[2], new double[] {0.5, 0.5}, 0.1))
                .withMessage("observed: 0 of 2 (expected: at least one)");
        WeightedMeans means = WeightedMeans.of(observed, new double[] {0.5, 0.5}, 0.1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> means.selfNormalised(new double[] {NOT_SEEN, 1}))
                .withMessageStartingWith("outcomes[0]: NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> means.selfNormalised(new double[] {1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> means.doublyRobust(new double[] {1, 1}, new double[] {1, NOT_SEEN}));
    }

    /** Two kinds of users, four fifths and one fifth of whom are content, and half of whom are of each kind. */
    private static final class Population {
        private final boolean[] observed = new boolean[800];
        private final double[] propensities = new double[800];
        private final double[] outcomes = new double[800];
        private final double[] truth = new double[800];
        private int rated;
        private int ratedWell;

        Population(RandomGenerator random, double rarely, double often) {
            for (int i = 0; i < observed.length; i++) {
                boolean keen = random.nextBoolean();
                truth[i] = keen ? 0.8 : 0.2;
                propensities[i] = keen ? often : rarely;
                boolean content = random.nextDouble() < truth[i];
                observed[i] = random.nextDouble() < propensities[i];
                outcomes[i] = !observed[i] ? NOT_SEEN : content ? 1 : 0;
                rated += observed[i] ? 1 : 0;
                ratedWell += observed[i] && content ? 1 : 0;
            }
        }

        WeightedMeans means() {
            return WeightedMeans.of(observed, propensities, 0.01);
        }
    }
}
