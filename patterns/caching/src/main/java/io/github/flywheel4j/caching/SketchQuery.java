package io.github.flywheel4j.caching;

/** A vector prepared for the estimate of cosines from {@linkplain VectorSketches sketches}, as {@link CentredQuery} says. Immutable. */
final class SketchQuery {

    private static final int WORDS = MainDirections.OUTLINED / Integer.SIZE;

    /** For the outline: the words of the signs, then of each plane. */
    final int[] planes;

    /** The sum of the sizes. */
    final int levels;

    /** What a row's bias is multiplied by. */
    final int perBias;

    /** A score times this, plus the bias, is a cosine. */
    final float unit;

    final float bias;

    /** For the detail: the same in one word each. */
    final long signs;

    final long ones;
    final long twos;
    final long fours;
    final int detailLevels;
    final float detailStep;

    SketchQuery(float[] along, float bias) {
        int outlined = Math.min(along.length, MainDirections.OUTLINED);
        this.bias = bias;
        Planes outline = new Planes(along, 0, outlined);
        this.levels = outline.levels;
        this.planes = new int[WORDS * (1 + CentredQuery.PLANES)];
        for (int plane = 0; plane < outline.words.length; plane++) {
            planes[plane * WORDS] = (int) outline.words[plane];
            planes[plane * WORDS + 1] = (int) (outline.words[plane] >>> Integer.SIZE);
        }
        // A row's steps are counted by halves.
        this.unit = outline.step / (2 << VectorSketches.FACTOR_BITS);
        this.perBias = Math.round(1 / (unit * (1 << VectorSketches.BIAS_BITS)));
        Planes detail = new Planes(along, outlined, along.length);
        this.signs = detail.words[0];
        this.ones = detail.words[1];
        this.twos = detail.words[2];
        this.fours = detail.words[3];
        this.detailLevels = detail.levels;
        this.detailStep = detail.step;
    }

    /** Up to 64 coordinates in a word of signs and a word of each plane of their sizes. */
    private static final class Planes {

        final long[] words = new long[1 + CentredQuery.PLANES];
        final float step;
        final int levels;

        Planes(float[] along, int from, int to) {
            this.step = CentredQuery.step(along, from, to);
            int sum = 0;
            for (int i = from; i < to; i++) {
                int size = CentredQuery.size(along[i], step);
                words[0] |= (along[i] > 0 ? 1L : 0) << (i - from);
                for (int plane = 0; plane < CentredQuery.PLANES; plane++) {
                    words[1 + plane] |= (size >> plane & 1L) << (i - from);
                }
                sum += size;
            }
            this.levels = sum;
        }
    }
}
