package io.github.flywheel4j.caching;

import org.jspecify.annotations.Nullable;

/**
 * The point relative to which the signs of an index's vectors are taken, and, once there are enough vectors to know them, the
 * directions in which they differ. Embedding models leave a part of the space empty (two unrelated texts have a cosine of .37
 * with bge and of .75 with e5), so signs relative to zero would mostly agree. Immutable.
 */
final class VectorCentre {

    /** No centre yet: no signs are kept. */
    static final VectorCentre NONE = new VectorCentre(new float[0], null);

    private final float[] point;
    private final @Nullable MainDirections directions;

    private VectorCentre(float[] point, @Nullable MainDirections directions) {
        this.point = point;
        this.directions = directions;
    }

    /** The mean of vectors that stand one after the other. */
    static VectorCentre of(float[] vectors, int dimension) {
        float[] mean = new float[dimension];
        int count = vectors.length / dimension;
        for (int i = 0; i < vectors.length; i++) {
            mean[i % dimension] += vectors[i] / count;
        }
        return new VectorCentre(mean, null);
    }

    /** The mean of vectors that stand one after the other, and their directions. */
    static VectorCentre withDirections(float[] vectors, int dimension) {
        VectorCentre mean = of(vectors, dimension);
        return new VectorCentre(mean.point, MainDirections.of(vectors, dimension, mean));
    }

    boolean isNone() {
        return point.length == 0;
    }

    /** Whether blocks keep signs relative to it; where there are directions they keep sketches, which say more in less memory. */
    boolean hasSigns() {
        return !isNone() && directions == null;
    }

    @Nullable
    MainDirections directions() {
        return directions;
    }

    /** A vector relative to the centre. */
    float[] relative(float[] vector) {
        float[] relative = vector.clone();
        for (int i = 0; i < relative.length; i++) {
            relative[i] -= point[i];
        }
        return relative;
    }

    /** The dot product of a vector with the centre. */
    float towards(float[] vector) {
        return (float) ExactScan.dot(vector, point);
    }
}
