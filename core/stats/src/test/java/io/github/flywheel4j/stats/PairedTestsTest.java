package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedTestsTest {

    /** Darwin's maize, in eighths of an inch, as Fisher treats it in "The Design of Experiments". */
    private static final double[] MAIZE = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

    /** Student's sleep data. */
    private static final double[] DRUG_1 = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

    private static final double[] DRUG_2 = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

    private static final int[] CLUSTERS = Simulated.clusters(20, 1, 8, 3, 12, 2, 5, 5, 9, 1, 4, 10);

    @Test
    void equalsStudentsAndFishersExamples() {
        assertResult(PairedTests.t(DRUG_2, DRUG_1), 4.062127683382037, 0.002832890197384273);
        assertResult(PairedTests.t(MAIZE, zeros(15)), 2.1479874613311205, 0.049702944021800866);
    }

    /** Fisher counts 863 of the 32,768 patterns on one side. */
    @Test
    void countsThePatternsThatFisherCounted() {
        TestResult result = PairedTests.signFlip(MAIZE, zeros(15), 100, new SplittableRandom(1));

        assertResult(result, 314 / 15.0, 2 * 863 / 32_768.0);
        assertThat(result.method()).isEqualTo("sign-flip permutation, exact");
    }

    @Test
    void countsPatternsThatAreEqualButForRounding() {
        // 0.1 + 0.2 is not 0.3 in binary: all of 1, 2 and -3 tenths together are as far as 0.
        double[] tenths = {0.1, 0.2, -0.3};

        assertThat(PairedTests.signFlip(tenths, zeros(3), 100, new SplittableRandom(1))
                        .pValue())
                .isEqualTo(1);
        double[] tied = {0.1, 0.2, 0.3, -0.3};
        assertThat(PairedTests.signFlip(tied, zeros(4), 100, new SplittableRandom(1))
                        .pValue())
                .isEqualTo(12 / 16.0);
    }

    @Test
    void drawsPatternsWhereTheyAreTooManyToCount() {
        double[] twice = new double[30];
        System.arraycopy(MAIZE, 0, twice, 0, 15);
        double exact = PairedTests.signFlip(MAIZE, zeros(15), 100, new SplittableRandom(1))
                .pValue();

        // 15 more cases that differ by next to nothing force the draw and leave the p-value where it was.
        Arrays.fill(twice, 15, 30, 1e-7);
        TestResult drawn = PairedTests.signFlip(twice, zeros(30), 100_000, new SplittableRandom(1));

        assertThat(drawn.method()).isEqualTo("sign-flip permutation, 100000 random patterns");
        assertThat(drawn.pValue()).isCloseTo(exact, within(0.003));
    }

    @Test
    void drawsPatternsOfMoreThanSixtyFourCases() {
        double[] x = new double[200];
        Arrays.fill(x, 100, 200, 1);
        Arrays.fill(x, 100, 142, -1);

        // 58 against 42 of 100 equal differences: the exact sign test, binom.test(42, 100) in R, gives 0.1332.
        assertThat(PairedTests.signFlip(x, zeros(200), 100_000, new SplittableRandom(3))
                        .pValue())
                .isCloseTo(0.1332, within(0.004));
    }

    @Test
    void neverTellsAPValueOfZero() {
        double[] better = new double[40];
        Arrays.fill(better, 1);

        assertThat(PairedTests.signFlip(better, zeros(40), 999, new SplittableRandom(1))
                        .pValue())
                .isEqualTo(0.001);
    }

    /** By SciPy 1.17 with its defaults; the first is table 3.1 of Hollander and Wolfe. */
    @Test
    void equalsSciPysWilcoxon() {
        double[] x = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
        double[] y = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
        assertWilcoxon(PairedTests.wilcoxon(x, y), 5, 0.0390625, "exact");
        assertWilcoxon(wilcoxon(MAIZE), 24, 0.041259765625, "exact");
        // Pairs that are equal, few of them and many.
        assertWilcoxon(PairedTests.wilcoxon(DRUG_2, DRUG_1), 0, 0.00390625, "all permutations");
        assertWilcoxon(wilcoxon(1, 1, 2, 3, -1, -2, 4, 5, 0, 2, 3), 7, 0.0390625, "all permutations");
        assertWilcoxon(
                wilcoxon(1, 1, 2, 3, -1, -2, 4, 5, 0, 2, 3, 2, 2, 3, 4, 0, 7, 7, -7),
                24,
                0.012531349728934969,
                "normal approximation");
        double[] big = new double[60];
        Arrays.setAll(big, i -> (i * 37) % 101 - 43.5 + i / 1000.0);
        assertWilcoxon(wilcoxon(big), 708, 0.1275457309689271, "normal approximation");
    }

    /** By the matrix form in NumPy, see {@link IntervalsTest}. */
    @Test
    void testsClusteredDifferences() {
        double[] x = {1, 2, 2, 3, 7, 6, 9, 8, 1, 0};
        int[] clusters = {1, 1, 1, 2, 2, 3, 3, 3, 3, 4};

        assertResult(PairedTests.clusteredT(x, zeros(10), clusters), 2.7260161125259676, 0.09254873001116386);
    }

    @Test
    void equalsThePlainTestsWhereEachCaseIsItsOwnCluster() {
        int[] own = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

        TestResult t = PairedTests.t(DRUG_1, DRUG_2);
        assertResult(PairedTests.clusteredT(DRUG_1, DRUG_2, own), t.statistic(), t.pValue());
        TestResult flip = PairedTests.signFlip(DRUG_1, DRUG_2, 100, new SplittableRandom(1));
        assertResult(
                PairedTests.clusteredSignFlip(DRUG_1, DRUG_2, own, 100, new SplittableRandom(1)),
                flip.statistic(),
                flip.pValue());
    }

    @Test
    void flipsClustersAsAWhole() {
        double[] x = {1, 1, 1, 1, 1, 1, 1, 1};

        TestResult two = PairedTests.clusteredSignFlip(
                x, zeros(8), new int[] {1, 1, 1, 1, 2, 2, 2, 2}, 100, new SplittableRandom(1));

        assertThat(two.pValue()).isEqualTo(0.5);
        assertThat(two.statistic()).isEqualTo(1);
    }

    @Test
    void pValuesAreUniformWhereThereIsNoDifference() {
        assertThat(Simulated.distance(
                        3_000, random -> PairedTests.t(Simulated.normal(random, 8), Simulated.normal(random, 8))
                                .pValue()))
                .isLessThan(0.03);
        assertThat(Simulated.distance(3_000, random -> PairedTests.wilcoxon(
                                Simulated.normal(random, 30), Simulated.normal(random, 30))
                        .pValue()))
                .isLessThan(0.03);
        assertThat(Simulated.distance(
                        3_000, random -> PairedTests.signFlip(Simulated.normal(random, 10), zeros(10), 100, random)
                                .pValue()))
                .isLessThan(0.03);
        assertThat(Simulated.distance(
                        1_500, random -> PairedTests.signFlip(Simulated.normal(random, 25), zeros(25), 199, random)
                                .pValue()))
                .isLessThan(0.04);
    }

    @Test
    void clusteredTestsRaiseNoMoreFalseAlarmsThanTheirLevelAndPlainOnesDo() {
        double[] none = zeros(CLUSTERS.length);

        double t = Simulated.share(
                4_000,
                random -> PairedTests.clusteredT(Simulated.clustered(random, CLUSTERS), none, CLUSTERS)
                                .pValue()
                        <= 0.05);
        double flip = Simulated.share(
                1_000,
                random -> PairedTests.clusteredSignFlip(
                                        Simulated.clustered(random, CLUSTERS), none, CLUSTERS, 100, random)
                                .pValue()
                        <= 0.05);
        double plain = Simulated.share(
                4_000,
                random -> PairedTests.t(Simulated.clustered(random, CLUSTERS), none)
                                .pValue()
                        <= 0.05);

        assertThat(t).isBetween(0.025, 0.06);
        assertThat(flip).isBetween(0.03, 0.065);
        assertThat(plain).isGreaterThan(0.2);
    }

    @Test
    void isTheSameWhenTheSystemsAreSwapped() {
        var random = new SplittableRandom(11);
        for (int i = 0; i < 50; i++) {
            double[] x = Simulated.normal(random, 25);
            double[] y = Simulated.normal(random, 25);
            int[] clusters = Simulated.clusters(5, 5, 10, 1, 4);
            assertSwapped(PairedTests.t(x, y), PairedTests.t(y, x));
            assertSwapped(PairedTests.clusteredT(x, y, clusters), PairedTests.clusteredT(y, x, clusters));
            assertSwapped(
                    PairedTests.signFlip(x, y, 200, new SplittableRandom(5)),
                    PairedTests.signFlip(y, x, 200, new SplittableRandom(5)));
            assertSwapped(
                    PairedTests.clusteredSignFlip(x, y, clusters, 200, new SplittableRandom(5)),
                    PairedTests.clusteredSignFlip(y, x, clusters, 200, new SplittableRandom(5)));
            assertThat(PairedTests.wilcoxon(x, y)).isEqualTo(PairedTests.wilcoxon(y, x));
        }
    }

    @Test
    void equalScoresAreNoEvidence() {
        double[] same = {0.5, 0.25, 1};
        int[] clusters = {1, 1, 2};

        assertThat(PairedTests.t(same, same).pValue()).isEqualTo(1);
        assertThat(PairedTests.clusteredT(same, same, clusters).pValue()).isEqualTo(1);
        assertThat(PairedTests.wilcoxon(same, same).pValue()).isEqualTo(1);
        assertThat(PairedTests.signFlip(same, same, 100, new SplittableRandom(1))
                        .pValue())
                .isEqualTo(1);
        assertThat(PairedTests.clusteredSignFlip(same, same, clusters, 100, new SplittableRandom(1))
                        .pValue())
                .isEqualTo(1);
    }

    @Test
    void differencesThatDoNotVaryAreInfinitelyFarForStudentOnly() {
        double[] x = {2, 2, 2};

        assertThat(PairedTests.t(x, zeros(3)).statistic()).isInfinite();
        assertThat(PairedTests.signFlip(x, zeros(3), 100, new SplittableRandom(1))
                        .pValue())
                .isEqualTo(0.25);
    }

    @Test
    void refusesWhatCannotBePaired() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTests.t(new double[] {1, 2}, new double[] {1}))
                .withMessage("y: 1 values (expected: 2, one for each of x)");
        assertThatIllegalArgumentException().isThrownBy(() -> PairedTests.t(new double[] {1}, new double[] {1}));
        assertThatIllegalArgumentException().isThrownBy(() -> PairedTests.wilcoxon(zeros(0), zeros(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTests.wilcoxon(new double[] {1}, new double[] {Double.POSITIVE_INFINITY}))
                .withMessageStartingWith("y[0]: Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTests.signFlip(MAIZE, zeros(15), 99, new SplittableRandom(1)))
                .withMessage("resamples: 99 (expected: >= 100)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTests.clusteredT(MAIZE, zeros(15), new int[15]))
                .withMessageStartingWith("clusters: 1 different");
        assertThatIllegalArgumentException().isThrownBy(() -> new TestResult(0, 1.1, "none"));
    }

    private static TestResult wilcoxon(double... differences) {
        return PairedTests.wilcoxon(differences, zeros(differences.length));
    }

    private static void assertWilcoxon(TestResult result, double statistic, double p, String method) {
        assertResult(result, statistic, p);
        assertThat(result.method()).isEqualTo("Wilcoxon signed rank, " + method);
    }

    private static void assertResult(TestResult result, double statistic, double p) {
        assertThat(result.statistic()).isCloseTo(statistic, within(1e-10));
        assertThat(result.pValue()).isCloseTo(p, within(1e-10));
    }

    private static void assertSwapped(TestResult one, TestResult other) {
        assertThat(one.statistic()).isCloseTo(-other.statistic(), within(1e-12));
        assertThat(one.pValue()).isCloseTo(other.pValue(), within(1e-12));
    }

    private static double[] zeros(int n) {
        return new double[n];
    }
}
