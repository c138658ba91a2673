package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantilesTest {

    /** R: {@code quantile(c(15, 20, 35, 40, 50), q, type = 7)}, the same as {@code numpy.quantile}. */
    @ParameterizedTest
    @CsvSource({"0, 15", "0.05, 16", "0.25, 20", "0.3, 23", "0.4, 29", "0.5, 35", "0.75, 40", "0.99, 49.6", "1, 50"})
    void equalsDefinitionSeven(double q, double expected) {
        assertThat(Quantiles.quantile(new double[] {50, 15, 40, 20, 35}, q)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void halvesTheMiddlePairOfAnEvenNumber() {
        assertThat(Quantiles.median(4, 1, 3, 2)).isEqualTo(2.5);
    }

    @Test
    void leavesTheSampleInItsOrder() {
        double[] values = {3, 1, 2};

        Quantiles.median(values);

        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void readsAnInfiniteValueOnlyWhereItStands() {
        double[] values = {1, 2, Double.POSITIVE_INFINITY};

        assertThat(Quantiles.median(values)).isEqualTo(2);
        assertThat(Quantiles.quantile(values, 1)).isInfinite();
    }

    @Test
    void refusesWhatHasNoQuantile() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantiles.median())
                .withMessage("values: none (expected: at least one)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantiles.quantile(new double[] {1}, 1.01))
                .withMessage("q: 1.01 (expected: 0 to 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.quantile(new double[] {1}, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.median(1, Double.NaN));
    }
}
