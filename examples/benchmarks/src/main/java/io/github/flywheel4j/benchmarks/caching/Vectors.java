package io.github.flywheel4j.benchmarks.caching;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The vectors of a stream and, for each, the nearest of the earlier ones, sorted once for all thresholds. Immutable.
 */
final class Vectors {

    private static final int NEAREST = 64;

    private final float[][] vectors;
    private final int[][] nearest;

    Vectors(List<float[]> vectors) {
        this.vectors = vectors.toArray(float[][]::new);
        this.nearest = IntStream.range(0, this.vectors.length)
                .parallel()
                .mapToObj(this::nearestBefore)
                .toArray(int[][]::new);
    }

    private int[] nearestBefore(int query) {
        double[] best = new double[NEAREST];
        int[] which = new int[NEAREST];
        int size = 0;
        for (int i = 0; i < query; i++) {
            double similarity = dot(vectors[query], vectors[i]);
            if (size < NEAREST || similarity > best[size - 1]) {
                int at = size < NEAREST ? size++ : size - 1;
                while (at > 0 && best[at - 1] < similarity) {
                    best[at] = best[at - 1];
                    which[at] = which[at - 1];
                    at--;
                }
                best[at] = similarity;
                which[at] = i;
            }
        }
        return Arrays.copyOf(which, size);
    }

    double similarity(int a, int b) {
        return dot(vectors[a], vectors[b]);
    }

    /** The nearest earlier one that is stored; -1 when none is. */
    int nearestStored(int query, boolean[] stored) {
        for (int candidate : nearest[query]) {
            if (stored[candidate]) {
                return candidate;
            }
        }
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < query; i++) {
            if (stored[i]) {
                double similarity = similarity(query, i);
                if (similarity > most) {
                    most = similarity;
                    best = i;
                }
            }
        }
        return best;
    }

    static double dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return (double) s0 + s1 + s2 + s3;
    }
}
