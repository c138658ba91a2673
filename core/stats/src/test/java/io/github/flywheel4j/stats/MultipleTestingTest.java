package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MultipleTestingTest {

    /** The fifteen p-values of Benjamini and Hochberg (1995), section 3.2; they reject the first four at 0.05. */
    private static final double[] PUBLISHED = {
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1
    };

    @Test
    void rejectsWhatBenjaminiAndHochbergReject() {
        double[] adjusted = MultipleTesting.benjaminiHochberg(PUBLISHED);

        assertThat(Arrays.stream(adjusted).filter(p -> p <= 0.05).count()).isEqualTo(4);
        assertThat(adjusted[3]).isCloseTo(0.035625, within(1e-12));
        assertThat(adjusted[5]).isCloseTo(0.06385714285714286, within(1e-12));
        assertThat(adjusted[14]).isEqualTo(1);
    }

    /** They reject three by Bonferroni, and Holm's procedure the same three: 0.0095 is above 0.05 / 12. */
    @Test
    void holmRejectsThreeOfThem() {
        assertThat(Arrays.stream(MultipleTesting.holm(PUBLISHED))
                        .filter(p -> p <= 0.05)
                        .count())
                .isEqualTo(3);
    }

    /** {@code p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")} and {@code "BH"} in R. */
    @Test
    void keepsTheOrderOfTheInput() {
        double[] p = {0.01, 0.04, 0.03, 0.005};

        assertThat(MultipleTesting.holm(p)).containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
        assertThat(MultipleTesting.benjaminiHochberg(p))
                .containsExactly(new double[] {0.02, 0.04, 0.04, 0.02}, within(1e-12));
        assertThat(p).containsExactly(0.01, 0.04, 0.03, 0.005);
    }

    @Test
    void oneTestNeedsNoCorrection() {
        assertThat(MultipleTesting.holm(0.03)).containsExactly(0.03);
        assertThat(MultipleTesting.benjaminiHochberg(0.03)).containsExactly(0.03);
        assertThat(MultipleTesting.holm()).isEmpty();
        assertThat(MultipleTesting.benjaminiHochberg()).isEmpty();
    }

    @Test
    void neverExceedsOneAndNeverFallsBelowTheInput() {
        assertThat(MultipleTesting.holm(0.9, 0.8, 1)).containsExactly(1, 1, 1);
        assertThat(MultipleTesting.benjaminiHochberg(0.9, 0.8, 1)).containsExactly(1, 1, 1);
        assertThat(MultipleTesting.holm(0, 0)).containsExactly(0, 0);
    }

    @Test
    void holmRaisesAFalseAlarmInFivePercentOfTheRunsAtMost() {
        double alarms = Simulated.share(5_000, random -> {
            double[] p = random.doubles(8).toArray();
            return Arrays.stream(MultipleTesting.holm(p)).anyMatch(value -> value <= 0.05);
        });

        assertThat(alarms).isBetween(0.035, 0.06);
    }

    @Test
    void refusesWhatIsNoPValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultipleTesting.holm(0.5, 1.5))
                .withMessage("pValues[1]: 1.5 (expected: 0 to 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> MultipleTesting.benjaminiHochberg(Double.NaN));
    }
}
