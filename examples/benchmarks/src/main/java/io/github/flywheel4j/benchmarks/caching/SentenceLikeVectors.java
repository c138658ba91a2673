package io.github.flywheel4j.benchmarks.caching;

import java.util.SplittableRandom;

/**
 * Vectors of length 1 whose neighbours are distributed like those of sentence embeddings, each made from its number alone, so
 * that a million need not be kept. Thread-safe.
 *
 * <p>A vector is the sum of a mean, a topic, an intent within the topic, and its phrasing. The parts are Gaussian with a
 * spectrum that falls as that of MiniLM on questions of users does (the tenth direction has a quarter of the first's variance,
 * the hundredth a twentieth; two unrelated vectors have a cosine of .05 with a deviation of .1), turned so that no coordinate
 * is special. The share of the phrasing differs from vector to vector, 3 to 60 % of the variance, so that the nearest
 * neighbour of a vector has a cosine of .4 to .97, as measured there. Popular topics and intents have more vectors.
 *
 * <p>The queries about something else are harder than real ones. Of 26,000 questions the fifth that is farthest from all others has
 * its nearest at a cosine of .55 (median) among neighbours that spread over 22 dimensions; here it is .38 and 65.
 */
final class SentenceLikeVectors {

    static final int DIMENSION = 384;

    private static final int BLOCK = 128;
    private static final int ROUNDS = 2;
    private static final long TOPIC = 0x1000_0000_0000L;
    private static final long INTENT = 0x2000_0000_0000L;
    private static final long QUERY = 0x3000_0000_0000L;

    /** Of the variance: the mean has 5 %, topics a quarter of the rest that phrasing leaves, intents three. */
    private static final double MEAN = 0.05;

    private static final double TOPICS = 0.25;

    private final long seed;
    private final long topics;
    private final long intents;
    private final float[] deviations = new float[DIMENSION];
    private final float[][] flips = new float[ROUNDS][DIMENSION];
    private final int[][] places = new int[ROUNDS][DIMENSION];
    private final float[] mean;

    SentenceLikeVectors(int count, long seed) {
        this.seed = seed;
        this.topics = Math.max(4, count / 500);
        this.intents = Math.max(16, count / 5);
        double sum = 0;
        for (int i = 0; i < DIMENSION; i++) {
            deviations[i] = (float) (Math.pow(i + 1, -0.6) * Math.exp(-Math.pow(i / 260.0, 2)));
            sum += deviations[i];
        }
        for (int i = 0; i < DIMENSION; i++) {
            deviations[i] = (float) Math.sqrt(deviations[i] / sum);
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < DIMENSION; i++) {
                flips[round][i] = random.nextBoolean() ? 1 : -1;
                int other = random.nextInt(i + 1);
                places[round][i] = places[round][other];
                places[round][other] = i;
            }
        }
        this.mean = part(random.nextLong());
    }

    /** The stored vector of a number. */
    float[] stored(int number) {
        return turned(sum(number));
    }

    /** A query about what was stored under a number, in other words: 2 to 35 % of the variance differ. */
    float[] paraphrase(int number, int variant) {
        SplittableRandom random = random(QUERY + ((long) variant << 32) + number);
        return turned(mixed(sum(number), part(random.nextLong()), random.nextDouble(0.02, 0.35)));
    }

    /** A query about something of which nothing was stored. */
    float[] unrelated(int variant) {
        SplittableRandom random = random(QUERY + (1L << 46) + variant);
        return turned(mixed(mean, part(random.nextLong()), 1 - MEAN));
    }

    /** Before turning; of length about 1. */
    private float[] sum(long number) {
        SplittableRandom random = random(number);
        // Squaring makes low numbers popular.
        long intent = (long) (intents * Math.pow(random.nextDouble(), 1.5));
        long topic = (long) (topics * Math.pow(random(INTENT + intent).nextDouble(), 1.5));
        float[] meaning = mixed(part(TOPIC + topic), part(INTENT + intent), 1 - TOPICS);
        float[] text = mixed(meaning, part(random.nextLong()), random.nextDouble(0.03, 0.6));
        return mixed(mean, text, 1 - MEAN);
    }

    private SplittableRandom random(long of) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ of * 0xC2B2AE3D27D4EB4FL);
    }

    private float[] part(long of) {
        SplittableRandom random = random(of);
        float[] part = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            // How many of 64 bits are set is nearly Gaussian, with a deviation of 4, and cheap.
            part[i] = deviations[i] * (Long.bitCount(random.nextLong()) - 32) / 4;
        }
        return part;
    }

    private static float[] mixed(float[] a, float[] b, double shareOfB) {
        float ofA = (float) Math.sqrt(1 - shareOfB);
        float ofB = (float) Math.sqrt(shareOfB);
        float[] mixed = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            mixed[i] = ofA * a[i] + ofB * b[i];
        }
        return mixed;
    }

    /** Turned by flips, permutations and Hadamard transforms, which is a rotation, and brought to length 1. */
    private float[] turned(float[] vector) {
        float[] turned = vector;
        for (int round = 0; round < ROUNDS; round++) {
            float[] next = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                next[i] = flips[round][i] * turned[places[round][i]];
            }
            for (int block = 0; block < DIMENSION; block += BLOCK) {
                hadamard(next, block);
            }
            turned = next;
        }
        double square = 0;
        for (float value : turned) {
            square += value * value;
        }
        float length = (float) Math.sqrt(square);
        for (int i = 0; i < DIMENSION; i++) {
            turned[i] /= length;
        }
        return turned;
    }

    private static void hadamard(float[] values, int from) {
        for (int half = 1; half < BLOCK; half *= 2) {
            for (int start = from; start < from + BLOCK; start += 2 * half) {
                for (int i = start; i < start + half; i++) {
                    float a = values[i];
                    float b = values[i + half];
                    values[i] = a + b;
                    values[i + half] = a - b;
                }
            }
        }
    }
}
