package io.github.flywheel4j.caching;

/** A vector prepared for the estimate of cosines from {@linkplain VectorSketches sketches}, as {@link CentredQuery} says. Immutable. */
final class SketchQuery {

    /** The words of its signs, then of each plane. */
    final int[] planes;

    /** The sum of the sizes. */
    final int levels;

    /** What a row's bias is multiplied by. */
    final int perBias;

    /** A score times this, plus the bias, is a cosine. */
    final float unit;

    final float bias;

    SketchQuery(float[] along, float bias) {
        float step = CentredQuery.step(along);
        this.bias = bias;
        this.planes = new int[VectorSketches.WORDS * (1 + CentredQuery.PLANES)];
        int sum = 0;
        for (int i = 0; i < along.length; i++) {
            int size = CentredQuery.size(along[i], step);
            int word = i / Integer.SIZE;
            planes[word] |= along[i] > 0 ? 1 << i : 0;
            for (int plane = 0; plane < CentredQuery.PLANES; plane++) {
                planes[(1 + plane) * VectorSketches.WORDS + word] |= (size >> plane & 1) << i;
            }
            sum += size;
        }
        this.levels = sum;
        this.unit = step / (1 << VectorSketches.FACTOR_BITS);
        this.perBias = Math.round(1 / (unit * (1 << VectorSketches.BIAS_BITS)));
    }
}
