package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.stats.JudgeCorrection.Calibration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusteredJudgeCorrectionTest {

    private static final double SENSITIVITY = 0.9;
    private static final double FALSE_PASSES = 0.3;
    private static final int SIZE = 5;

    /** Cases and verdicts of which those of a cluster are more alike than others: the judge is kind to whole clusters. */
    private static final class Sample {

        private final double[] labels;
        private final double[] verdicts;
        private final int[] clusters;

        Sample(double[] labels, double[] verdicts, int[] clusters) {
            this.labels = labels;
            this.verdicts = verdicts;
            this.clusters = clusters;
        }

        double[] labels() {
            return labels;
        }

        double[] verdicts() {
            return verdicts;
        }

        int[] clusters() {
            return clusters;
        }

        static Sample of(RandomGenerator random, int clusters, double truth) {
            double[] labels = new double[clusters * SIZE];
            double[] verdicts = new double[labels.length];
            int[] numbers = new int[labels.length];
            double right = 0;
            double mood = 0;
            for (int i = 0; i < labels.length; i++) {
                numbers[i] = i / SIZE;
                right = i % SIZE == 0 ? random.nextDouble() : right;
                mood = i % SIZE == 0 ? random.nextDouble() : mood;
                labels[i] = (random.nextDouble() < 0.6 ? right : random.nextDouble()) < truth ? 1 : 0;
                double kindness = random.nextDouble() < 0.6 ? mood : random.nextDouble();
                verdicts[i] = kindness < (labels[i] == 1 ? SENSITIVITY : FALSE_PASSES) ? 1 : 0;
            }
            return new Sample(labels, verdicts, numbers);
        }

        Calibration counts() {
            int[] hits = new int[2];
            int[] all = new int[2];
            for (int i = 0; i < labels.length; i++) {
                all[(int) labels[i]]++;
                hits[(int) labels[i]] += labels[i] == verdicts[i] ? 1 : 0;
            }
            return new Calibration(hits[1], all[1], hits[0], all[0]);
        }

        long passed() {
            return (long) Arrays.stream(verdicts).sum();
        }
    }

    private static void assertCovers(double truth, Function<RandomGenerator, Interval> interval) {
        assertThat(covered(truth, interval)).isBetween(0.935, 0.965);
    }

    /** How often an interval from so many samples has the truth. */
    private static double covered(double truth, Function<RandomGenerator, Interval> interval) {
        return Simulated.share(3_000, random -> interval.apply(random).contains(truth));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.6, 0.85})
    void coversTheRateWhereCasesAndLabelsComeInClusters(double truth) {
        assertCovers(truth, random -> {
            Sample judged = Sample.of(random, 40, truth);
            Sample labelled = Sample.of(random, 40, 0.6);
            return JudgeCorrection.roganGladen(
                    judged.verdicts(),
                    judged.clusters(),
                    labelled.labels(),
                    labelled.verdicts(),
                    labelled.clusters(),
                    0.95);
        });
        assertThat(covered(truth, random -> {
                    Sample judged = Sample.of(random, 40, truth);
                    return JudgeCorrection.roganGladen(
                            judged.passed(),
                            judged.verdicts().length,
                            Sample.of(random, 40, 0.6).counts(),
                            0.95);
                }))
                .as("where each case is counted")
                .isLessThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.6, 0.85})
    void coversTheRateOfARunOfWhichSomeClustersWereLabelled(double truth) {
        assertCovers(truth, random -> {
            Sample labelled = Sample.of(random, 30, truth);
            Sample rest = Sample.of(random, 100, truth);
            return JudgeCorrection.predictionPowered(
                    labelled.labels(),
                    labelled.verdicts(),
                    labelled.clusters(),
                    rest.verdicts(),
                    Arrays.stream(rest.clusters()).map(each -> 1_000 + each).toArray(),
                    0.95);
        });
        assertThat(covered(truth, random -> {
                    Sample labelled = Sample.of(random, 30, truth);
                    return JudgeCorrection.predictionPowered(
                            labelled.labels(),
                            labelled.verdicts(),
                            Sample.of(random, 100, truth).verdicts(),
                            0.95);
                }))
                .as("where each case is counted")
                .isLessThan(0.88);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.6, 0.85})
    void coversTheRateOfARunOfWhichSomeCasesOfEachClusterWereLabelled(double truth) {
        assertCovers(truth, random -> {
            Sample run = Sample.of(random, 80, truth);
            int[] labelled = cases(run, i -> i % SIZE < 2);
            int[] rest = cases(run, i -> i % SIZE >= 2);
            return JudgeCorrection.predictionPowered(
                    pick(run.labels(), labelled),
                    pick(run.verdicts(), labelled),
                    Arrays.stream(labelled).map(i -> run.clusters()[i]).toArray(),
                    pick(run.verdicts(), rest),
                    Arrays.stream(rest).map(i -> run.clusters()[i]).toArray(),
                    0.95);
        });
    }

    private static int[] cases(Sample run, IntPredicate which) {
        return IntStream.range(0, run.labels().length).filter(which).toArray();
    }

    private static double[] pick(double[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
    }

    @Test
    void equalsTheCountsWhereEachCaseStandsAlone() {
        double[] verdicts = bits(1_000, 620);
        double[] labels = bits(200, 100);
        double[] ofLabelled = bits(200, 90);
        Arrays.fill(ofLabelled, 100, 130, 1);

        Interval clustered = JudgeCorrection.roganGladen(verdicts, alone(1_000), labels, ofLabelled, alone(200), 0.95);
        Interval counted = JudgeCorrection.roganGladen(620, 1_000, new Calibration(90, 100, 70, 100), 0.95);

        assertThat(clustered.low()).isCloseTo(counted.low(), within(1e-9));
        assertThat(clustered.high()).isCloseTo(counted.high(), within(1e-9));
        assertThat(clustered.estimate()).isCloseTo(counted.estimate(), within(1e-12));
    }

    @Test
    void isNoSurerForCasesThatAreRepeated() {
        double[] verdicts = bits(100, 62);
        double[] labels = bits(100, 50);
        double[] ofLabelled = bits(100, 45);
        Arrays.fill(ofLabelled, 50, 65, 1);
        int[] five = IntStream.range(0, 500).map(i -> i / 5).toArray();
        double[] repeated =
                IntStream.range(0, 500).mapToDouble(i -> verdicts[i / 5]).toArray();

        Interval once = JudgeCorrection.roganGladen(verdicts, alone(100), labels, ofLabelled, alone(100), 0.95);
        Interval oftener = JudgeCorrection.roganGladen(repeated, five, labels, ofLabelled, alone(100), 0.95);

        assertThat(oftener.width()).isGreaterThanOrEqualTo(once.width());
        assertThat(oftener.estimate()).isCloseTo(once.estimate(), within(1e-12));
    }

    @Test
    void takesNoRoundingForErrorsThatGoTogether() {
        // In each of ten clusters the judge passes as many of ten correct answers, and as many of ten incorrect ones.
        for (int passed = 1; passed < 10; passed++) {
            double[] labels = new double[200];
            double[] verdicts = new double[200];
            int[] clusters = new int[200];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = i / 10 % 2;
                verdicts[i] = i % 10 < passed ? 1 : 0;
                clusters[i] = i / 20;
            }

            RateBehindJudge rate = RateBehindJudge.of(new double[] {1, 0}, alone(2), labels, verdicts, clusters, 0.95);

            assertThat(rate.correlation()).as("%s of 10 passed", passed).isZero();
        }
    }

    @Test
    void takesAllCasesOfOneClusterForOne() {
        double[] labels = bits(200, 100);
        double[] ofLabelled = bits(200, 100);

        Interval one = JudgeCorrection.roganGladen(new double[] {1}, alone(1), labels, ofLabelled, alone(200), 0.95);
        Interval many = JudgeCorrection.roganGladen(bits(40, 40), new int[40], labels, ofLabelled, alone(200), 0.95);

        assertThat(many).isEqualTo(one);
    }

    @Test
    void refusesLabelsOfOneKindAndWhatIsNoLabel() {
        double[] two = {1, 0};

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JudgeCorrection.roganGladen(
                        two, alone(2), new double[] {1, 1}, new double[] {1, 1}, alone(2), 0.95))
                .withMessage("cases labelled incorrect: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> JudgeCorrection.roganGladen(two, alone(2), new double[] {1, 0.5}, two, alone(2), 0.95))
                .withMessage("labels: 0.5 (expected: 0 or 1)");
    }

    private static double[] bits(int length, int ones) {
        double[] bits = new double[length];
        Arrays.fill(bits, 0, ones, 1);
        return bits;
    }

    private static int[] alone(int cases) {
        return IntStream.range(0, cases).toArray();
    }
}
