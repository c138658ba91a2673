package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SampleSizeTest {

    private static final SampleSize USUAL = new SampleSize(0.05, 0.8);
    private static final SampleSize STRONG = new SampleSize(0.05, 0.9);

    /** Table 2.4.1 of Cohen, "Statistical Power Analysis", and {@code power.t.test} in R. */
    @Test
    void equalsCohensTableOfMeans() {
        assertThat(USUAL.casesPerGroupForMeans(0.2, 1)).isEqualTo(394);
        assertThat(USUAL.casesPerGroupForMeans(0.5, 1)).isEqualTo(64);
        assertThat(USUAL.casesPerGroupForMeans(-0.8, 1)).isEqualTo(26);
        assertThat(USUAL.casesForPairedMeans(0.5, 1)).isEqualTo(34);
        assertThat(USUAL.casesForPairedMeans(1, 2)).isEqualTo(34);
    }

    /** The examples of {@code power.prop.test} in R's manual. */
    @Test
    void equalsTheExamplesOfR() {
        assertThat(STRONG.casesPerGroupForRates(0.5, 0.75)).isEqualTo(77);
        assertThat(STRONG.detectableRates(50, 0.5).orElseThrow()).isCloseTo(0.3026, within(5e-5));
    }

    /** Connor's formula 2 by hand: (1.95996 √.2 + .84162 √.19)² / .01 = 154.5. */
    @Test
    void equalsConnorsFormula() {
        assertThat(USUAL.casesForPairedRates(0.05, 0.15)).isEqualTo(155);
        assertThat(USUAL.casesForPairedRates(0.15, 0.05)).isEqualTo(155);
    }

    @Test
    void findsTheDifferenceAsOftenAsPromised() {
        long cases = USUAL.casesForPairedRates(0.05, 0.15);
        double rates = Simulated.share(4_000, random -> {
            int onlyFirst = 0;
            int onlySecond = 0;
            for (int i = 0; i < cases; i++) {
                double draw = random.nextDouble();
                onlyFirst += draw < 0.05 ? 1 : 0;
                onlySecond += draw > 0.85 ? 1 : 0;
            }
            double difference = onlyFirst - onlySecond;
            return difference * difference / (onlyFirst + onlySecond) > 3.841;
        });
        int pairs = (int) USUAL.casesForPairedMeans(0.5, 1);
        double means = Simulated.share(4_000, random -> {
            double[] differences = Simulated.normal(random, pairs);
            for (int i = 0; i < pairs; i++) {
                differences[i] += 0.5;
            }
            return PairedTests.t(differences, new double[pairs]).pValue() <= 0.05;
        });

        assertThat(rates).isBetween(0.79, 0.85);
        assertThat(means).isBetween(0.78, 0.83);
    }

    @Test
    void whatIsDetectableNeedsAsManyCases() {
        for (long cases : new long[] {30, 77, 250, 4_000}) {
            assertThat(USUAL.casesForPairedMeans(USUAL.detectablePairedMeans(cases, 3) * 1.0000001, 3))
                    .isEqualTo(cases);
            assertThat(USUAL.casesPerGroupForMeans(USUAL.detectableMeans(cases, 3) * 1.0000001, 3))
                    .isEqualTo(cases);
            double rate = USUAL.detectableRates(cases, 0.5).orElseThrow() * 1.0000001;
            assertThat(USUAL.casesPerGroupForRates(0.5, 0.5 + rate)).isEqualTo(cases);
            double paired = USUAL.detectablePairedRates(cases, 0.3).orElseThrow() * 1.0000001;
            assertThat(USUAL.casesForPairedRates((0.3 - paired) / 2, (0.3 + paired) / 2))
                    .isEqualTo(cases);
        }
    }

    @Test
    void saysWhenSoFewCasesDetectNothing() {
        assertThat(USUAL.detectablePairedRates(20, 0.05)).isEmpty();
        assertThat(USUAL.detectableRates(10, 0.9)).isEmpty();
        assertThat(new SampleSize(0.001, 0.8).detectablePairedMeans(2, 1)).isInfinite();
    }

    @Test
    void refusesWhatNoNumberOfCasesCanDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> USUAL.casesForPairedMeans(0, 1))
                .withMessageContaining("no number of cases detects no difference");
        assertThatIllegalArgumentException().isThrownBy(() -> USUAL.casesForPairedMeans(Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> USUAL.casesPerGroupForMeans(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> USUAL.casesPerGroupForRates(0.5, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> USUAL.casesForPairedRates(0.6, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> USUAL.detectablePairedRates(10, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> USUAL.detectableRates(10, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> USUAL.detectableMeans(1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SampleSize(0.05, 0.05))
                .withMessage("power: 0.05 (expected: above alpha, 0.05)");
        assertThatIllegalArgumentException().isThrownBy(() -> new SampleSize(0, 0.8));
    }
}
