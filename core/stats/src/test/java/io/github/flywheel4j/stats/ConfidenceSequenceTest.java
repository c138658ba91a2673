package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConfidenceSequenceTest {

    /** 17 of 20 passed, in this order, three times over. */
    private static final double[] VERDICTS = {
        1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1
    };

    /** By the definition of the capital process on a grid of a million means, in NumPy. */
    @Test
    void equalsTheCapitalProcessOnAGrid() {
        Interval interval = ConfidenceSequence.interval(VERDICTS, 0, 1, 0.95);

        assertThat(interval.estimate()).isCloseTo(0.85, within(1e-12));
        assertThat(interval.low()).isCloseTo(0.690473, within(2e-6));
        assertThat(interval.high()).isCloseTo(0.951611, within(2e-6));
        Interval early = ConfidenceSequence.interval(Arrays.copyOf(VERDICTS, 20), 0, 1, 0.95);
        assertThat(early.low()).isCloseTo(0.553108, within(2e-6));
        assertThat(early.high()).isEqualTo(1);
    }

    @Test
    void scalesAndMirrorsWithTheBounds() {
        double[] differences = Arrays.stream(VERDICTS).map(v -> 2 * v - 1).toArray();
        double[] mirrored = Arrays.stream(VERDICTS).map(v -> 1 - v).toArray();
        Interval interval = ConfidenceSequence.interval(VERDICTS, 0, 1, 0.95);

        Interval scaled = ConfidenceSequence.interval(differences, -1, 1, 0.95);
        assertThat(scaled.low()).isCloseTo(2 * interval.low() - 1, within(1e-9));
        assertThat(scaled.high()).isCloseTo(2 * interval.high() - 1, within(1e-9));
        Interval mirror = ConfidenceSequence.interval(mirrored, 0, 1, 0.95);
        assertThat(mirror.low()).isCloseTo(1 - interval.high(), within(1e-9));
        assertThat(mirror.high()).isCloseTo(1 - interval.low(), within(1e-9));
    }

    @Test
    void holdsHoweverOftenOneLooksWhereWilsonsDoesNot() {
        double missed = missedAtSomeLook((x, n) -> ConfidenceSequence.interval(Arrays.copyOf(x, n), 0, 1, 0.95));
        double missedByWilson = missedAtSomeLook(
                (x, n) -> Intervals.wilson(Math.round(Arrays.stream(x, 0, n).sum()), n, 0.95));

        assertThat(missed).isLessThan(0.05);
        assertThat(missedByWilson).isGreaterThan(0.15);
    }

    @Test
    void closesInOnTheMean() {
        double[] many = new double[3_000];
        Arrays.setAll(many, i -> VERDICTS[i % VERDICTS.length]);

        Interval interval = ConfidenceSequence.interval(many, 0, 1, 0.95);

        assertThat(interval.contains(0.85)).isTrue();
        assertThat(interval.width()).isLessThan(0.06);
    }

    @Test
    void takesObservationsThatDoNotVary() {
        double[] same = new double[100];

        Interval none = ConfidenceSequence.interval(same, 0, 1, 0.95);
        assertThat(none.low()).isZero();
        assertThat(none.high()).isBetween(0.01, 0.1);
        Interval one = ConfidenceSequence.interval(new double[] {0.5}, 0, 1, 0.95);
        assertThat(one.low()).isZero();
        assertThat(one.high()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsOutOfTheBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfidenceSequence.interval(new double[] {0.5, 1.5}, 0, 1, 0.95))
                .withMessage("observations[1]: 1.5 (expected: 0.0 to 1.0, the bounds given)");
        assertThatIllegalArgumentException().isThrownBy(() -> ConfidenceSequence.interval(new double[0], 0, 1, 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfidenceSequence.interval(new double[] {1}, 1, 1, 0.95));
    }

    @FunctionalInterface
    private interface Look {
        Interval at(double[] observations, int count);
    }

    private static double missedAtSomeLook(Look look) {
        return Simulated.share(400, random -> {
            double[] x = new double[200];
            for (int n = 1; n <= x.length; n++) {
                x[n - 1] = random.nextDouble() < 0.7 ? 1 : 0;
                if (n >= 10 && n % 5 == 0 && !look.at(x, n).contains(0.7)) {
                    return true;
                }
            }
            return false;
        });
    }
}
