package io.github.flywheel4j.caching;

import java.util.Arrays;

/**
 * A few bytes of each row of a block: the signs of what it has of the {@linkplain MainDirections main directions}, and two
 * numbers of 16 bits. Not thread-safe by itself; see {@link VectorBlock}.
 *
 * <p>Word by word and not row by row, and all in {@code int}, because the compiler of Java 17 turns such a loop into vector
 * instructions where the processor counts the bits of a vector (x86 with AVX-512 VPOPCNTDQ, ARM): half a nanosecond a row
 * instead of several.
 */
final class VectorSketches {

    /** Numbers of a query: the signs and three planes of bits, for each of four words. */
    static final int WORDS = MainDirections.MOST / Integer.SIZE;

    /** Fractional bits of a row's factor, so that it is below 2. */
    static final int FACTOR_BITS = 14;

    /** Fractional bits of a row's bias. */
    static final int BIAS_BITS = 12;

    private final int[] first;
    private final int[] second;
    private final int[] third;
    private final int[] fourth;
    private final int[] numbers;

    VectorSketches(int capacity) {
        this(new int[capacity], new int[capacity], new int[capacity], new int[capacity], new int[capacity]);
    }

    private VectorSketches(int[] first, int[] second, int[] third, int[] fourth, int[] numbers) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
        this.numbers = numbers;
    }

    VectorSketches withCapacity(int capacity) {
        return new VectorSketches(
                Arrays.copyOf(first, capacity),
                Arrays.copyOf(second, capacity),
                Arrays.copyOf(third, capacity),
                Arrays.copyOf(fourth, capacity),
                Arrays.copyOf(numbers, capacity));
    }

    /** A row that nobody shall find: its bias is below that of any other. */
    void clear(int row) {
        numbers[row] = Short.MIN_VALUE & 0xffff;
    }

    void put(int row, float[] along, float bias) {
        int[] words = new int[WORDS];
        float absolute = 0;
        float square = 0;
        for (int i = 0; i < along.length; i++) {
            words[i / Integer.SIZE] |= along[i] > 0 ? 1 << i : 0;
            absolute += Math.abs(along[i]);
            square += along[i] * along[i];
        }
        first[row] = words[0];
        second[row] = words[1];
        third[row] = words[2];
        fourth[row] = words[3];
        float factor = absolute == 0 ? 0 : square / absolute;
        numbers[row] = fixed(factor, FACTOR_BITS) << Short.SIZE | (fixed(bias, BIAS_BITS) & 0xffff);
    }

    private static int fixed(float value, int bits) {
        return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(value * (1 << bits))));
    }

    /** Takes over a row as it is. */
    void put(int row, VectorSketches from, int fromRow) {
        first[row] = from.first[fromRow];
        second[row] = from.second[fromRow];
        third[row] = from.third[fromRow];
        fourth[row] = from.fourth[fromRow];
        numbers[row] = from.numbers[fromRow];
    }

    /** The estimated cosines of some rows, in the query's unit. */
    void scores(SketchQuery query, int from, int to, int[] scores) {
        scores(query.planes, query.levels, query.perBias, from, to, scores);
    }

    private void scores(int[] query, int levels, int perBias, int from, int to, int[] scores) {
        // Locals: the compiler must know that nothing of this changes while it runs.
        int[] w0 = first;
        int[] w1 = second;
        int[] w2 = third;
        int[] w3 = fourth;
        int[] pairs = numbers;
        int s0 = query[0];
        int s1 = query[1];
        int s2 = query[2];
        int s3 = query[3];
        int a0 = query[4];
        int a1 = query[5];
        int a2 = query[6];
        int a3 = query[7];
        int b0 = query[8];
        int b1 = query[9];
        int b2 = query[10];
        int b3 = query[11];
        int c0 = query[12];
        int c1 = query[13];
        int c2 = query[14];
        int c3 = query[15];
        for (int i = from; i < to; i++) {
            int x0 = w0[i] ^ s0;
            int x1 = w1[i] ^ s1;
            int x2 = w2[i] ^ s2;
            int x3 = w3[i] ^ s3;
            int ones = Integer.bitCount(x0 & a0)
                    + Integer.bitCount(x1 & a1)
                    + Integer.bitCount(x2 & a2)
                    + Integer.bitCount(x3 & a3);
            int twos = Integer.bitCount(x0 & b0)
                    + Integer.bitCount(x1 & b1)
                    + Integer.bitCount(x2 & b2)
                    + Integer.bitCount(x3 & b3);
            int fours = Integer.bitCount(x0 & c0)
                    + Integer.bitCount(x1 & c1)
                    + Integer.bitCount(x2 & c2)
                    + Integer.bitCount(x3 & c3);
            int different = ones + 2 * twos + 4 * fours;
            int pair = pairs[i];
            scores[i] = (pair >> 16) * (levels - 2 * different) + ((pair << 16) >> 16) * perBias;
        }
    }
}
