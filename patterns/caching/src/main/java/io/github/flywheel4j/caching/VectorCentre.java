package io.github.flywheel4j.caching;

/**
 * The point relative to which the signs of an index's vectors are taken. Embedding models leave a part of the space empty (two
 * unrelated texts have a cosine of .37 with bge and of .75 with e5), so signs relative to zero would mostly agree.
 * Immutable.
 */
final class VectorCentre {

    /** No centre yet: no signs are kept. */
    static final VectorCentre NONE = new VectorCentre(new float[0]);

    private final float[] point;

    private VectorCentre(float[] point) {
        this.point = point;
    }

    /** The mean of vectors that stand one after the other. */
    static VectorCentre of(float[] vectors, int dimension) {
        float[] mean = new float[dimension];
        int count = vectors.length / dimension;
        for (int i = 0; i < vectors.length; i++) {
            mean[i % dimension] += vectors[i] / count;
        }
        return new VectorCentre(mean);
    }

    boolean isNone() {
        return point.length == 0;
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
        return dot(vector, point);
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
