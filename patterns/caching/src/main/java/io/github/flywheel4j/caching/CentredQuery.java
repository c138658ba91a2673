package io.github.flywheel4j.caching;

import org.jspecify.annotations.Nullable;

/**
 * A vector prepared for the estimate of cosines from signs relative to one centre. Not thread-safe: its sketch
 * is made when it is first asked for.
 *
 * <p>Each coordinate has a sign and a size of 0 to 7, cut into three planes of bits. The dot product with a row of signs is then
 * a few bitwise operations and counts a word (Gao and Long, RaBitQ, SIGMOD 2024, section 3.3, where the levels have no sign): the
 * sum of all sizes, less twice the sizes where the signs differ.
 */
final class CentredQuery {

    /** Planes of bits of the sizes. */
    static final int PLANES = 3;

    private static final int LARGEST_SIZE = (1 << PLANES) - 1;

    final VectorCentre centre;

    /** For each word its signs and then its planes: {@code 1 + PLANES} numbers. */
    final long[] planes;

    /** The sum of the sizes. */
    final int levels;

    /** What one of the levels is worth. */
    final float step;

    /** What is the same in the cosine with any row. */
    final float bias;

    private final float[] relative;
    private @Nullable SketchQuery sketch;

    CentredQuery(float[] vector, VectorCentre centre) {
        this.centre = centre;
        this.relative = centre.relative(vector);
        this.bias = centre.towards(relative);
        this.planes = new long[VectorBlock.words(vector.length) * (1 + PLANES)];
        this.step = step(relative, 0, relative.length);
        int sum = 0;
        for (int i = 0; i < relative.length; i++) {
            int size = size(relative[i], step);
            int word = (i >> 6) * (1 + PLANES);
            planes[word] |= relative[i] > 0 ? 1L << i : 0;
            planes[word + 1] |= (size & 1L) << i;
            planes[word + 2] |= (size >> 1 & 1L) << i;
            planes[word + 3] |= (size >> 2 & 1L) << i;
            sum += size;
        }
        this.levels = sum;
    }

    /** The same for the sketches of a centre with directions. */
    SketchQuery sketch(MainDirections directions) {
        if (sketch == null) {
            sketch = new SketchQuery(directions.of(relative), bias);
        }
        return sketch;
    }

    /** What one level is worth; not too little, so that no product is too large for an {@code int}. */
    static float step(float[] values, int from, int to) {
        float largest = 1e-3f;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest / LARGEST_SIZE;
    }

    static int size(float value, float step) {
        return (int) (Math.abs(value) / step + .5f);
    }
}
