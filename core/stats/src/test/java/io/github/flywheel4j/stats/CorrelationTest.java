package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CorrelationTest {

    /** The first of Anscombe's quartet (1973); digits by SciPy 1.17. */
    @Test
    void equalsTheFigureOfAnscombesFirstSet() {
        double[] x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
        double[] y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};

        assertThat(Correlation.pearson(x, y).orElseThrow()).isCloseTo(0.8164205163448395, within(1e-12));
        assertThat(Correlation.spearman(x, y).orElseThrow()).isCloseTo(0.8181818181818182, within(1e-12));
        assertThat(Correlation.kendallTauB(x, y).orElseThrow()).isCloseTo(0.6363636363636364, within(1e-12));
    }

    /** The example with ties in Kendall, "Rank Correlation Methods", section 3.4: tau-b 0.859, rho 0.917. */
    @Test
    void countsTiesAsKendallDoes() {
        double[] x = {1, 2.5, 2.5, 4.5, 4.5, 6.5, 6.5, 8, 9.5, 9.5};
        double[] y = {1, 2, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10};

        assertThat(Correlation.kendallTauB(x, y).orElseThrow()).isCloseTo(0.8589556903873334, within(1e-12));
        assertThat(Correlation.spearman(x, y).orElseThrow()).isCloseTo(0.917137868553807, within(1e-12));
    }

    @Test
    void isOneForTheSameAndMinusOneForTheReverse() {
        double[] x = {3, 1, 2, 0.1, 7};
        double[] reversed = Arrays.stream(x).map(value -> 1e9 - value).toArray();

        assertThat(Correlation.pearson(x, x).orElseThrow()).isCloseTo(1, within(1e-12));
        assertThat(Correlation.spearman(x, reversed).orElseThrow()).isCloseTo(-1, within(1e-12));
        assertThat(Correlation.kendallTauB(x, reversed)).hasValue(-1);
        assertThat(Correlation.pearson(x, reversed).orElseThrow()).isCloseTo(-1, within(1e-6));
    }

    @Test
    void dependsOnTheOrderOnlyWhereItIsByRank() {
        var random = new SplittableRandom(7);
        double[] x = Simulated.normal(random, 40);
        double[] y = Simulated.normal(random, 40);
        double[] stretched = Arrays.stream(y).map(Math::exp).toArray();

        assertThat(Correlation.spearman(x, stretched)).isEqualTo(Correlation.spearman(x, y));
        assertThat(Correlation.kendallTauB(x, stretched)).isEqualTo(Correlation.kendallTauB(x, y));
        assertThat(Correlation.kendallTauB(y, x)).isEqualTo(Correlation.kendallTauB(x, y));
        assertThat(Correlation.pearson(x, stretched)).isNotEqualTo(Correlation.pearson(x, y));
    }

    @Test
    void isEmptyWhereAScoreIsTheSameForAllCases() {
        double[] x = {1, 2, 3};
        double[] same = {0.1, 0.1, 0.1};

        assertThat(Correlation.pearson(x, same)).isEmpty();
        assertThat(Correlation.spearman(same, x)).isEmpty();
        assertThat(Correlation.kendallTauB(x, same)).isEmpty();
        assertThat(Correlation.kendallTauB(x, new double[] {0.0, -0.0, 0.0})).isEmpty();
    }

    @Test
    void refusesWhatCannotBeCorrelated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.pearson(new double[] {1, 2}, new double[] {1, 2, 3}))
                .withMessage("y: 3 values (expected: 2, one for each of x)");
        assertThatIllegalArgumentException().isThrownBy(() -> Correlation.spearman(new double[] {1}, new double[] {1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.kendallTauB(new double[] {1, 2}, new double[] {1, Double.NaN}));
    }
}
