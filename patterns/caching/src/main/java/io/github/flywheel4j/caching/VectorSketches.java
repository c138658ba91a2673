package io.github.flywheel4j.caching;

import java.util.Arrays;

/**
 * A few bytes of each row of a block: what it has of the {@linkplain MainDirections main directions}, at two bits each. Not
 * thread-safe by itself; see {@link VectorBlock}.
 *
 * <p>The two bits say which of -3, -1, 1 and 3 half steps a coordinate is nearest to, where a step is as long as the row's
 * coordinates are on average; a factor makes the dot product with them exact for the row itself, as with the signs of a block. In
 * the same memory two bits of 64 directions rank far better than one bit of 128 (decision 0014).
 *
 * <p>The <em>outline</em> is of the first 64 directions, with two numbers of 16 bits. It stands word by word and not row by row, in
 * {@code int}, and at distances that are constants, because the compiler of Java 17 turns such a loop into vector instructions where
 * the processor counts the bits of a vector (x86 with AVX-512 VPOPCNTDQ, ARM): half a nanosecond a row instead of several. The
 * <em>detail</em> is of the next 64, row by row: of most rows it is never asked.
 */
final class VectorSketches {

    /** Rows whose outlines stand together. */
    static final int TOGETHER = RowScan.MOST_ROWS;

    /** Fractional bits of a row's factor, so that it is below 4. */
    static final int FACTOR_BITS = 13;

    /** Fractional bits of a row's bias. */
    static final int BIAS_BITS = 12;

    /** Where the outlines have their second word of the upper bits, their words of the lower bits and their numbers. */
    private static final int UPPER = TOGETHER;

    private static final int LOWER = 2 * TOGETHER;
    private static final int LAST_LOWER = 3 * TOGETHER;
    private static final int NUMBERS = 4 * TOGETHER;

    /** Of each row the upper bits, the lower bits and the factor. */
    private static final int DETAIL_WORDS = 3;

    /** Two bits of a normally distributed coordinate say most when this many deviations part the inner from the outer steps. */
    private static final float OUTER = .98f;

    private final int[][] outlines;
    private final long[] details;

    VectorSketches(int capacity) {
        this(new int[(capacity + TOGETHER - 1) / TOGETHER][5 * TOGETHER], new long[capacity * DETAIL_WORDS]);
    }

    private VectorSketches(int[][] outlines, long[] details) {
        this.outlines = outlines;
        this.details = details;
    }

    /** These with room for more. What both have room for is shared: rows are only appended, and one that is cleared is gone. */
    VectorSketches withCapacity(int capacity) {
        int[][] more = Arrays.copyOf(outlines, (capacity + TOGETHER - 1) / TOGETHER);
        for (int i = outlines.length; i < more.length; i++) {
            more[i] = new int[5 * TOGETHER];
        }
        return new VectorSketches(more, Arrays.copyOf(details, capacity * DETAIL_WORDS));
    }

