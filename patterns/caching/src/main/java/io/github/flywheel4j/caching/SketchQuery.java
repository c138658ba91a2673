package io.github.flywheel4j.caching;

/** A vector prepared for the estimate of cosines from {@linkplain VectorSketches sketches}, as {@link CentredQuery} says. Immutable. */
final class SketchQuery {

    /** Words of one bit of all directions. */
    static final int WORDS = MainDirections.MOST / Long.SIZE;

    /** For the outline: the words of the signs, then of each plane, in halves. */
    final int[] planes;

    /** The sum of the sizes. */
    final int levels;

    /** What a row's bias is multiplied by. */
    final int perBias;

    /** A score times this, plus the bias, is a cosine. */
    final float unit;

    /** What is the same in the cosine with any row. */
    final float bias;

    /** For the detail: the same in whole words. */
    final long[] signs;

    final int detailLevels;
    final float detailStep;

    private final long[] ones;
    private final long[] twos;
    private final long[] fours;

    SketchQuery(float[] along, float bias) {
        this.bias = bias;
        Planes outline = new Planes(along, Math.min(along.length, MainDirections.OUTLINED));
        this.levels = outline.levels;
        this.planes = new int[2 * outline.words.length];
        for (int plane = 0; plane < outline.words.length; plane++) {
            planes[2 * plane] = (int) outline.words[plane][0];
            planes[2 * plane + 1] = (int) (outline.words[plane][0] >>> Integer.SIZE);
        }
        // A row's steps are counted by halves.
        this.unit = outline.step / (1 << VectorSketches.FACTOR_BITS);
        this.perBias = Math.round(1 / (unit * (1 << VectorSketches.BIAS_BITS)));
        Planes detail = new Planes(along, along.length);
        this.signs = detail.words[0];
        this.ones = detail.words[1];
        this.twos = detail.words[2];
        this.fours = detail.words[3];
        this.detailLevels = detail.levels;
        this.detailStep = detail.step;
    }

    /** The sum of the sizes of those coordinates of a word whose bit is set. */
    int sizesOf(long bits, int word) {
        return Long.bitCount(bits & ones[word])
                + 2 * Long.bitCount(bits & twos[word])
                + 4 * Long.bitCount(bits & fours[word]);
    }

    /** Some coordinates: their signs, and their sizes in planes of bits. */
    private static final class Planes {

        /** The words of the signs, then of each plane. */
        final long[][] words = new long[1 + CentredQuery.PLANES][WORDS];

        final float step;
        final int levels;

        Planes(float[] along, int count) {
            this.step = CentredQuery.step(along, 0, count);
            int sum = 0;
            for (int i = 0; i < count; i++) {
                int size = CentredQuery.size(along[i], step);
                words[0][i >> 6] |= (along[i] > 0 ? 1L : 0) << i;
                for (int plane = 0; plane < CentredQuery.PLANES; plane++) {
                    words[1 + plane][i >> 6] |= (size >> plane & 1L) << i;
                }
                sum += size;
            }
            this.levels = sum;
        }
    }
}
