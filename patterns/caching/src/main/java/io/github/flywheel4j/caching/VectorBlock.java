package io.github.flywheel4j.caching;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of length 1, quantised, each with a label, in the order in which they came. Rows are only appended; a label can be
 * taken off its row. One thread writes at a time; any number may read meanwhile without a lock: they see the rows that were
 * complete when they asked for {@link #size()}.
 *
 * <p>A row holds a code of 8 bits a coordinate (error of a cosine: about .0005) and, once there is a {@linkplain VectorCentre
 * centre}, what a cosine is estimated from by looking at less memory: where the centre has directions, a {@linkplain VectorSketches
 * sketch}; else a sign a coordinate, with an error of about .04 at 384 dimensions. The estimate from signs is that of RaBitQ (Gao and
 * Long, SIGMOD 2024, section 3.2): the dot product with the signs, times what makes it exact for the vector itself. Theirs rotates the
 * vectors at random first, so that no direction is special; embeddings are the last layer of a network and have no special directions
 * to begin with.
 *
 * @param <T> what a row stands for
 */
final class VectorBlock<T> {

    private static final int LARGEST_CODE = 127;

    /** Bytes that the processor fetches together. */
    private static final int CACHE_LINE = 64;

    private final int dimension;
    private final int words;
    private final VectorCentre centre;
    private final byte[] codes;
    private final float[] scales;

    /** Of each row the words of its signs, and a last one with its factor and its bias: a row is mostly looked at alone. */
    private final long[] signs;

    private final @Nullable VectorSketches sketches;
    private final @Nullable Object[] labels;
    private volatile int size;

    /** An empty block with room for so many rows. */
    VectorBlock(int dimension, VectorCentre centre, int capacity) {
        this.dimension = dimension;
        this.words = words(dimension) + 1;
        this.centre = centre;
        this.codes = new byte[capacity * dimension];
        this.scales = new float[capacity];
        this.signs = new long[centre.hasSigns() ? capacity * words : 0];
        this.sketches = centre.directions() == null ? null : new VectorSketches(capacity);
        this.labels = new Object[capacity];
    }

    private VectorBlock(VectorBlock<T> rows, int capacity, boolean shared) {
        this.dimension = rows.dimension;
        this.words = rows.words;
        this.centre = rows.centre;
        this.codes = shared ? rows.codes : Arrays.copyOf(rows.codes, capacity * dimension);
        this.scales = shared ? rows.scales : Arrays.copyOf(rows.scales, capacity);
        this.signs = shared ? rows.signs : Arrays.copyOf(rows.signs, centre.hasSigns() ? capacity * words : 0);
        this.sketches =
                rows.sketches == null ? null : shared ? rows.sketches.fork() : rows.sketches.withCapacity(capacity);
        this.labels = Arrays.copyOf(rows.labels, capacity);
        this.size = rows.size;
    }

    /** Words of the signs of a row. */
    static int words(int dimension) {
        return (dimension + Long.SIZE - 1) / Long.SIZE;
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
        if (sketches != null) {
            sketches.clear(row);
        }
        // Readers that come later read the size first, so they see this too.
        int unchanged = size;
        size = unchanged;
    }

    void append(T label, float[] vector) {
        int row = size;
        encode(row, vector);
        MainDirections directions = centre.directions();
        if (sketches != null && directions != null) {
            sketches.put(row, directions.of(centre.relative(vector)), centre.towards(vector));
        } else if (centre.hasSigns()) {
            sign(row, vector);
        }
        labels[row] = label;
        size = row + 1;
    }

    /** Takes over a row as it is, from a block with the same centre; its label may be gone there meanwhile. */
    void append(T label, VectorBlock<?> from, int fromRow) {
        int row = size;
        System.arraycopy(from.codes, fromRow * dimension, codes, row * dimension, dimension);
        scales[row] = from.scales[fromRow];
        if (centre.hasSigns()) {
            System.arraycopy(from.signs, fromRow * words, signs, row * words, words);
        }
        if (sketches != null && from.sketches != null) {
            sketches.put(row, from.sketches, fromRow);
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
        int at = row * words;
        float absolute = 0;
        float square = 0;
        for (int i = 0; i < dimension; i++) {
            signs[at + (i >> 6)] |= relative[i] > 0 ? 1L << i : 0;
            absolute += Math.abs(relative[i]);
            square += relative[i] * relative[i];
        }
        float factor = absolute == 0 ? 0 : square / absolute;
        float bias = centre.towards(vector);
        signs[at + words - 1] =
                (long) Float.floatToRawIntBits(factor) << Integer.SIZE | (Float.floatToRawIntBits(bias) & 0xffff_ffffL);
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

    /** Reads a little of what {@link #refine} needs, so that the processor has begun to fetch it. */
    int touch(int row) {
        return sketches == null ? 0 : sketches.touch(row);
    }

    /** Reads a little of what {@link #similarity} needs, so that the processor has begun to fetch it. */
    int touchCode(int row) {
        int sum = 0;
        for (int at = row * dimension, end = at + dimension; at < end; at += CACHE_LINE) {
            sum += codes[at];
        }
        return sum + (int) scales[row] + (labels[row] == null ? 0 : 1);
    }

    /** The rough cosines of some rows are added to a sample; it costs less to know from them which rows are far away. */
    void sample(VectorQuery query, int block, RowScan scan) {
        MainDirections directions = centre.directions();
        if (sketches != null && directions != null) {
            scan.sample(sketches, query.relativeTo(centre).sketch(directions), size, block);
        }
    }

    /** Offers rows with a rough cosine: of their sketches, or of their signs if there are none. Some may have no label. */
    void scan(VectorQuery query, int block, RowScan scan) {
        int rows = size;
        CentredQuery centred = query.relativeTo(centre);
        MainDirections directions = centre.directions();
        if (sketches != null && directions != null) {
            scan.offer(sketches, centred.sketch(directions), rows, block);
        } else {
            for (int row = 0; row < rows; row++) {
                if (labels[row] != null) {
                    scan.rows().offer(estimate(centred, row), block, row);
                }
            }
        }
    }

    /** A row's cosine as its sketch has it in detail; without a sketch the rough one is all there is. */
    float refine(VectorQuery query, int row, float rough) {
        MainDirections directions = centre.directions();
        if (sketches == null || directions == null) {
            return rough;
        }
        return sketches.cosine(query.relativeTo(centre).sketch(directions), row);
    }

    /** A row's cosine as its signs and the query's coordinates have it. */
    private float estimate(CentredQuery query, int row) {
        long[] planes = query.planes;
        int at = row * words;
        int ones = 0;
        int twos = 0;
        int fours = 0;
        for (int plane = 0; plane < planes.length; plane += 1 + CentredQuery.PLANES) {
            long different = signs[at++] ^ planes[plane];
            ones += Long.bitCount(different & planes[plane + 1]);
            twos += Long.bitCount(different & planes[plane + 2]);
            fours += Long.bitCount(different & planes[plane + 3]);
        }
        int levels = query.levels - 2 * (ones + 2 * twos + 4 * fours);
        long numbers = signs[at];
        float factor = Float.intBitsToFloat((int) (numbers >> Integer.SIZE));
        return factor * query.step * levels + Float.intBitsToFloat((int) numbers) + query.bias;
    }
}
