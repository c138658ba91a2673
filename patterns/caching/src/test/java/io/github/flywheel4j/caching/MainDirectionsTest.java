package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.testkit.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MainDirectionsTest {

    private static final int COUNT = 512;

    @Test
    void keepsLengthsWithinTheDirectionsInWhichVectorsDiffer() {
        // Vectors of 300 dimensions that differ in 128 of them only.
        Random random = Seeds.named("main directions").random();
        float[] vectors = vectors(random, 300, 128);
        VectorCentre centre = VectorCentre.of(vectors, 300);
        MainDirections directions = MainDirections.of(vectors, 300, centre);

        assertThat(directions.count()).isEqualTo(128);
        float[] vector = vectors(random, 300, 128);
        for (int i = 0; i < 10; i++) {
            float[] one = Arrays.copyOfRange(vector, i * 300, (i + 1) * 300);
            float[] along = directions.of(one);
            assertThat(Vectors.cosine(along, along)).isEqualTo(Vectors.cosine(one, one), within(.02));
        }
    }

    @Test
    void haveAboutTheSameVarianceEachWithinAGroupAndMoreInTheFirst() {
        float[] vectors = vectors(Seeds.named("even directions").random(), 200, 200);
        MainDirections directions = MainDirections.of(vectors, 200, VectorCentre.of(vectors, 200));
        double[] variance = new double[directions.count()];
        for (int i = 0; i < COUNT; i++) {
            float[] along = directions.of(Arrays.copyOfRange(vectors, i * 200, (i + 1) * 200));
            for (int j = 0; j < along.length; j++) {
                variance[j] += along[j] * along[j];
            }
        }
        // The first coordinate of the vectors has 200 times the variance of the last.
        double[] first = Arrays.copyOf(variance, MainDirections.OUTLINED);
        double[] second = Arrays.copyOfRange(variance, MainDirections.OUTLINED, MainDirections.MOST);
        for (double[] group : new double[][] {first, second}) {
            double least = Arrays.stream(group).min().orElseThrow();
            double greatest = Arrays.stream(group).max().orElseThrow();
            assertThat(greatest / least).isLessThan(4);
        }
        assertThat(Arrays.stream(first).min().orElseThrow())
                .isGreaterThan(Arrays.stream(second).max().orElseThrow());
    }

    @Test
    void standVectorsThatAreAllEqual() {
        float[] vectors = new float[COUNT * 8];
        Arrays.fill(vectors, .35f);
        MainDirections directions = MainDirections.of(vectors, 8, VectorCentre.of(vectors, 8));

        assertThat(directions.of(new float[8])).containsOnly(0f);
        for (float each : directions.of(new float[] {1, 0, 0, 0, 0, 0, 0, 0})) {
            assertThat(each).isBetween(-1f, 1f);
        }
    }

    private static float[] vectors(Random random, int dimension, int different) {
        float[] vectors = new float[COUNT * dimension];
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < different; j++) {
                vectors[i * dimension + j] = (float) (random.nextGaussian() / Math.sqrt(j + 1));
            }
        }
        return vectors;
    }
}
