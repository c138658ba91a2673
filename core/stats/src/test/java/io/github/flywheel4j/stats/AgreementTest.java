package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.stats.Agreement.Scale;
import io.github.flywheel4j.stats.Agreement.Weights;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AgreementTest {

    private static final double MISSING = Double.NaN;

    /** Krippendorff's "Computing Krippendorff's alpha-reliability", section C: four observers, twelve units. */
    private static final double[][] KRIPPENDORFF = {
        {1, 1, MISSING, 1},
        {2, 2, 3, 2},
        {3, 3, 3, 3},
        {3, 3, 3, 3},
        {2, 2, 2, 2},
        {1, 2, 3, 4},
        {4, 4, 4, 4},
        {1, 1, 2, 1},
        {2, 2, 2, 2},
        {MISSING, 5, 5, 5},
        {MISSING, MISSING, 1, 1},
        {MISSING, 3, MISSING, MISSING}
    };

    @Test
    void coversKappaWhereCasesComeInClusters() {
        RandomGenerator random = new SplittableRandom(20_267);
        int covered = 0;
        int coveredWithoutClusters = 0;
        for (int run = 0; run < 400; run++) {
            int[] people = new int[300];
            int[] judge = new int[300];
            int[] clusters = new int[300];
            for (int i = 0; i < people.length; i++) {
                clusters[i] = i / 10;
                boolean isFirst = i % 10 == 0;
                // A cluster has one label, and mostly one verdict: a judge errs on whole clusters.
                people[i] = isFirst ? random.nextInt(2) : people[i - 1];
                judge[i] = isFirst || random.nextDouble() < 0.2
                        ? (random.nextDouble() < 0.8 ? people[i] : 1 - people[i])
                        : judge[i - 1];
            }
            covered += Agreement.cohenKappa(people, judge, clusters, Weights.UNWEIGHTED, 0.95)
                            .orElseThrow()
                            .contains(0.6)
                    ? 1
                    : 0;
            coveredWithoutClusters += Agreement.cohenKappa(people, judge, Weights.UNWEIGHTED, 0.95)
                            .orElseThrow()
                            .contains(0.6)
                    ? 1
                    : 0;
        }
        // 95 % of 400, less three standard errors of that.
        assertThat(covered).isGreaterThanOrEqualTo(367);
        assertThat(coveredWithoutClusters).isLessThan(300);
    }

    @Test
    void comesCloseToTheLargeSampleIntervalWhereEachCaseStandsAlone() {
        RandomGenerator random = new SplittableRandom(20_268);
        int[] people = random.ints(300, 0, 2).toArray();
        int[] judge = IntStream.range(0, 300)
                .map(i -> random.nextDouble() < 0.8 ? people[i] : 1 - people[i])
                .toArray();
        int[] alone = IntStream.range(0, 300).toArray();

        Interval clustered = Agreement.cohenKappa(people, judge, alone, Weights.UNWEIGHTED, 0.95)
                .orElseThrow();
        Interval plain =
                Agreement.cohenKappa(people, judge, Weights.UNWEIGHTED, 0.95).orElseThrow();

        assertThat(clustered.estimate()).isEqualTo(plain.estimate());
        assertThat(clustered.low()).isCloseTo(plain.low(), within(0.003));
        assertThat(clustered.high()).isCloseTo(plain.high(), within(0.003));
    }

    @Test
    void knowsNoIntervalWhereOneClusterAloneHasAKindOrIsAlone() {
        int[] people = {1, 1, 1, 0};
        int[] judge = {1, 1, 1, 0};

        assertThat(Agreement.cohenKappa(people, judge, new int[] {1, 1, 2, 3}, Weights.UNWEIGHTED, 0.95))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agreement.cohenKappa(people, judge, new int[4], Weights.UNWEIGHTED, 0.95))
                .withMessageContaining("clusters: 1 different");
    }

    /** The psychiatrists' table of Fleiss, "Statistical Methods for Rates and Proportions": kappa .68, its error .087. */
    @ParameterizedTest
    @CsvSource({
        "UNWEIGHTED, 0.676470588235294, 0.08770295347521254",
        "LINEAR, 0.7222222222222222, 0.08430095392318866",
        "QUADRATIC, 0.7553191489361695, 0.08670713249380751"
    })
    void equalsTheExampleOfFleiss(Weights weights, double kappa, double standardError) {
        int[][] table = {{75, 1, 4}, {5, 4, 1}, {0, 0, 10}};
        int[] a = new int[100];
        int[] b = new int[100];
        int filled = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                for (int n = 0; n < table[i][j]; n++) {
                    a[filled] = i + 1;
                    b[filled++] = j + 1;
                }
            }
        }

        Interval interval = Agreement.cohenKappa(a, b, weights, 0.95).orElseThrow();

        assertThat(interval.estimate()).isCloseTo(kappa, within(1e-12));
        assertThat(interval.low()).isCloseTo(kappa - 1.959963984540054 * standardError, within(1e-9));
        assertThat(interval.high()).isCloseTo(kappa + 1.959963984540054 * standardError, within(1e-9));
        assertThat(Agreement.cohenKappa(b, a, weights, 0.95).orElseThrow().estimate())
                .isCloseTo(kappa, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(Weights.class)
    void kappaCoversTheTruth(Weights weights) {
        // Two raters who take a third of the cases as they are and guess the rest agree with kappa 1/3, however
        // weighted.
        double coverage = Simulated.share(2_000, random -> {
            int[] a = new int[100];
            int[] b = new int[100];
            for (int i = 0; i < 100; i++) {
                a[i] = random.nextInt(1, 5);
                b[i] = random.nextInt(3) == 0 ? a[i] : random.nextInt(1, 5);
            }
            return Agreement.cohenKappa(a, b, weights, 0.95).orElseThrow().contains(1 / 3.0);
        });

        assertThat(coverage).isBetween(0.93, 0.97);
    }

    @Test
    void neverExceedsPerfectAgreement() {
        for (int n = 2; n < 200; n++) {
            int[] ratings = IntStream.range(0, n).map(i -> i % 3 == 0 ? 0 : 1).toArray();

            Interval kappa = Agreement.cohenKappa(ratings, ratings, Agreement.Weights.UNWEIGHTED, 0.95)
                    .orElseThrow();

            assertThat(kappa.estimate()).isEqualTo(1, within(1e-12)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void countsAnUnusedPlaceOnTheScaleAsAStep() {
        int[] a = {1, 1, 2, 2, 9, 9};
        int[] b = {1, 2, 9, 9, 9, 2};
        int[] close = {1, 2, 3, 3, 3, 2};

        assertThat(kappa(a, b, Weights.UNWEIGHTED))
                .isCloseTo(kappa(new int[] {1, 1, 2, 2, 3, 3}, close, Weights.UNWEIGHTED), within(1e-12));
        assertThat(kappa(a, b, Weights.LINEAR))
                .isNotCloseTo(kappa(new int[] {1, 1, 2, 2, 3, 3}, close, Weights.LINEAR), within(1e-3));
    }

    @Test
    void perfectAgreementIsOneAndChanceIsZero() {
        assertThat(kappa(new int[] {1, 2, 3, 1}, new int[] {1, 2, 3, 1}, Weights.QUADRATIC))
                .isEqualTo(1);
        assertThat(kappa(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}, Weights.UNWEIGHTED))
                .isEqualTo(0);
        assertThat(kappa(new int[] {0, 1}, new int[] {1, 0}, Weights.UNWEIGHTED))
                .isEqualTo(-1);
    }

    /** The figures that Krippendorff gives. */
    @ParameterizedTest
    @CsvSource({"NOMINAL, 0.743", "ORDINAL, 0.815", "INTERVAL, 0.849"})
    void equalsKrippendorffsExample(Scale scale, double alpha) {
        assertThat(Agreement.krippendorffAlpha(KRIPPENDORFF, scale).orElseThrow())
                .isCloseTo(alpha, within(0.0005));
    }

    @Test
    void ordinalAlphaKnowsTheOrderOnly() {
        double[][] stretched = new double[KRIPPENDORFF.length][];
        for (int i = 0; i < stretched.length; i++) {
            stretched[i] = KRIPPENDORFF[i].clone();
            for (int j = 0; j < stretched[i].length; j++) {
                stretched[i][j] = Math.exp(stretched[i][j]);
            }
        }

        assertThat(Agreement.krippendorffAlpha(stretched, Scale.ORDINAL))
                .isEqualTo(Agreement.krippendorffAlpha(KRIPPENDORFF, Scale.ORDINAL));
        assertThat(Agreement.krippendorffAlpha(stretched, Scale.NOMINAL))
                .isEqualTo(Agreement.krippendorffAlpha(KRIPPENDORFF, Scale.NOMINAL));
        assertThat(Agreement.krippendorffAlpha(stretched, Scale.INTERVAL))
                .isNotEqualTo(Agreement.krippendorffAlpha(KRIPPENDORFF, Scale.INTERVAL));
    }

    @ParameterizedTest
    @EnumSource(Scale.class)
    void alphaOfGuessesIsNearZero(Scale scale) {
        RandomGenerator random = new SplittableRandom(3);
        double[][] guesses = new double[2_000][3];
        for (double[] ofCase : guesses) {
            for (int i = 0; i < ofCase.length; i++) {
                ofCase[i] = random.nextInt(5);
            }
        }

        assertThat(Agreement.krippendorffAlpha(guesses, scale).orElseThrow()).isCloseTo(0, within(0.03));
    }

    @Test
    void isEmptyWhereEverybodyAlwaysSaysTheSame() {
        assertThat(Agreement.cohenKappa(new int[] {1, 1}, new int[] {1, 1}, Weights.LINEAR, 0.95))
                .isEmpty();
        assertThat(Agreement.krippendorffAlpha(new double[][] {{2, 2}, {2, 2, MISSING}}, Scale.NOMINAL))
                .isEmpty();
        assertThat(Agreement.krippendorffAlpha(new double[][] {{0.0, -0.0}}, Scale.NOMINAL))
                .isEmpty();
    }

    @Test
    void refusesRatingsThatCannotBeCompared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agreement.cohenKappa(new int[] {1}, new int[] {1, 2}, Weights.LINEAR, 0.95))
                .withMessage("b: 2 values (expected: 1, one for each of a)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agreement.cohenKappa(new int[0], new int[0], Weights.LINEAR, 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agreement.krippendorffAlpha(new double[][] {{1}, {MISSING, 2}}, Scale.NOMINAL))
                .withMessageStartingWith("ratings: no case has two");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Agreement.krippendorffAlpha(new double[][] {{1, Double.POSITIVE_INFINITY}}, Scale.INTERVAL));
    }

    private static double kappa(int[] a, int[] b, Weights weights) {
        return Agreement.cohenKappa(a, b, weights, 0.95).orElseThrow().estimate();
    }
}
