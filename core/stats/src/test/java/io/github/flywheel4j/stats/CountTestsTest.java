package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountTestsTest {

    /** 86 and 150: the approval ratings of Agresti, "Categorical Data Analysis", table 10.1; exact values by SciPy. */
    @ParameterizedTest
    @CsvSource({
        "4, 16, 0.01181793212890625, 6.05, 0.013906296895346027",
        "86, 150, 3.7159361395713866e-05, 16.81779661016949, 4.114562281345944e-05",
        "18, 22, 0.6358280026288412, 0.225, 0.6352562959972482",
        "5, 5, 1, 0, 1",
        "5, 6, 1, 0, 1",
        "0, 0, 1, 0, 1",
        "0, 1, 1, 0, 1"
    })
    void comparesWhatOnlyOneSystemPasses(int b, int c, double exact, double chiSquare, double chiSquareP) {
        assertThat(CountTests.mcnemarExact(b, c).pValue()).isCloseTo(exact, within(1e-12));
        assertThat(CountTests.mcnemarExact(b, c).statistic()).isEqualTo(Math.min(b, c));
        assertThat(CountTests.mcnemarChiSquare(b, c).statistic()).isCloseTo(chiSquare, within(1e-12));
        assertThat(CountTests.mcnemarChiSquare(b, c).pValue()).isCloseTo(chiSquareP, within(1e-12));
    }

    /** The first is Fisher's lady tasting tea. */
    @ParameterizedTest
    @CsvSource({
        "3, 1, 1, 3, 9, 0.48571428571428565",
        "2, 10, 15, 3, 0.04, 0.0005367241191434357",
        "7, 17, 15, 5, 0.13725490196078433, 0.005768386750469949",
        "0, 4, 5, 3, 0, 0.0808080808080808",
        "4, 0, 3, 5, Infinity, 0.0808080808080808",
        "0, 2, 3, 5, 0, 1",
        "0, 0, 3, 5, NaN, 1",
        "0, 0, 0, 0, NaN, 1",
        "0, 3, 0, 5, NaN, 1",
        "4, 6, 4, 6, 1, 1"
    })
    void comparesTheRatesOfTwoGroups(int a, int b, int c, int d, double odds, double p) {
        TestResult result = CountTests.fisherExact(a, b, c, d);

        assertThat(result.pValue()).isCloseTo(p, within(1e-12));
        if (Double.isFinite(odds)) {
            assertThat(result.statistic()).isCloseTo(odds, within(1e-12));
        } else {
            assertThat((Double) result.statistic()).isEqualTo((Double) odds);
        }
        assertThat(CountTests.fisherExact(c, d, a, b).pValue()).isCloseTo(p, within(1e-12));
    }

    /** Whole numbers know which tables are equally probable. */
    @Test
    void equalsFishersTestInWholeNumbers() {
        for (int a = 0; a <= 12; a++) {
            for (int b = 0; b <= 12; b++) {
                for (int c = 0; c <= 12; c++) {
                    int d = 9;
                    assertThat(CountTests.fisherExact(a, b, c, d).pValue())
                            .as("%s %s %s %s", a, b, c, d)
                            .isCloseTo(fisherInWholeNumbers(a, b, c, d), within(1e-12));
                }
            }
        }
    }

    private static double fisherInWholeNumbers(int a, int b, int c, int d) {
        long found = choose(a + b, a) * choose(c + d, c);
        long asRare = 0;
        long all = 0;
        for (int i = Math.max(0, a - d); i <= Math.min(a + b, a + c); i++) {
            long tables = choose(a + b, i) * choose(c + d, a + c - i);
            all += tables;
            asRare += tables <= found ? tables : 0;
        }
        return (double) asRare / all;
    }

    private static long choose(int n, int k) {
        long ways = 1;
        for (int i = 1; i <= k; i++) {
            ways = ways * (n - k + i) / i;
        }
        return ways;
    }

    @Test
    void raisesNoMoreFalseAlarmsThanItsLevel() {
        assertThat(Simulated.excess(3_000, random -> {
                    int onlyFirst = Simulated.binomial(random, 40, 0.5);
                    return CountTests.mcnemarExact(onlyFirst, 40 - onlyFirst).pValue();
                }))
                .isLessThan(0.02);
        assertThat(Simulated.excess(3_000, random -> {
                    int a = Simulated.binomial(random, 30, 0.7);
                    int c = Simulated.binomial(random, 25, 0.7);
                    return CountTests.fisherExact(a, 30 - a, c, 25 - c).pValue();
                }))
                .isLessThan(0.02);
    }

    @Test
    void isTheSameWhenTheSystemsAreSwapped() {
        for (int b = 0; b < 12; b++) {
            for (int c = 0; c < 12; c++) {
                assertThat(CountTests.mcnemarExact(b, c)).isEqualTo(CountTests.mcnemarExact(c, b));
                assertThat(CountTests.mcnemarChiSquare(b, c)).isEqualTo(CountTests.mcnemarChiSquare(c, b));
            }
        }
    }

    @Test
    void refusesCountsBelowZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CountTests.mcnemarExact(-1, 3))
                .withMessage("onlyFirst: -1 (expected: >= 0)");
        assertThatIllegalArgumentException().isThrownBy(() -> CountTests.mcnemarChiSquare(3, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> CountTests.fisherExact(1, 2, 3, -4));
    }
}
