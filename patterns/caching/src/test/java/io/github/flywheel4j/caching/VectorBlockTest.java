package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorBlockTest {

    private static final int ROWS = 600;

    @ParameterizedTest
    @ValueSource(ints = {16, 100, 384, 1000})
    void estimatesFromSignsAndFromSketchesWhatTheCosineIs(int dimension) {
        Random random = Seeds.named("vector block " + dimension).random();
        List<float[]> vectors = uneven(random, dimension);
        VectorBlock<Integer> block = block(vectors, dimension);
        float[] query = Vectors.near(random, vectors.get(7), .8);
        VectorQuery asked = new VectorQuery(query);
        CentredQuery centred = asked.relativeTo(block.centre());
        RowScan scan = new RowScan(ROWS);
        block.scan(asked, 3, scan);
        NearestRows rough = scan.rows();
        rough.sort();

        double signs = 0;
        int withinMargin = 0;
        for (int row = 0; row < ROWS; row++) {
            double cosine = Vectors.cosine(vectors.get(row), query);
            double estimate = block.estimate(centred, row);
            signs += Math.pow(estimate - cosine, 2) / ROWS;
            withinMargin += Math.abs(cosine - estimate) < block.margin(centred, row) ? 1 : 0;
            assertThat((double) block.similarity(asked, row)).isEqualTo(cosine, within(.006));
        }
        double sketches = 0;
        for (int i = 0; i < rough.size(); i++) {
            assertThat(rough.block(i)).isEqualTo(3);
            sketches += Math.pow(rough.score(i) - Vectors.cosine(vectors.get(rough.row(i)), query), 2) / ROWS;
        }
        assertThat(rough.size()).isEqualTo(ROWS);
        assertThat(Math.sqrt(signs)).as("error of the signs").isLessThan(1.1 / Math.sqrt(dimension));
        assertThat(withinMargin).as("rows within the margin").isGreaterThanOrEqualTo(ROWS - 2);
        assertThat(Math.sqrt(sketches))
                .as("error of the sketches")
                .isLessThan(1 / Math.sqrt(Math.min(dimension, MainDirections.MOST) / 2.0));
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
        assertThat(copy.estimate(query.relativeTo(copy.centre()), 0))
                .isEqualTo(block.estimate(query.relativeTo(block.centre()), 17));
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
        float[] sample = new float[ROWS * dimension];
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(vectors.get(i), 0, sample, i * dimension, dimension);
        }
        VectorBlock<Integer> block = new VectorBlock<>(dimension, VectorCentre.withDirections(sample, dimension), ROWS);
        for (int i = 0; i < ROWS; i++) {
            block.append(i, vectors.get(i));
        }
        return block;
    }
}
