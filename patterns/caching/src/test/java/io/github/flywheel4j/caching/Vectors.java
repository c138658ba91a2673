package io.github.flywheel4j.caching;

import java.util.Random;

/** Vectors of length 1 for tests. */
final class Vectors {

    private Vectors() {}

    static float[] random(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return ofLengthOne(vector);
    }

    /** A vector whose cosine with another is about {@code similarity}. */
    static float[] near(Random random, float[] vector, double similarity) {
        float[] noise = random(random, vector.length);
        float[] near = new float[vector.length];
        double share = Math.sqrt(1 - similarity * similarity);
        for (int i = 0; i < vector.length; i++) {
            near[i] = (float) (similarity * vector[i] + share * noise[i]);
        }
        return ofLengthOne(near);
    }

    static float[] ofLengthOne(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += value * value;
        }
        float length = (float) Math.sqrt(square);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
