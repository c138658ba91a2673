package io.github.flywheel4j.caching;

import java.util.Arrays;

/**
 * A few bytes of each row of a block: what it has of the {@linkplain MainDirections main directions}. Not thread-safe by itself; see
 * {@link VectorBlock}.
 *
 * <p>The <em>outline</em> has two bits of each of the first 64, which say which of -3, -1, 1 and 3 half steps a coordinate is nearest
 * to; a factor makes the dot product with them exact for the row itself, as with the signs of a block. In the same memory two bits
 * of 64 directions rank far better than one bit of 128 (decision 0014). With the two numbers of 16 bits it stands word by word and
 * not row by row, in {@code int}, and at distances that are constants, because the compiler of Java 17 turns such a loop into vector
 * instructions where the processor counts the bits of a vector (x86 with AVX-512 VPOPCNTDQ, ARM): half a nanosecond a row instead of
 * several.
 *
 * <p>The <em>detail</em> has four bits of each of all, row by row: of most rows it is never asked. What it leaves out is mostly what
 * the directions leave out.
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

    private static final int OUTLINE_BITS = 2;
    private static final int DETAIL_BITS = 4;

    /** Of each row the words of each bit, the highest bit first, and a last one with its factor and its bias. */
    private static final int DETAIL_WORDS = DETAIL_BITS * SketchQuery.WORDS + 1;

    /** So many deviations long is a step with which two, and four, bits of a normally distributed coordinate say most. */
    private static final float OUTLINE_STEP = .98f;

    private static final float DETAIL_STEP = .335f;

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

    /** A row that nobody shall find: its bias is below that of any other. Its detail stays, and is asked of no row but those found. */
    void clear(int row) {
        outlines[row / TOGETHER][NUMBERS + row % TOGETHER] = Short.MIN_VALUE & 0xffff;
    }

    void put(int row, float[] along, float bias) {
        long[] bits = new long[DETAIL_BITS * SketchQuery.WORDS];
        int[] outline = outlines[row / TOGETHER];
        int at = row % TOGETHER;
        int outlined = Math.min(along.length, MainDirections.OUTLINED);
        float factor = steps(along, outlined, OUTLINE_BITS, OUTLINE_STEP, bits);
        outline[at] = (int) bits[0];
        outline[UPPER + at] = (int) (bits[0] >>> Integer.SIZE);
        outline[LOWER + at] = (int) bits[SketchQuery.WORDS];
        outline[LAST_LOWER + at] = (int) (bits[SketchQuery.WORDS] >>> Integer.SIZE);
        outline[NUMBERS + at] = fixed(factor, FACTOR_BITS) << Short.SIZE | (fixed(bias, BIAS_BITS) & 0xffff);
        float detailFactor = steps(along, along.length, DETAIL_BITS, DETAIL_STEP, bits);
        System.arraycopy(bits, 0, details, row * DETAIL_WORDS, bits.length);
        details[row * DETAIL_WORDS + bits.length] = (long) Float.floatToRawIntBits(detailFactor) << Integer.SIZE
                | (Float.floatToRawIntBits(bias) & 0xffff_ffffL);
    }

    /**
     * Sets the bits of some coordinates: which odd number of half steps each is nearest to, from the least to the greatest.
     *
     * @return what the half steps are multiplied by
     */
    private static float steps(float[] along, int count, int bitsOfEach, float deviations, long[] bits) {
        float square = 0;
        for (int i = 0; i < count; i++) {
            square += along[i] * along[i];
        }
        float step = Math.max(Float.MIN_NORMAL, deviations * (float) Math.sqrt(square / Math.max(1, count)));
        int half = 1 << (bitsOfEach - 1);
        float withSteps = 0;
        Arrays.fill(bits, 0);
        for (int i = 0; i < count; i++) {
            int code = Math.max(-half, Math.min(half - 1, (int) Math.floor(along[i] / step)));
            withSteps += along[i] * (2 * code + 1);
            // From zero, so that the complement of all bits is the number with the other sign.
            int fromZero = code + half;
            for (int bit = 0; bit < bitsOfEach; bit++) {
                bits[bit * SketchQuery.WORDS + (i >> 6)] |= (fromZero >> (bitsOfEach - 1 - bit) & 1L) << i;
            }
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
        return (int) details[row * DETAIL_WORDS] + (int) details[(row + 1) * DETAIL_WORDS - 1];
    }

    /** A row's cosine as its detail has it. */
    float cosine(SketchQuery query, int row) {
        int at = row * DETAIL_WORDS;
        int different = 0;
        for (int bit = 0; bit < DETAIL_BITS; bit++) {
            different *= 2;
            for (int word = 0; word < SketchQuery.WORDS; word++) {
                different += query.sizesOf(details[at++] ^ query.signs[word], word);
            }
        }
        float factor = Float.intBitsToFloat((int) (details[at] >> Integer.SIZE));
        int halfSteps = ((1 << DETAIL_BITS) - 1) * query.detailLevels - 2 * different;
        return factor * query.detailStep * halfSteps + Float.intBitsToFloat((int) details[at]) + query.bias;
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
