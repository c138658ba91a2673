package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalsTest {

    private static final int[] UNEVEN = Simulated.clusters(20, 1, 8, 3, 12, 2, 5, 5, 9, 1, 4, 10);

    /** The examples of table I in Newcombe (1998), methods 3, 4 and 5; more digits by SciPy 1.17. */
    @ParameterizedTest
    @CsvSource({
        "81, 263, 0.2552885198782742, 0.36620957698280004, 0.25350868229518514, 0.3681762010430035,"
                + " 0.25273674558504267, 0.36762192260134746",
        "15, 148, 0.06238639953073629, 0.16048724172330803, 0.059778208428498125, 0.16444977936483698,"
                + " 0.05784401008344801, 0.16165049034947895",
        "0, 20, 0, 0.16112515805281935, 0, 0.20045334501348705, 0, 0.16843347098308548",
        "1, 29, 0.006113214292762667, 0.17175521879320282, 0.001802640213279666, 0.19628175100975953,"
                + " 0.0008726468835971072, 0.17764429548841465"
    })
    void equalsNewcombesExamples(
            long k, long n, double wLow, double wHigh, double ccLow, double ccHigh, double cpLow, double cpHigh) {
        assertInterval(Intervals.wilson(k, n, 0.95), (double) k / n, wLow, wHigh);
        assertInterval(Intervals.wilsonContinuityCorrected(k, n, 0.95), (double) k / n, ccLow, ccHigh);
        assertInterval(Intervals.clopperPearson(k, n, 0.95), (double) k / n, cpLow, cpHigh);
    }

    @Test
    void keepsTheDigitsOfRareEvents() {
        Interval one = Intervals.clopperPearson(1, 1_000_000, 0.95);
        assertThat(one.low()).isCloseTo(-Math.expm1(Math.log(0.975) / 1e6), within(1e-20));
        assertThat(one.high()).isCloseTo(5.571630655e-06, within(1e-14));

        // The closed form of no event: 1 - (alpha / 2)^(1/n).
        Interval none = Intervals.clopperPearson(0, 1_000_000, 0.95);
        assertThat(none.high()).isCloseTo(-Math.expm1(Math.log(0.025) / 1e6), within(1e-15));
    }

    @Test
    void mirrorsWhenSuccessesAndFailuresAreSwapped() {
        for (int k = 0; k <= 30; k++) {
            assertMirrored(Intervals.wilson(k, 30, 0.9), Intervals.wilson(30 - k, 30, 0.9));
            assertMirrored(
                    Intervals.wilsonContinuityCorrected(k, 30, 0.9),
                    Intervals.wilsonContinuityCorrected(30 - k, 30, 0.9));
            assertMirrored(Intervals.clopperPearson(k, 30, 0.9), Intervals.clopperPearson(30 - k, 30, 0.9));
        }
    }

    /** Summed over all outcomes, without a simulation. */
    @ParameterizedTest
    @ValueSource(ints = {10, 50, 200})
    void coversTheRateAsOftenAsPromised(int n) {
        double sumOfWilson = 0;
        double leastOfCorrected = 1;
        int rates = 0;
        for (double p = 0.005; p < 1; p += 0.005) {
            BinomialDistribution outcomes = BinomialDistribution.of(n, p);
            double wilson = 0;
            double corrected = 0;
            double exact = 0;
            for (int k = 0; k <= n; k++) {
                double probability = outcomes.probability(k);
                wilson += Intervals.wilson(k, n, 0.95).contains(p) ? probability : 0;
                corrected += Intervals.wilsonContinuityCorrected(k, n, 0.95).contains(p) ? probability : 0;
                exact += Intervals.clopperPearson(k, n, 0.95).contains(p) ? probability : 0;
            }
            assertThat(exact).as("Clopper-Pearson at %s", p).isGreaterThanOrEqualTo(0.95);
            assertThat(wilson).as("Wilson at %s", p).isGreaterThan(0.83);
            leastOfCorrected = Math.min(leastOfCorrected, corrected);
            sumOfWilson += wilson;
            rates++;
        }
        assertThat(sumOfWilson / rates).isBetween(0.945, 0.965);
        assertThat(leastOfCorrected).isGreaterThan(0.93);
    }

    /** Student's own data: hours of sleep gained, differences of two drugs; {@code t.test} in R gives the same. */
    @Test
    void equalsStudentsSleepExample() {
        double[] gained = {1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4};

        assertInterval(Intervals.mean(gained, 0.95), 1.58, 0.7001142367230175, 2.459885763276983);
    }

    @Test
    void coversTheMeanOfFewValues() {
        double coverage = Simulated.share(4_000, random -> Intervals.mean(Simulated.normal(random, 6), 0.9)
                .contains(0));

        assertThat(coverage).isBetween(0.885, 0.915);
    }

    /** By the matrices of Bell and McCaffrey, inverse square roots and all, in NumPy. */
    @Test
    void equalsTheMatrixFormOfTheClusteredVariance() {
        double[] values = {1, 2, 2, 3, 7, 6, 9, 8, 1, 0};
        int[] clusters = {1, 1, 1, 2, 2, 3, 3, 3, 3, 4};

        ClusteredMean mean = ClusteredMean.of(values, clusters);

        assertThat(mean.standardError()).isCloseTo(1.4306591887258513, within(1e-12));
        assertThat(mean.degreesOfFreedom()).isCloseTo(2.39240506329114, within(1e-12));
        assertInterval(Intervals.clusteredMean(values, clusters, 0.95), 3.9, -1.3824830294675823, 9.182483029467582);
    }

    @Test
    void isStudentsIntervalWhereEachCaseIsItsOwnCluster() {
        double[] values = {3, 1, 4, 1, 5, 9, 2, 6};
        int[] clusters = {7, 6, 5, 4, 3, 2, 1, 0};

        Interval student = Intervals.mean(values, 0.95);

        assertInterval(
                Intervals.clusteredMean(values, clusters, 0.95), student.estimate(), student.low(), student.high());
    }

    @Test
    void coversTheMeanOfUnevenClustersWhereStudentsDoesNot() {
        double clustered = Simulated.share(
                4_000, random -> Intervals.clusteredMean(Simulated.clustered(random, UNEVEN), UNEVEN, 0.95)
                        .contains(0));
        double naive = Simulated.share(4_000, random -> Intervals.mean(Simulated.clustered(random, UNEVEN), 0.95)
                .contains(0));

        assertThat(clustered).isBetween(0.935, 0.975);
        assertThat(naive).isLessThan(0.8);
    }

    @Test
    void isWilsonsIntervalOfIndependentCases() {
        double[] passes = {1, 1, 0, 1, 1, 1, 0, 1};
        int[] clusters = {7, 6, 5, 4, 3, 2, 1, 0};

        Interval wilson = Intervals.wilson(6, 8, 0.95);

        assertInterval(Intervals.clusteredRate(passes, clusters, 0.95), wilson.estimate(), wilson.low(), wilson.high());
    }

    @Test
    void isNotSureOfARateBecauseEverythingPassed() {
        double[] passes = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        int[] clusters = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3};

        Interval interval = Intervals.clusteredRate(passes, clusters, 0.95);

        assertThat(interval.low()).isEqualTo(Intervals.wilson(4, 4, 0.95).low());
        assertThat(interval.high()).isEqualTo(1);
        assertThat(Intervals.clusteredMean(passes, clusters, 0.95).width()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.8, 0.9})
    void coversTheRateOfClustersThatPassOrFailTogether(double rate) {
        double covered = Simulated.share(4_000, random -> {
            double[] passes = new double[160];
            int[] clusters = new int[160];
            for (int i = 0; i < 160; i++) {
                clusters[i] = i / 4;
                boolean alike = i % 4 > 0 && random.nextDouble() < 0.6;
                passes[i] = alike ? passes[i - 1] : random.nextDouble() < rate ? 1 : 0;
            }
            return Intervals.clusteredRate(passes, clusters, 0.95).contains(rate);
        });

        assertThat(covered).isBetween(0.93, 0.98);
    }

    @Test
    void leavesTheInputAsItIs() {
        double[] values = {3, 1, 2};
        int[] clusters = {2, 1, 1};

        Intervals.clusteredMean(values, clusters, 0.95);

        assertThat(values).containsExactly(3, 1, 2);
        assertThat(clusters).containsExactly(2, 1, 1);
    }

    @Test
    void refusesWhatHasNoInterval() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervals.wilson(11, 10, 0.95))
                .withMessage("successes: 11 (expected: 0 to 10, the trials)");
        assertThatIllegalArgumentException().isThrownBy(() -> Intervals.wilson(-1, 10, 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervals.clopperPearson(0, 0, 0.95))
                .withMessage("trials: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervals.wilson(1, 10, 95))
                .withMessage("level: 95.0 (expected: above 0 and below 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> Intervals.wilson(1, 10, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervals.mean(new double[] {1}, 0.95))
                .withMessage("values: 1 values (expected: at least 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervals.mean(new double[] {1, Double.NaN}, 0.95))
                .withMessageStartingWith("values[1]: NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervals.clusteredMean(new double[] {1, 2}, new int[] {5, 5}, 0.95))
                .withMessageStartingWith("clusters: 1 different (expected: at least 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Intervals.clusteredMean(new double[] {1, 2}, new int[] {5}, 0.95))
                .withMessage("clusters: 1 values (expected: 2, one for each of values)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(0.5, 0.6, 0.4, 0.95))
                .withMessageStartingWith("interval: 0.5 [0.6, 0.4]");
    }

    @Test
    void tellsItsWidthAndWhatItHolds() {
        Interval interval = new Interval(0.5, 0.25, 0.75, 0.95);

        assertThat(interval.width()).isEqualTo(0.5);
        assertThat(Arrays.asList(0.25, 0.5, 0.75)).allMatch(interval::contains);
        assertThat(Arrays.asList(0.2499, 0.7501, Double.NaN)).noneMatch(interval::contains);
    }

    private static void assertMirrored(Interval one, Interval other) {
        assertThat(one.low()).isCloseTo(1 - other.high(), within(1e-12));
        assertThat(one.high()).isCloseTo(1 - other.low(), within(1e-12));
        assertThat(one.contains(one.estimate())).isTrue();
    }

    private static void assertInterval(Interval interval, double estimate, double low, double high) {
        assertThat(interval.estimate()).isCloseTo(estimate, within(1e-10));
        assertThat(interval.low()).isCloseTo(low, within(1e-10));
        assertThat(interval.high()).isCloseTo(high, within(1e-10));
    }
}
