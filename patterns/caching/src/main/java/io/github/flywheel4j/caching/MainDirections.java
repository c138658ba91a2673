package io.github.flywheel4j.caching;

/**
 * The directions in which vectors differ most: the first {@value #OUTLINED}, and as many more as there are, each group turned among
 * itself so that the vectors differ about equally in each of its directions. Immutable.
 *
 * <p>Found by some rounds of orthogonal iteration on the covariance (Golub and Van Loan, Matrix Computations, section 8.2.4), which
 * brings those with the most variance to the front: only the subspaces matter, not which direction of one is the first. The turn is
 * a Hadamard transform. Without it the first directions would have most of the variance, and as many bits for each would waste the
 * others.
 */
final class MainDirections {

    /** Directions of the first group at most. */
    static final int OUTLINED = 64;

    /** Directions at most; at fewer dimensions there are as many as dimensions. */
    static final int MOST = 2 * OUTLINED;

    private static final int ROUNDS = 8;

    private final int dimension;
    private final int count;

    /** Coordinate by coordinate, so that a projection runs along the directions. */
    private final float[] byCoordinate;

    private MainDirections(float[][] directions, int dimension) {
        this.dimension = dimension;
        this.count = directions.length;
        this.byCoordinate = new float[dimension * count];
        for (int direction = 0; direction < count; direction++) {
            for (int i = 0; i < dimension; i++) {
                byCoordinate[i * count + direction] = directions[direction][i];
            }
        }
    }

    /** Of vectors that stand one after the other, relative to a point; there are at least {@link #MOST} of them. */
    static MainDirections of(float[] vectors, int dimension, VectorCentre centre) {
        int vectorCount = vectors.length / dimension;
        float[][] relative = new float[vectorCount][];
        for (int i = 0; i < vectorCount; i++) {
            float[] vector = new float[dimension];
            System.arraycopy(vectors, i * dimension, vector, 0, dimension);
            relative[i] = centre.relative(vector);
        }
        float[][] directions = new float[Math.min(MOST, dimension)][];
        for (int i = 0; i < directions.length; i++) {
            directions[i] = relative[i * (vectorCount / directions.length)].clone();
        }
        float[][] covariance = covariance(relative, dimension);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < directions.length; i++) {
                directions[i] = combined(directions[i], covariance);
            }
            separate(directions);
        }
        int turned = 0;
        while (turned < directions.length) {
            // The transform wants a power of two; what is left over is turned in smaller groups.
            int group = Integer.highestOneBit(Math.min(OUTLINED, directions.length - turned));
            turn(directions, turned, turned + group);
            turned += group;
        }
        return new MainDirections(directions, dimension);
    }

    int count() {
        return count;
    }

    /** What a vector has of each direction. */
    float[] of(float[] vector) {
        float[] along = new float[count];
        for (int i = 0; i < dimension; i++) {
            float value = vector[i];
            int at = i * count;
            for (int direction = 0; direction < count; direction++) {
                along[direction] += value * byCoordinate[at + direction];
            }
        }
        return along;
    }

    private static float[][] covariance(float[][] vectors, int dimension) {
        float[][] covariance = new float[dimension][dimension];
        for (float[] vector : vectors) {
            for (int i = 0; i < dimension; i++) {
                addScaled(covariance[i], vector, vector[i]);
            }
        }
        return covariance;
    }

    private static float[] combined(float[] weights, float[][] rows) {
        float[] sum = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            addScaled(sum, rows[i], weights[i]);
        }
        return sum;
    }

    /** Gram and Schmidt; a direction that says nothing new becomes zero. */
    private static void separate(float[][] directions) {
        for (int i = 0; i < directions.length; i++) {
            double before = Math.sqrt(dot(directions[i], directions[i]));
            for (int j = 0; j < i; j++) {
                addScaled(directions[i], directions[j], -dot(directions[i], directions[j]));
            }
            double length = Math.sqrt(dot(directions[i], directions[i]));
            float scale = length > before * 1e-5 && length > Float.MIN_NORMAL ? (float) (1 / length) : 0;
            for (int j = 0; j < directions[i].length; j++) {
                directions[i][j] *= scale;
            }
        }
    }

    private static void turn(float[][] directions, int from, int to) {
        float half = (float) Math.sqrt(.5);
        for (int step = 1; step < to - from; step *= 2) {
            for (int i = from; i < to; i++) {
                if ((i - from & step) == 0) {
                    float[] first = directions[i];
                    float[] second = directions[i + step];
                    for (int j = 0; j < first.length; j++) {
                        float sum = first[j] + second[j];
                        second[j] = half * (first[j] - second[j]);
                        first[j] = half * sum;
                    }
                }
            }
        }
    }

    private static void addScaled(float[] sum, float[] vector, float scale) {
        for (int i = 0; i < vector.length; i++) {
            sum[i] += scale * vector[i];
        }
    }

    private static float dot(float[] a, float[] b) {
        return (float) ExactScan.dot(a, b);
    }
}
