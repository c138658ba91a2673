package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    /** Darwin's maize. */
    private static final double[] MAIZE = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

    /** The law schools of Efron and Tibshirani, table 3.1. */
    private static final double[] LSAT = {576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594};

    private static final double[] GPA = {
        3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96
    };

    /** By SciPy 1.17 with 500,000 resamples; BCa leans to the low side because the two failures do. */
    @Test
    void equalsSciPyWithinTheErrorOfTheDraws() {
        Bootstrap bootstrap = Bootstrap.of(40_000, new SplittableRandom(5));

        Interval percentile = bootstrap.percentile(MAIZE, Bootstrap::mean, 0.95);
        assertThat(percentile.estimate()).isCloseTo(314 / 15.0, within(1e-12));
        assertThat(percentile.low()).isCloseTo(1.4667, within(0.6));
        assertThat(percentile.high()).isCloseTo(38.1333, within(0.6));
        Interval bca = bootstrap.bca(MAIZE, Bootstrap::mean, 0.95);
        assertThat(bca.low()).isCloseTo(-1.6667, within(0.8));
        assertThat(bca.high()).isCloseTo(36.3333, within(0.6));
    }

    /** BCa interval of a statistic over pairs: SciPy gives 0.33 to 0.94. */
    @Test
    void takesStatisticsOfSeveralColumns() {
        Interval interval =
                Bootstrap.of(20_000, new SplittableRandom(6)).bca(LSAT.length, BootstrapTest::correlation, 0.95);

        assertThat(interval.estimate()).isCloseTo(0.776374491289407, within(1e-12));
        assertThat(interval.low()).isCloseTo(0.333, within(0.02));
        assertThat(interval.high()).isCloseTo(0.942, within(0.01));
    }

    @Test
    void givesTheSameForTheSameSeed() {
        Interval one = Bootstrap.of(500, new SplittableRandom(8)).bca(MAIZE, Bootstrap::mean, 0.9);
        Interval other = Bootstrap.of(500, new SplittableRandom(8)).bca(MAIZE, Bootstrap::mean, 0.9);

        assertThat(one).isEqualTo(other);
    }

    @Test
    void bcaCoversTheMeanOfASkewedSample() {
        double coverage = Simulated.share(500, random -> {
            double[] values = new double[50];
            Arrays.setAll(values, i -> random.nextExponential());
            return Bootstrap.of(400, random).bca(values, Bootstrap::mean, 0.95).contains(1);
        });

        assertThat(coverage).isBetween(0.9, 0.97);
    }

    @Test
    void coversTheMeanOfClustersOnlyIfClustersAreDrawn() {
        int[] sizes = new int[40];
        Arrays.setAll(sizes, i -> 1 + i % 7);
        int[] clusters = Simulated.clusters(sizes);
        double clustered = Simulated.share(500, random -> Bootstrap.of(300, random)
                .byCluster(clusters)
                .percentile(Simulated.clustered(random, clusters), Bootstrap::mean, 0.95)
                .contains(0));
        double bca = Simulated.share(300, random -> Bootstrap.of(300, random)
                .byCluster(clusters)
                .bca(Simulated.clustered(random, clusters), Bootstrap::mean, 0.95)
                .contains(0));
        double plain = Simulated.share(500, random -> Bootstrap.of(300, random)
                .percentile(Simulated.clustered(random, clusters), Bootstrap::mean, 0.95)
                .contains(0));

        assertThat(clustered).isBetween(0.91, 0.97);
        assertThat(bca).isBetween(0.9, 0.97);
        assertThat(plain).isLessThan(0.85);
    }

    @Test
    void aStatisticThatDoesNotVaryHasNoWidth() {
        Interval interval =
                Bootstrap.of(100, new SplittableRandom(1)).bca(new double[] {2, 2, 2}, Bootstrap::mean, 0.95);

        assertThat(interval).isEqualTo(new Interval(2, 2, 2, 0.95));
    }

    @Test
    void refusesAStatisticThatIsMostlyUndefined() {
        Bootstrap bootstrap = Bootstrap.of(100, new SplittableRandom(1));
        ToDoubleFunction<double[]> undefined = values -> values.length == 3 && values[0] == 1 ? 1 : Double.NaN;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.percentile(new double[] {1, 2, 3}, undefined, 0.95))
                .withMessageStartingWith("statistic: NaN for 101 resamples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.percentile(new double[] {2, 1, 3}, undefined, 0.95))
                .withMessage("statistic: NaN for the whole sample (expected: a number)");
    }

    @Test
    void refusesWhatCannotBeDrawnFrom() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bootstrap.of(99, new SplittableRandom(1)))
                .withMessage("resamples: 99 (expected: >= 100)");
        Bootstrap bootstrap = Bootstrap.of(100, new SplittableRandom(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.percentile(new double[] {1}, Bootstrap::mean, 0.95));
        assertThatIllegalArgumentException().isThrownBy(() -> bootstrap.byCluster(new int[] {1, 1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.byCluster(new int[] {1, 2}).percentile(MAIZE, Bootstrap::mean, 0.95))
                .withMessage("clusters: 2 values (expected: 15, one for each of the cases)");
    }

    private static double correlation(int[] indices) {
        double[] lsat = Arrays.stream(indices).mapToDouble(i -> LSAT[i]).toArray();
        double[] gpa = Arrays.stream(indices).mapToDouble(i -> GPA[i]).toArray();
        return Correlation.pearson(lsat, gpa).orElse(Double.NaN);
    }
}
