package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RepeatedTrialsTest {

    /** By hand: of the ten ways to choose two of five, three have none of the two that passed. */
    @Test
    void countsTheWaysToChooseTries() {
        assertThat(RepeatedTrials.passAtK(5, 2, 1)).isCloseTo(0.4, within(1e-15));
        assertThat(RepeatedTrials.passAtK(5, 2, 2)).isCloseTo(0.7, within(1e-15));
        assertThat(RepeatedTrials.passHatK(5, 2, 2)).isCloseTo(0.1, within(1e-15));
        assertThat(RepeatedTrials.disagreement(5, 2)).isCloseTo(0.6, within(1e-15));
        assertThat(RepeatedTrials.passAtK(5, 2, 4)).isEqualTo(1);
        assertThat(RepeatedTrials.passHatK(5, 2, 3)).isZero();
    }

    /** With a case that passes in 30 % of all tries; the plain estimator is off by more than ten standard errors. */
    @Test
    void isUnbiased() {
        double atLeastOne = 0;
        double all = 0;
        double plain = 0;
        int runs = 20_000;
        RandomGenerator random = new SplittableRandom(20261);
        for (int run = 0; run < runs; run++) {
            int passed = Simulated.binomial(random, 10, 0.3);
            atLeastOne += RepeatedTrials.passAtK(10, passed, 3) / runs;
            all += RepeatedTrials.passHatK(10, passed, 3) / runs;
            plain += (1 - Math.pow(1 - passed / 10.0, 3)) / runs;
        }
        assertThat(atLeastOne).isCloseTo(1 - Math.pow(0.7, 3), within(0.006));
        assertThat(all).isCloseTo(Math.pow(0.3, 3), within(0.003));
        assertThat(plain).isLessThan(1 - Math.pow(0.7, 3) - 0.015);
    }

    @Test
    void staysFiniteForManyTries() {
        assertThat(RepeatedTrials.passAtK(5_000, 50, 100)).isBetween(0.6, 0.7);
    }

    @Test
    void refusesWhatWasNotTried() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RepeatedTrials.passAtK(3, 1, 4))
                .withMessageContaining("k: 4 (expected: 1 to 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RepeatedTrials.passHatK(3, 4, 1))
                .withMessageContaining("passed: 4");
    }
}
