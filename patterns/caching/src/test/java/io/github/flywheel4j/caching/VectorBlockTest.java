package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorBlockTest {

    private static final int ROWS = 600;

    @ParameterizedTest
    @ValueSource(ints = {16, 100, 384, 1000})
    void estimatesFromSignsWhatTheCosineIs(int dimension) {
        Random random = Seeds.named("vector block " + dimension).random();
        List<float[]> vectors = uneven(random, dimension);
        VectorBlock<Integer> block = block(vectors, VectorCentre.of(together(vectors), dimension));

        assertThat(errors(vectors, block, Vectors.near(random, vectors.get(7), .8))[0])
                .isLessThan(1.1 / Math.sqrt(dimension));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 100, 200, 384, 1000})
    void estimatesFromOutlineAndDetailWhatTheCosineIs(int dimension) {
        Random random = Seeds.named("vector block " + dimension).random();
        List<float[]> vectors = uneven(random, dimension);
        double[] errors = errors(vectors, block(vectors, dimension), Vectors.near(random, vectors.get(7), .8));

        assertThat(errors[0])
                .as("error of the outlines")
                .isLessThan(1 / Math.sqrt(Math.min(dimension, MainDirections.MOST) / 2.0));
        assertThat(errors[1])
                .as("error with the details")
                .isLessThan(.8 / Math.sqrt(Math.min(dimension, MainDirections.MOST)));
        if (dimension > MainDirections.OUTLINED) {
            assertThat(errors[1]).isLessThan(errors[0] * .8);
        }
    }

    /** Of the rough estimates and of the refined ones; the similarity is exact but for its codes. */
    private static double[] errors(List<float[]> vectors, VectorBlock<Integer> block, float[] query) {
        VectorQuery asked = new VectorQuery(query);
        RowScan scan = new RowScan(ROWS);
        block.scan(asked, 3, scan);
        NearestRows rough = scan.rows();
        rough.sort();
        assertThat(rough.size()).isEqualTo(ROWS);
        double[] squares = new double[2];
        for (int i = 0; i < ROWS; i++) {
            int row = rough.row(i);
            double cosine = Vectors.cosine(vectors.get(row), query);
            assertThat(rough.block(i)).isEqualTo(3);
            assertThat((double) block.similarity(asked, row)).isEqualTo(cosine, within(.006));
            squares[0] += Math.pow(rough.score(i) - cosine, 2) / ROWS;
            squares[1] += Math.pow(block.refine(asked, row, rough.score(i)) - cosine, 2) / ROWS;
        }
        return new double[] {Math.sqrt(squares[0]), Math.sqrt(squares[1])};
    }

    @Test
    void aForkDoesNotShowWhatItLoses() {
        List<float[]> vectors = uneven(Seeds.named("vector block fork").random(), 64);
        VectorBlock<Integer> block = block(vectors, 64);
        VectorQuery query = new VectorQuery(vectors.get(17));
        block.fork().clear(17);
        RowScan scan = new RowScan(1);
        block.scan(query, 0, scan);
        scan.rows().sort();

        assertThat(scan.rows().row(0)).isEqualTo(17);
        assertThat(block.label(17)).isEqualTo(17);
    }

    /** A directory has more rows than are scored together. */
    @Test
    void scansMoreRowsThanStandTogether() {
        Random random = Seeds.named("vector block of many").random();
        List<float[]> vectors = uneven(random, 80);
        VectorBlock<Integer> block = new VectorBlock<>(80, VectorCentre.withDirections(together(vectors), 80), 1);
        int count = 2 * VectorSketches.TOGETHER + 37;
        for (int i = 0; i < count; i++) {
            block = block.isFull() ? block.withCapacity(block.capacity() * 5 / 4 + 1) : block;
            block.append(i, vectors.get(i % ROWS));
        }
        VectorQuery query = new VectorQuery(vectors.get(5));
        RowScan scan = new RowScan(count);
        block.scan(query, 0, scan);
        scan.rows().sort();

        assertThat(scan.rows().size()).isEqualTo(count);
        assertThat(IntStream.range(0, count).map(scan.rows()::row).distinct().count())
                .isEqualTo(count);
        // Equal vectors have equal scores: the first are the copies of the vector asked for.
        for (int i = 0; i < (count - 6) / ROWS + 1; i++) {
            assertThat(scan.rows().row(i) % ROWS).isEqualTo(5);
        }
    }

    @Test
    void takesRowsOverAsTheyAre() {
        Random random = Seeds.named("vector block copy").random();
        List<float[]> vectors = uneven(random, 40);
        VectorBlock<Integer> block = block(vectors, 40);
        VectorBlock<Integer> copy = new VectorBlock<>(40, block.centre(), 1);
        copy.append(5, block, 17);
        VectorQuery query = new VectorQuery(vectors.get(1));

        assertThat(copy.similarity(query, 0)).isEqualTo(block.similarity(query, 17));
        assertThat(copy.refine(query, 0, .5f)).isEqualTo(block.refine(query, 17, .5f));
        RowScan scan = new RowScan(1);
        copy.scan(query, 0, scan);
        RowScan all = new RowScan(ROWS);
        block.scan(query, 0, all);
        assertThat(all.rows().size()).isEqualTo(ROWS);
        boolean sameScore = false;
        for (int i = 0; i < ROWS; i++) {
            sameScore |= all.rows().row(i) == 17
                    && all.rows().score(i) == scan.rows().score(0);
        }
        assertThat(sameScore).isTrue();
    }

    @Test
    void ranksARowWhoseLabelIsGoneBehindAllOthers() {
        List<float[]> vectors = uneven(Seeds.named("vector block clear").random(), 64);
        VectorBlock<Integer> block = block(vectors, 64);
        block.clear(17);
        RowScan scan = new RowScan(ROWS);
        block.scan(new VectorQuery(vectors.get(17)), 0, scan);
        scan.rows().sort();

        assertThat(scan.rows().row(ROWS - 1)).isEqualTo(17);
    }

    @Test
    void aFloorFromASampleLetsAboutAsManyThroughAsAreWanted() {
        List<float[]> vectors = uneven(Seeds.named("vector block floor").random(), 200);
        VectorBlock<Integer> block = block(vectors, 200);
        VectorQuery query = new VectorQuery(vectors.get(0));
        RowScan scan = new RowScan(ROWS);
        block.sample(query, 0, scan);
        scan.floor(ROWS / 4, ROWS);
        block.scan(query, 0, scan);

        assertThat(scan.rows().size()).isBetween(ROWS / 12, ROWS / 2);
    }

    /** Some directions matter more than others, and all vectors lie to one side. */
    private static List<float[]> uneven(Random random, int dimension) {
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            float[] vector = Vectors.random(random, dimension);
            for (int j = 0; j < dimension; j++) {
                vector[j] = (float) ((vector[j] + .3 / Math.sqrt(dimension)) * Math.pow(j + 1, -.3));
            }
            vectors.add(Vectors.ofLengthOne(vector));
        }
        return vectors;
    }

    private static VectorBlock<Integer> block(List<float[]> vectors, int dimension) {
        return block(vectors, VectorCentre.withDirections(together(vectors), dimension));
    }

    private static VectorBlock<Integer> block(List<float[]> vectors, VectorCentre centre) {
        VectorBlock<Integer> block = new VectorBlock<>(vectors.get(0).length, centre, ROWS);
        for (int i = 0; i < ROWS; i++) {
            block.append(i, vectors.get(i));
        }
        return block;
    }

    private static float[] together(List<float[]> vectors) {
        int dimension = vectors.get(0).length;
        float[] together = new float[ROWS * dimension];
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(vectors.get(i), 0, together, i * dimension, dimension);
        }
        return together;
    }
}
