package io.github.flywheel4j.caching;

/**
 * A vector prepared for comparison with many stored ones. Immutable.
 *
 * <p>For the dot product with codes of 8 bits it is held in whole numbers as large as a sum of {@code int} allows. For the
 * estimate from signs it is held relative to the centre, in 4 bits a coordinate, cut into four planes of bits: a dot product
 * of 4 bits with 1 bit is then four bitwise ands and counts a word (Gao and Long, RaBitQ, SIGMOD 2024, section 3.3).
 */
final class VectorQuery {

    /** Bits of a coordinate in {@link #planes}. */
    static final int PLANES = 4;

    private static final int LEVELS = (1 << PLANES) - 1;
    private static final int LARGEST_CODE = 127;

    /** The vector in whole numbers; {@link #wholeScale} times this is the vector. */
    final int[] whole;

    final float wholeScale;

    /** The signs of its coordinates relative to the centre. */
    final long[] signs;

    /**
     * By how many signs differ: what a row of length 1 relative to the centre has as its part of the cosine. The share of
     * different signs is the angle between the two, in half turns (Charikar, STOC 2002).
     */
    final float[] byDifferent;

    /** Bit {@code j} of the coordinates of word {@code w} stands at {@code w * PLANES + j}. */
    final long[] planes;

    /** The vector relative to the centre is {@code low + step * planes}. */
    final float low;

    final float step;

    /** The sum of its coordinates relative to the centre. */
    final float sum;

    private VectorQuery(
            int[] whole,
            float wholeScale,
            long[] signs,
            float[] byDifferent,
            long[] planes,
            float low,
            float step,
            float sum) {
        this.whole = whole;
        this.wholeScale = wholeScale;
        this.signs = signs;
        this.byDifferent = byDifferent;
        this.planes = planes;
        this.low = low;
        this.step = step;
        this.sum = sum;
    }

    /** Prepares a vector for stored ones that have no signs yet, or signs relative to the centre. */
    static VectorQuery of(float[] vector, VectorCentre centre) {
        int dimension = vector.length;
        float largest = Float.MIN_NORMAL;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        float wholeScale = largest / Math.min(Short.MAX_VALUE, Integer.MAX_VALUE / (LARGEST_CODE * dimension));
        int[] whole = new int[dimension];
        for (int i = 0; i < dimension; i++) {
            whole[i] = Math.round(vector[i] / wholeScale);
        }
        if (centre.isNone()) {
            return new VectorQuery(whole, wholeScale, new long[0], new float[0], new long[0], 0, 0, 0);
        }
        float[] relative = centre.relative(vector);
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        float sum = 0;
        float square = 0;
        for (float value : relative) {
            low = Math.min(low, value);
            high = Math.max(high, value);
            sum += value;
            square += value * value;
        }
        float step = Math.max((high - low) / LEVELS, Float.MIN_NORMAL);
        long[] signs = new long[VectorBlock.words(dimension)];
        long[] planes = new long[signs.length * PLANES];
        for (int i = 0; i < dimension; i++) {
            long level = Math.min(LEVELS, Math.round((relative[i] - low) / step));
            int plane = (i >> 6) * PLANES;
            planes[plane] |= (level & 1) << i;
            planes[plane + 1] |= (level >> 1 & 1) << i;
            planes[plane + 2] |= (level >> 2 & 1) << i;
            planes[plane + 3] |= (level >> 3 & 1) << i;
            signs[i >> 6] |= relative[i] > 0 ? 1L << i : 0;
        }
        float[] byDifferent = new float[dimension + 1];
        float length = (float) Math.sqrt(square);
        for (int different = 0; different <= dimension; different++) {
            byDifferent[different] = length * cosineOfHalfTurns(different / (double) dimension);
        }
        return new VectorQuery(whole, wholeScale, signs, byDifferent, planes, low, step, sum);
    }

    private static float cosineOfHalfTurns(double halfTurns) {
        return (float) Math.cos(Math.PI * halfTurns);
    }
}
