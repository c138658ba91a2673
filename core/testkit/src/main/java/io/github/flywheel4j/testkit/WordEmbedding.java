package io.github.flywheel4j.testkit;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Turns a text into a vector that depends on the text alone: the sum of a pseudo-random direction for each word, scaled
 * to length one. Texts with words in common are closer than texts without; there is no other meaning in it.
 */
final class WordEmbedding {

    private WordEmbedding() {}

    static float[] of(String text, int dimensions) {
        double[] sum = new double[dimensions];
        String words = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
        // A text without words is one empty word, so that it has a direction too.
        for (String word : words.split(" ", -1)) {
            SplittableRandom random = new SplittableRandom(word.hashCode());
            for (int i = 0; i < dimensions; i++) {
                sum[i] += random.nextDouble() - 0.5;
            }
        }
        double length = 0;
        for (double value : sum) {
            length += value * value;
        }
        length = Math.sqrt(length);
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sum[i] / length);
        }
        return vector;
    }
}
