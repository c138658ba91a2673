package io.github.flywheel4j.caching;

import java.util.Arrays;

/** Parts vectors of length 1 into two groups by spherical 2-means, neither of them smaller than a quarter of all. */
final class TwoMeans {

    private static final int ROUNDS = 4;

    private final float[] vectors;
    private final int dimension;
    private final int count;
    private final boolean[] second;

    private TwoMeans(float[] vectors, int dimension) {
        this.vectors = vectors;
        this.dimension = dimension;
        this.count = vectors.length / dimension;
        this.second = new boolean[count];
    }

    /** Which of the vectors, that stand one after the other, belong to the second group. */
    static boolean[] part(float[] vectors, int dimension) {
        TwoMeans means = new TwoMeans(vectors, dimension);
        // The two that are far from each other, as seen from the first: no random source, and good enough to start
        // with.
        float[] first = means.vector(means.farthestFrom(means.vector(0)));
        float[] other = means.vector(means.farthestFrom(first));
        for (int round = 0; round < ROUNDS; round++) {
            means.assign(first, other);
            first = mean(vectors, dimension, means.second, false);
            other = mean(vectors, dimension, means.second, true);
        }
        return means.second;
    }

    /** The mean of one group, at length 1. */
    static float[] mean(float[] vectors, int dimension, boolean[] second, boolean ofSecond) {
        float[] mean = new float[dimension];
        for (int i = 0; i < second.length; i++) {
            if (second[i] == ofSecond) {
                for (int j = 0; j < dimension; j++) {
                    mean[j] += vectors[i * dimension + j];
                }
            }
        }
        double square = 0;
        for (float value : mean) {
            square += value * value;
        }
        float length = (float) Math.max(Math.sqrt(square), Float.MIN_NORMAL);
        for (int j = 0; j < dimension; j++) {
            mean[j] /= length;
        }
        return mean;
    }

    private void assign(float[] first, float[] other) {
        float[] towardsOther = new float[count];
        for (int i = 0; i < count; i++) {
            towardsOther[i] = dot(i, other) - dot(i, first);
        }
        float[] sorted = towardsOther.clone();
        Arrays.sort(sorted);
        // Equal vectors cannot be told apart, but have to be parted all the same.
        float cut = Math.max(sorted[count / 4], Math.min(sorted[count - 1 - count / 4], 0));
        int equal = 0;
        int above = 0;
        for (float value : towardsOther) {
            above += value > cut ? 1 : 0;
        }
        for (int i = 0; i < count; i++) {
            boolean tie = towardsOther[i] == cut && above + equal < count / 4;
            equal += tie ? 1 : 0;
            second[i] = towardsOther[i] > cut || tie;
        }
    }

    private int farthestFrom(float[] point) {
        int farthest = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            float similarity = dot(i, point);
            if (similarity < least) {
                least = similarity;
                farthest = i;
            }
        }
        return farthest;
    }

    private float[] vector(int index) {
        return Arrays.copyOfRange(vectors, index * dimension, (index + 1) * dimension);
    }

    private float dot(int index, float[] other) {
        int at = index * dimension;
        float even = 0;
        float odd = 0;
        int j = 0;
        for (; j < dimension - 1; j += 2) {
            even += vectors[at + j] * other[j];
            odd += vectors[at + j + 1] * other[j + 1];
        }
        if (j < dimension) {
            even += vectors[at + j] * other[j];
        }
        return even + odd;
    }
}
