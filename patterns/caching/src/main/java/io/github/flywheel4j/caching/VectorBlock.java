package io.github.flywheel4j.caching;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of length 1, quantised, each with a label, in the order in which they came. Rows are only appended; a label can be
 * taken off its row. One thread writes at a time; any number may read meanwhile without a lock: they see the rows that were
 * complete when they asked for {@link #size()}.
 *
 * <p>A row holds a code of 8 bits a coordinate (error of a cosine: about .0005) and, once there is a {@linkplain VectorCentre
 * centre}, a sign a coordinate, from which a cosine is estimated with an error of about .04 at 384 dimensions by looking at an
 * eighth of the memory. The estimate is that of RaBitQ (Gao and Long, SIGMOD 2024, section 3.2): the dot product with the signs,
 * times what makes it exact for the vector itself. Theirs rotates the vectors at random first, so that no direction is special;
 * embeddings are the last layer of a network and have no special directions to begin with.
 *
 * @param <T> what a row stands for
 */
final class VectorBlock<T> {

    private static final int LARGEST_CODE = 127;

    /** Words compared in one turn of the loop that a search spends most of its time in: those of 384 dimensions. */
    private static final int AT_ONCE = 6;

    private final int dimension;
    private final int words;
    private final VectorCentre centre;
    private final byte[] codes;
    private final float[] scales;
    private final long[] signs;
    private final short[] positives;
    private final float[] factors;
    private final float[] biases;
    private final float[] lengths;
    private final @Nullable Object[] labels;
    private volatile int size;

    /** An empty block with room for so many rows. */
    VectorBlock(int dimension, VectorCentre centre, int capacity) {
        int signed = centre.isNone() ? 0 : capacity;
        this.dimension = dimension;
        this.words = words(dimension);
        this.centre = centre;
        this.codes = new byte[capacity * dimension];
        this.scales = new float[capacity];
        this.signs = new long[signed * words];
        this.positives = new short[signed];
        this.factors = new float[signed];
        this.biases = new float[signed];
        this.lengths = new float[signed];
        this.labels = new Object[capacity];
    }

    private VectorBlock(VectorBlock<T> rows, int capacity, boolean shared) {
        int signed = rows.centre.isNone() ? 0 : capacity;
        this.dimension = rows.dimension;
        this.words = rows.words;
        this.centre = rows.centre;
        this.codes = shared ? rows.codes : Arrays.copyOf(rows.codes, capacity * dimension);
        this.scales = shared ? rows.scales : Arrays.copyOf(rows.scales, capacity);
        this.signs = shared ? rows.signs : Arrays.copyOf(rows.signs, signed * words);
        this.positives = shared ? rows.positives : Arrays.copyOf(rows.positives, signed);
        this.factors = shared ? rows.factors : Arrays.copyOf(rows.factors, signed);
        this.biases = shared ? rows.biases : Arrays.copyOf(rows.biases, signed);
        this.lengths = shared ? rows.lengths : Arrays.copyOf(rows.lengths, signed);
        this.labels = Arrays.copyOf(rows.labels, capacity);
        this.size = rows.size;
    }

    /** Words of a row of signs: a multiple of {@link #AT_ONCE}, which those of usual dimensions are anyway. */
    static int words(int dimension) {
        int words = (dimension + Long.SIZE - 1) / Long.SIZE;
        return (words + AT_ONCE - 1) / AT_ONCE * AT_ONCE;
    }

    /** A copy of these rows with room for more. */
    VectorBlock<T> withCapacity(int capacity) {
        return new VectorBlock<>(this, capacity, false);
    }

    /**
     * The same rows with labels of their own: what happens to the copy is not seen here. Only one of both may be appended to.
     */
    VectorBlock<T> fork() {
        return new VectorBlock<>(this, capacity(), true);
    }

    int dimension() {
        return dimension;
    }

    VectorCentre centre() {
        return centre;
    }

    int capacity() {
        return labels.length;
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == labels.length;
    }

    /** What a row stands for, or null if its label was taken off. */
    @SuppressWarnings("unchecked") // only append writes labels
    @Nullable
    T label(int row) {
        return (T) labels[row];
    }

    /** The row with this label, or -1. */
    int find(T label) {
        for (int row = 0; row < size; row++) {
            if (label.equals(labels[row])) {
                return row;
            }
        }
        return -1;
    }

    void clear(int row) {
        labels[row] = null;
        // Readers that come later read the size first, so they see this too.
        int unchanged = size;
        size = unchanged;
    }

    void append(T label, float[] vector) {
        int row = size;
        encode(row, vector);
        if (!centre.isNone()) {
            sign(row, vector);
        }
        labels[row] = label;
        size = row + 1;
    }

    private void encode(int row, float[] vector) {
        float largest = Float.MIN_NORMAL;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        float perUnit = LARGEST_CODE / largest;
        float withVector = 0;
        float withItself = 0;
        for (int i = 0; i < dimension; i++) {
            int code = Math.round(vector[i] * perUnit);
            codes[row * dimension + i] = (byte) code;
            withVector += vector[i] * code;
            withItself += code * code;
        }
        // Not the step of the codes but what brings them nearest to the vector.
        scales[row] = withItself == 0 ? 0 : withVector / withItself;
    }

    private void sign(int row, float[] vector) {
        float[] relative = centre.relative(vector);
        int positive = 0;
        float absolute = 0;
        float square = 0;
        for (int i = 0; i < dimension; i++) {
            if (relative[i] > 0) {
                signs[row * words + (i >> 6)] |= 1L << (i & 63);
                positive++;
            }
            absolute += Math.abs(relative[i]);
            square += relative[i] * relative[i];
        }
        positives[row] = (short) positive;
        factors[row] = absolute == 0 ? 0 : square / absolute;
        biases[row] = centre.towards(vector);
        lengths[row] = (float) Math.sqrt(square);
    }

    /** The vector of a row, as far as its code has it. */
    void decode(int row, float[] into, int at) {
        float scale = scales[row];
        for (int i = 0; i < dimension; i++) {
            into[at + i] = scale * codes[row * dimension + i];
        }
    }

    /** The cosine of a row with the query. */
    float similarity(VectorQuery query, int row) {
        int[] whole = query.whole;
        int at = row * dimension;
        int even = 0;
        int odd = 0;
        int i = 0;
        for (; i < dimension - 1; i += 2) {
            even += whole[i] * codes[at + i];
            odd += whole[i + 1] * codes[at + i + 1];
        }
        if (i < dimension) {
            even += whole[i] * codes[at + i];
        }
        return (even + odd) * scales[row] * query.wholeScale;
    }

    /** Reads a little of each array, so that the processor has begun to fetch it when it is needed. */
    int touch() {
        return size == 0 ? 0 : (int) signs[0] + (int) lengths[0] + (int) biases[0];
    }

    /** Offers a rough cosine of each row that has a label: from how many of its signs differ from the query's. */
    void glance(VectorQuery query, int block, NearestRows nearest) {
        int rows = size;
        long[] asked = query.signs;
        float[] byDifferent = query.byDifferent;
        int at = 0;
        for (int row = 0; row < rows; row++) {
            int different = 0;
            for (int word = 0; word < asked.length; word += AT_ONCE, at += AT_ONCE) {
                different += Long.bitCount(signs[at] ^ asked[word])
                        + Long.bitCount(signs[at + 1] ^ asked[word + 1])
                        + Long.bitCount(signs[at + 2] ^ asked[word + 2])
                        + Long.bitCount(signs[at + 3] ^ asked[word + 3])
                        + Long.bitCount(signs[at + 4] ^ asked[word + 4])
                        + Long.bitCount(signs[at + 5] ^ asked[word + 5]);
            }
            float rough = lengths[row] * byDifferent[different] + biases[row];
            if (rough > nearest.floor() && labels[row] != null) {
                nearest.offer(rough, block, row);
            }
        }
    }

    /** A better estimate of a row's cosine: from its signs and the query's coordinates. */
    float estimate(VectorQuery query, int row) {
        long[] planes = query.planes;
        int at = row * words;
        int ones = 0;
        int twos = 0;
        int fours = 0;
        int eights = 0;
        for (int plane = 0; plane < planes.length; plane += VectorQuery.PLANES) {
            long word = signs[at++];
            ones += Long.bitCount(word & planes[plane]);
            twos += Long.bitCount(word & planes[plane + 1]);
            fours += Long.bitCount(word & planes[plane + 2]);
            eights += Long.bitCount(word & planes[plane + 3]);
        }
        float withSigns = 2 * query.step * (ones + 2 * twos + 4 * fours + 8 * eights)
                + 2 * query.low * positives[row]
                - query.sum;
        return factors[row] * withSigns + biases[row];
    }
}