    /** A copy of which rows can be cleared without being cleared here. */
    VectorSketches fork() {
        int[][] copies = new int[outlines.length][];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = outlines[i].clone();
        }
        return new VectorSketches(copies, details);
    }

    /** A row that nobody shall find: its bias is below that of any other. */
    void clear(int row) {
        outlines[row / TOGETHER][NUMBERS + row % TOGETHER] = Short.MIN_VALUE & 0xffff;
    }

    void put(int row, float[] along, float bias) {
        int outlined = Math.min(along.length, MainDirections.OUTLINED);
        long[] bits = new long[2];
        int[] outline = outlines[row / TOGETHER];
        int at = row % TOGETHER;
        float factor = steps(along, 0, outlined, bits);
        outline[at] = (int) bits[0];
        outline[UPPER + at] = (int) (bits[0] >>> Integer.SIZE);
        outline[LOWER + at] = (int) bits[1];
        outline[LAST_LOWER + at] = (int) (bits[1] >>> Integer.SIZE);
        outline[NUMBERS + at] = fixed(factor, FACTOR_BITS) << Short.SIZE | (fixed(bias, BIAS_BITS) & 0xffff);
        float detailFactor = steps(along, outlined, along.length, bits);
        details[row * DETAIL_WORDS] = bits[0];
        details[row * DETAIL_WORDS + 1] = bits[1];
        details[row * DETAIL_WORDS + 2] = Float.floatToRawIntBits(detailFactor);
    }

    /** Sets the upper and the lower bits of some coordinates; returns what the steps are multiplied by. */
    private static float steps(float[] along, int from, int to, long[] bits) {
        float square = 0;
        for (int i = from; i < to; i++) {
            square += along[i] * along[i];
        }
        float outer = OUTER * (float) Math.sqrt(square / Math.max(1, to - from));
        float withSteps = 0;
        bits[0] = 0;
        bits[1] = 0;
        for (int i = from; i < to; i++) {
            boolean positive = along[i] > 0;
            boolean large = Math.abs(along[i]) > outer;
            bits[0] |= (positive ? 1L : 0) << (i - from);
            // Of a negative number the other way round: the complement of both bits is the number with the other sign.
            bits[1] |= (positive == large ? 1L : 0) << (i - from);
            withSteps += Math.abs(along[i]) * (large ? 1.5f : .5f);
        }
        return withSteps == 0 ? 0 : square / withSteps;
    }

    private static int fixed(float value, int bits) {
        return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(value * (1 << bits))));
    }

    /** Takes over a row as it is. */
    void put(int row, VectorSketches from, int fromRow) {
        int[] outline = outlines[row / TOGETHER];
        int[] other = from.outlines[fromRow / TOGETHER];
        for (int word = 0; word < outline.length; word += TOGETHER) {
            outline[word + row % TOGETHER] = other[word + fromRow % TOGETHER];
        }
        System.arraycopy(from.details, fromRow * DETAIL_WORDS, details, row * DETAIL_WORDS, DETAIL_WORDS);
    }

    /** Reads a little of a row's detail, so that the processor has begun to fetch it when it is needed. */
    int touch(int row) {
        return (int) details[row * DETAIL_WORDS] + (int) details[row * DETAIL_WORDS + 2];
    }

    /** What the detail of a row adds to its estimated cosine. */
    float detail(SketchQuery query, int row) {
        long upper = details[row * DETAIL_WORDS] ^ query.signs;
        long lower = details[row * DETAIL_WORDS + 1] ^ query.signs;
        int ones = 2 * Long.bitCount(upper & query.ones) + Long.bitCount(lower & query.ones);
        int twos = 2 * Long.bitCount(upper & query.twos) + Long.bitCount(lower & query.twos);
        int fours = 2 * Long.bitCount(upper & query.fours) + Long.bitCount(lower & query.fours);
        float factor = Float.intBitsToFloat((int) details[row * DETAIL_WORDS + 2]);
        return factor * query.detailStep * (1.5f * query.detailLevels - (ones + 2 * twos + 4 * fours));
    }

    /**
     * The cosines of some rows that stand together as their outlines have them, in the query's unit.
     *
     * @param part which of those that stand together
     */
    void scores(SketchQuery query, int part, int from, int to, int[] scores) {
        scores(outlines[part], query.planes, query.levels, query.perBias, from, to, scores);
    }

    /**
     * Static, and with everything in locals: the compiler must know that nothing of this changes while it runs. And long on purpose:
     * a method of more than 325 bytes is compiled by itself; within the loop over blocks it was not made into vector instructions,
     * and took eight times as long. So the lower bits have locals of their own.
     */
    private static void scores(int[] words, int[] query, int levels, int perBias, int from, int to, int[] scores) {
        int s0 = query[0];
        int s1 = query[1];
        int a0 = query[2];
        int a1 = query[3];
        int b0 = query[4];
        int b1 = query[5];
        int c0 = query[6];
        int c1 = query[7];
        int t0 = query[0];
        int t1 = query[1];
        int d0 = query[2];
        int d1 = query[3];
        int e0 = query[4];
        int e1 = query[5];
        int f0 = query[6];
        int f1 = query[7];
        int most = 3 * levels;
        for (int i = from; i < to; i++) {
            int u0 = words[i] ^ s0;
            int u1 = words[i + UPPER] ^ s1;
            int l0 = words[i + LOWER] ^ t0;
            int l1 = words[i + LAST_LOWER] ^ t1;
            int upperOnes = Integer.bitCount(u0 & a0) + Integer.bitCount(u1 & a1);
            int upperTwos = Integer.bitCount(u0 & b0) + Integer.bitCount(u1 & b1);
            int upperFours = Integer.bitCount(u0 & c0) + Integer.bitCount(u1 & c1);
            int lowerOnes = Integer.bitCount(l0 & d0) + Integer.bitCount(l1 & d1);
            int lowerTwos = Integer.bitCount(l0 & e0) + Integer.bitCount(l1 & e1);
            int lowerFours = Integer.bitCount(l0 & f0) + Integer.bitCount(l1 & f1);
            int upper = upperOnes + 2 * upperTwos + 4 * upperFours;
            int lower = lowerOnes + 2 * lowerTwos + 4 * lowerFours;
            int pair = words[i + NUMBERS];
            scores[i] = (pair >> 16) * (most - 2 * (2 * upper + lower)) + ((pair << 16) >> 16) * perBias;
        }
    }
}
