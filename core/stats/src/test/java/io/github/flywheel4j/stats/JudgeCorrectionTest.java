package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.stats.JudgeCorrection.Calibration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeCorrectionTest {

    /** The score test with its restricted estimates, solved by SciPy. */
    @Test
    void equalsTheScoreTestSolvedElsewhere() {
        Interval half = JudgeCorrection.roganGladen(620, 1_000, new Calibration(90, 100, 70, 100), 0.95);
        assertThat(half.estimate()).isCloseTo(0.5333333333333333, within(1e-12));
        assertThat(half.low()).isCloseTo(0.42218664881107565, within(1e-6));
        assertThat(half.high()).isCloseTo(0.6367322842902136, within(1e-6));

        Interval cut = JudgeCorrection.roganGladen(23, 150, new Calibration(48, 50, 89, 100), 0.95);
        assertThat(cut.estimate()).isCloseTo(0.05098039215686287, within(1e-12));
        assertThat(cut.low()).isZero();
        assertThat(cut.high()).isCloseTo(0.14451955413599926, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.85})
    void coversTheRateBehindABiasedJudge(double truth) {
        double passRate = truth * 0.9 + (1 - truth) * 0.3;
        double corrected = Simulated.share(3_000, random -> {
            Calibration calibration =
                    new Calibration(Simulated.binomial(random, 60, 0.9), 60, Simulated.binomial(random, 60, 0.7), 60);
            return JudgeCorrection.roganGladen(Simulated.binomial(random, 400, passRate), 400, calibration, 0.95)
                    .contains(truth);
        });
        double naive =
                Simulated.share(500, random -> Intervals.wilson(Simulated.binomial(random, 400, passRate), 400, 0.95)
                        .contains(truth));

        assertThat(corrected).isBetween(0.935, 0.965);
        assertThat(naive).isLessThan(0.8);
    }

    /** Few labels of one kind are where intervals by a plain standard error are furthest from their level. */
    @Test
    void coversTheRateWithFewLabelsOfOneKind() {
        double passRate = 0.9 * 0.95 + 0.1 * 0.4;
        double covered = Simulated.share(3_000, random -> {
            Calibration calibration =
                    new Calibration(Simulated.binomial(random, 80, 0.95), 80, Simulated.binomial(random, 20, 0.6), 20);
            return JudgeCorrection.roganGladen(Simulated.binomial(random, 400, passRate), 400, calibration, 0.95)
                    .contains(0.9);
        });

        assertThat(covered).isBetween(0.935, 0.965);
    }

    @Test
    void trustsAPerfectJudge() {
        Interval interval = JudgeCorrection.roganGladen(80, 100, new Calibration(5_000, 5_000, 5_000, 5_000), 0.95);

        assertThat(interval.estimate()).isEqualTo(0.8);
        assertThat(interval.low()).isCloseTo(Intervals.wilson(80, 100, 0.95).low(), within(0.01));
    }

    @Test
    void knowsNothingBehindAJudgeThatIsHardlyBetterThanACoin() {
        Interval interval = JudgeCorrection.roganGladen(5, 10, new Calibration(2, 3, 1, 2), 0.95);

        assertThat(interval.low()).isZero();
        assertThat(interval.high()).isEqualTo(1);
    }

    /** The formulas of PPI++, section 6, with Welch's degrees of freedom, in NumPy. */
    @Test
    void equalsTheFormulasOfPredictionPoweredInference() {
        double[] labels = {2, 0, 2, 2, 0, 2, 2, 0};
        double[] scores = {1.8, .4, 1.2, 1.6, .8, 1.4, .6, .2};
        double[] rest = {1, 1.4, 1.8, .4, 1.6, 1.2, .8, 1.9, .6, 1.3};

        Interval interval = JudgeCorrection.predictionPowered(labels, scores, rest, 0.95);

        assertThat(interval.estimate()).isCloseTo(2 * 0.7142447010958723, within(1e-10));
        assertThat(interval.low()).isCloseTo(2 * 0.39170427720867423, within(1e-9));
        assertThat(interval.high()).isCloseTo(2 * 1.0367851249830704, within(1e-9));
    }

    @Test
    void givesARateWithinNoughtAndOneAndNeverACertainOne() {
        double[] labels = {1, 0, 1, 1, 0, 1, 1, 0};
        double[] scores = {.9, .2, .6, .8, .4, .7, .3, .1};
        double[] rest = {.5, .7, .9, .2, .8, .6, .4, .95, .3, .65};
        double[] ones = new double[30];
        Arrays.fill(ones, 1);

        Interval rate = JudgeCorrection.predictionPowered(labels, scores, rest, 0.95);
        Interval all = JudgeCorrection.predictionPowered(ones, ones, ones, 0.95);

        assertThat(rate.estimate()).isCloseTo(0.7142447010958723, within(1e-10));
        assertThat(rate.low()).isBetween(0.3, 0.4);
        assertThat(rate.high()).isBetween(0.9, 1.0);
        assertThat(all).isEqualTo(Intervals.wilson(30, 30, 0.95));
    }

    @Test
    void coversARateNearOneByFewLabels() {
        double coverage = Simulated.share(3_000, random -> {
            double[] labels = new double[60];
            double[] verdicts = new double[60];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = random.nextDouble() < 0.93 ? 1 : 0;
                verdicts[i] = random.nextDouble() < (labels[i] == 1 ? 0.9 : 0.3) ? 1 : 0;
            }
            double[] rest = new double[500];
            for (int i = 0; i < rest.length; i++) {
                rest[i] = random.nextDouble() < (random.nextDouble() < 0.93 ? 0.9 : 0.3) ? 1 : 0;
            }
            return JudgeCorrection.predictionPowered(labels, verdicts, rest, 0.95)
                    .contains(0.93);
        });

        assertThat(coverage).isBetween(0.935, 0.97);
    }

    @Test
    void coversTheMeanAndIsNarrowerThanTheLabelsAlone() {
        double[] widths = new double[2];
        double coverage = Simulated.share(3_000, random -> {
            double[] labels = new double[80];
            double[] scores = new double[80];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = random.nextDouble() < 0.7 ? 1 : 0;
                scores[i] = biasedScore(labels[i], random);
            }
            double[] rest = new double[1_000];
            for (int i = 0; i < rest.length; i++) {
                rest[i] = biasedScore(random.nextDouble() < 0.7 ? 1 : 0, random);
            }
            Interval interval = JudgeCorrection.predictionPowered(labels, scores, rest, 0.95);
            widths[0] += interval.width();
            widths[1] += Intervals.mean(labels, 0.95).width();
            return interval.contains(0.7);
        });

        assertThat(coverage).isBetween(0.93, 0.965);
        assertThat(widths[0]).isLessThan(0.8 * widths[1]);
    }

    @Test
    void leavesTheLabelsAloneWhereTheScoresSayNothing() {
        double[] labels = {2, 0, 2, 2};
        double[] constant = {3, 3, 3, 3};

        Interval interval = JudgeCorrection.predictionPowered(labels, constant, new double[] {3, 3}, 0.95);

        Interval plain = Intervals.mean(labels, 0.95);
        assertThat(interval.low()).isCloseTo(plain.low(), within(1e-12));
        assertThat(interval.high()).isCloseTo(plain.high(), within(1e-12));
        assertThat(JudgeCorrection.predictionPowered(
                                new double[] {5, 5}, new double[] {2, 3}, new double[] {4, 9}, 0.95)
                        .width())
                .isZero();
    }

    @Test
    void refusesAJudgeThatKnowsNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JudgeCorrection.roganGladen(5, 10, new Calibration(5, 10, 5, 10), 0.95))
                .withMessage(
                        "sensitivity + specificity: 1.0 (expected: above 1; this judge is no better than a coin, take"
                                + " another one)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(11, 10, 5, 10))
                .withMessage("truePositives: 11 (expected: 0 to 10, the positives)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(0, 10, 0, 0))
                .withMessage("negatives: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JudgeCorrection.roganGladen(11, 10, new Calibration(9, 10, 9, 10), 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JudgeCorrection.predictionPowered(
                        new double[] {1, 0}, new double[] {1}, new double[] {1, 0}, 0.95));
    }

    /** A judge that likes too much. */
    private static double biasedScore(double label, RandomGenerator random) {
        return Math.min(1, Math.max(0, (label == 1 ? 0.9 : 0.35) + 0.15 * random.nextGaussian()));
    }
}
