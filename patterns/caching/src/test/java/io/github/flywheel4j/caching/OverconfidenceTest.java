package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OverconfidenceTest {

    private final Overconfidence overconfidence = new Overconfidence();

    private void audits(int count, double expected, int wrong) {
        for (int i = 0; i < count; i++) {
            overconfidence.audited(expected, i >= wrong);
        }
    }

    @Test
    void beginsWithAPriorOfMeanOne() {
        // The chi-squared quantile with 10 degrees of freedom over 10: .5 and .9 of a printed table.
        assertThat(overconfidence.factor(0.5)).isCloseTo(0.9342, within(1e-4));
        assertThat(overconfidence.factor(0.9)).isCloseTo(1.5987, within(1e-4));
    }

    @Test
    void learnsByWhatFactorMoreIsWrong() {
        audits(200, 0.05, 30);

        // (5 + 30) / (5 + 10) without the fading of old audits
        assertThat(overconfidence.factor(0.5)).isBetween(1.9, 2.4);
    }

    @Test
    void oneUnluckyAuditMovesItLittle() {
        double before = overconfidence.factor(0.8);
        audits(1, 0.02, 1);

        assertThat(overconfidence.factor(0.8) / before).isBetween(1.0, 1.25);
    }

    @Test
    void staysWithinItsBounds() {
        audits(3_000, 0.1, 0);
        assertThat(overconfidence.factor(0.8)).isEqualTo(0.5);

        audits(3_000, 0.02, 3_000);
        assertThat(overconfidence.factor(0.8)).isEqualTo(10);
    }

    @Test
    void forgetsOldAudits() {
        audits(500, 0.05, 250);
        audits(10_000, 0.05, 0);

        assertThat(overconfidence.factor(0.8)).isEqualTo(0.5);
    }
}
