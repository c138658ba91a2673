package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SketchScanTest {

    private static final int DIMENSION = 80;
    private static final int ROWS = 150;
    private static final int BLOCKS = 90;
    private static final int WANTED = 300;
    private static final float NO_FLOOR = -1.5f;

    private final Random random = Seeds.named("sketch scan").random();
    private final List<VectorBlock<UUID>> blocks = blocks();

    @Test
    void findsTheSameWithHelpAsAlone() {
        Semaphore helpers = new Semaphore(1);
        for (int round = 0; round < 300; round++) {
            VectorQuery query = new VectorQuery(Vectors.random(random, DIMENSION));

            assertThat(found(scan().shared(query, helpers)))
                    .as("round %d", round)
                    .isEqualTo(found(scan().alone(query)));
        }
    }

    @Test
    void leavesNoRoomToRowsThatAreGone() {
        VectorBlock<UUID> rows = blocks.get(0);
        for (int row = 0; row < ROWS / 2; row++) {
            rows.clear(row);
        }
        NearestRows best = new SketchScan(List.of(rows), Float.NEGATIVE_INFINITY, ROWS, ROWS)
                .alone(new VectorQuery(Vectors.random(random, DIMENSION)));

        assertThat(best.size()).isEqualTo(ROWS / 2);
        for (int i = 0; i < best.size(); i++) {
            assertThat(best.row(i)).isGreaterThanOrEqualTo(ROWS / 2);
        }
    }

    @Test
    void neitherWaitsForAPoolThatIsBusyNorLeavesMoreThanOneSearchThere() throws Exception {
        Semaphore helpers = new Semaphore(1);
        CountDownLatch end = new CountDownLatch(1);
        List<ForkJoinTask<?>> others = occupy(end);
        try {
            VectorQuery query = new VectorQuery(Vectors.random(random, DIMENSION));
            List<Long> alone = found(scan().alone(query));
            long waiting = ForkJoinPool.commonPool().getQueuedSubmissionCount();
            for (int i = 0; i < 20; i++) {
                assertThat(found(scan().shared(query, helpers))).isEqualTo(alone);
            }

            assertThat(ForkJoinPool.commonPool().getQueuedSubmissionCount()).isLessThanOrEqualTo((int) waiting + 1);
        } finally {
            end.countDown();
        }
        for (ForkJoinTask<?> other : others) {
            other.get();
        }
        assertThat(helpers.tryAcquire(10, TimeUnit.SECONDS))
                .as("the helper that came too late is done")
                .isTrue();
    }

    /** As many tasks that wait as the pool may have threads, also those that it adds for ones that wait. */
    private static List<ForkJoinTask<?>> occupy(CountDownLatch end) throws InterruptedException {
        int threads = ForkJoinPool.getCommonPoolParallelism();
        CountDownLatch begun = new CountDownLatch(threads);
        List<ForkJoinTask<?>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(ForkJoinPool.commonPool().submit(() -> {
                begun.countDown();
                end.await();
                return null;
            }));
        }
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        return tasks;
    }

    private SketchScan scan() {
        return new SketchScan(blocks, NO_FLOOR, ROWS * BLOCKS, WANTED);
    }

    private static List<Long> found(NearestRows rows) {
        rows.sort();
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            found.add((long) rows.block(i) * ROWS + rows.row(i));
        }
        assertThat(found).hasSize(WANTED);
        return found;
    }

    private List<VectorBlock<UUID>> blocks() {
        float[] sample = new float[200 * DIMENSION];
        for (int i = 0; i < 200; i++) {
            System.arraycopy(Vectors.random(random, DIMENSION), 0, sample, i * DIMENSION, DIMENSION);
        }
        VectorCentre centre = VectorCentre.withDirections(sample, DIMENSION);
        List<VectorBlock<UUID>> blocks = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            VectorBlock<UUID> rows = new VectorBlock<>(DIMENSION, centre, ROWS);
            for (int row = 0; row < ROWS; row++) {
                rows.append(new UUID(block, row), Vectors.random(random, DIMENSION));
            }
            blocks.add(rows);
        }
        return blocks;
    }
}
