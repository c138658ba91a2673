package io.github.flywheel4j.caching;

import java.util.Arrays;

/**
 * The pass over the sketches of a search: which rows are worth a closer look. Not thread-safe.
 *
 * <p>Most rows are not, and asking each of them would take longer than scoring it. So the rows of a block are asked eight at once,
 * by arithmetic that the compiler turns into vector instructions.
 */
final class RowScan {

    /** Rows that are scored together; a block that is sampled has no more. */
    static final int MOST_ROWS = 1024;

    private static final int GROUPS = MOST_ROWS / 8;

    /** Below any score, and far enough from the end of the numbers to be subtracted from. */
    private static final int NO_SCORE = -(1 << 29);

    private static final int MOST_SCORE = 1 << 29;

    /** Rows of a block whose scores are sampled. */
    private static final int SAMPLED = 32;

    /** In which of so many parts of a block the sample starts, one after the other. */
    private static final int SAMPLED_FROM = 7;

    /** Steps from the least cosine to the greatest in which the sample is counted. */
    private static final int STEPS = 1024;

    private final int[] scores = new int[MOST_ROWS];
    private final int[] marks = new int[GROUPS];
    private final int[] sample = new int[STEPS];
    private final NearestRows rows;
    private int sampled;

    RowScan(int capacity) {
        this.rows = new NearestRows(capacity);
    }

    NearestRows rows() {
        return rows;
    }

    void sample(VectorSketches sketches, SketchQuery query, int count, int block) {
        int some = Math.min(SAMPLED, count);
        // Not always the first ones: in a cache those are the first to go.
        int from = (count - some) / SAMPLED_FROM * (block % SAMPLED_FROM);
        sketches.scores(query, 0, from, from + some, scores);
        float scale = query.unit * (STEPS / 2);
        float zero = (query.bias + 1) * (STEPS / 2);
        for (int i = 0; i < some; i++) {
            sample[Math.max(0, Math.min(STEPS - 1, (int) (scores[from + i] * scale + zero)))]++;
        }
        sampled += some;
    }

    /** Sets the floor to where about so many of all rows are above it, if the sample says so. */
    void floor(int wanted, int all) {
        int wantedOfSample = (int) ((long) wanted * sampled / all);
        int above = 0;
        for (int step = STEPS - 1; step > 0; step--) {
            int before = above;
            above += sample[step];
            if (above > wantedOfSample) {
                // Above the step where it leaves enough; but vectors that cannot be told apart may all stand in one
                // step.
                float lowest = before > wantedOfSample / 2 ? step + 1 : step - 0.5f;
                rows.raiseFloor(lowest / (STEPS / 2f) - 1);
                return;
            }
        }
    }

    void offer(VectorSketches sketches, SketchQuery query, int count, int block) {
        for (int from = 0; from < count; from += MOST_ROWS) {
            offer(sketches, query, from, Math.min(MOST_ROWS, count - from), block);
        }
    }

    private void offer(VectorSketches sketches, SketchQuery query, int from, int count, int block) {
        sketches.scores(query, from / MOST_ROWS, 0, count, scores);
        Arrays.fill(scores, count, MOST_ROWS, NO_SCORE);
        float unit = query.unit;
        // From negative infinity to a great number: where the floor is, in the unit of the scores.
        int floor = (int) Math.max(NO_SCORE, Math.min(MOST_SCORE, (rows.floor() - query.bias) / unit));
        mark(scores, marks, floor);
        for (int group = 0; group < GROUPS; group++) {
            if (marks[group] < 0) {
                for (int row = group; row < count; row += GROUPS) {
                    if (scores[row] > floor) {
                        rows.offer(scores[row] * unit + query.bias, block, from + row);
                    }
                }
            }
        }
    }

    /** A mark is below zero if one of its eight scores is above the floor. */
    private static void mark(int[] scores, int[] marks, int floor) {
        for (int i = 0; i < GROUPS; i++) {
            marks[i] = floor - scores[i]
                    | floor - scores[i + GROUPS]
                    | floor - scores[i + 2 * GROUPS]
                    | floor - scores[i + 3 * GROUPS]
                    | floor - scores[i + 4 * GROUPS]
                    | floor - scores[i + 5 * GROUPS]
                    | floor - scores[i + 6 * GROUPS]
                    | floor - scores[i + 7 * GROUPS];
        }
    }
}
