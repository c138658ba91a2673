package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What the pooled model looks at in a text besides its vector, in some hundred bytes: hashes of its words and of its pairs of
 * neighbouring words, its length, and its question word. Immutable; the arrays are never handed out.
 */
final class TextShape {

    private static final Set<String> QUESTION_WORDS = Set.of("how", "why", "when", "where", "who", "what", "which");

    private final int[] contents;
    private final int[] pairs;
    private final int length;
    private final int question;

    private TextShape(int[] contents, int[] pairs, int length, int question) {
        this.contents = contents;
        this.pairs = pairs;
        this.length = length;
        this.question = question;
    }

    static TextShape of(String text) {
        List<String> words = Words.of(text);
        int[] contents = words.stream()
                .filter(word -> !Words.isStopWord(word))
                .mapToInt(word -> Words.stem(word).hashCode())
                .sorted()
                .distinct()
                .toArray();
        int[] pairs = new int[Math.max(0, words.size() - 1)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = 31 * words.get(i).hashCode() + words.get(i + 1).hashCode();
        }
        int question = words.stream()
                .filter(QUESTION_WORDS::contains)
                .findFirst()
                .map(String::hashCode)
                .orElse(0);
        return new TextShape(contents, Arrays.stream(pairs).sorted().distinct().toArray(), words.size(), question);
    }

    /** Hashes of the stems that carry content, in rising order. */
    int[] contents() {
        return contents.clone();
    }

    /** Shared content by its weight, 0 to 1: the weight of shared stems over that of all; 1 where neither has any. */
    double overlap(TextShape other, RareWords weights) {
        double shared = 0;
        double all = 0;
        int i = 0;
        int j = 0;
        while (i < contents.length || j < other.contents.length) {
            int order = order(contents, i, other.contents, j);
            double weight = weights.weight(order <= 0 ? contents[i] : other.contents[j]);
            all += weight;
            shared += order == 0 ? weight : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return all == 0 ? 1 : shared / all;
    }

    /** The weight of the rarest stem that only one of the two has; 0 where all are shared. */
    double rarestUnshared(TextShape other, RareWords weights) {
        double rarest = 0;
        int i = 0;
        int j = 0;
        while (i < contents.length || j < other.contents.length) {
            int order = order(contents, i, other.contents, j);
            if (order != 0) {
                rarest = Math.max(rarest, weights.weight(order < 0 ? contents[i] : other.contents[j]));
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return rarest;
    }

    /** Shared pairs of neighbouring words over all, 0 to 1: the same words in another order share few. */
    double pairOverlap(TextShape other) {
        int shared = 0;
        int i = 0;
        int j = 0;
        while (i < pairs.length && j < other.pairs.length) {
            int order = Integer.compare(pairs[i], other.pairs[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        int all = pairs.length + other.pairs.length - shared;
        return all == 0 ? 1 : (double) shared / all;
    }

    /** The difference of the logarithms of the lengths in words, at least 0. */
    double lengthGap(TextShape other) {
        return Math.abs(Math.log((length + 1.0) / (other.length + 1.0)));
    }

    boolean asksLike(TextShape other) {
        return question == other.question;
    }

    private static int order(int[] a, int i, int[] b, int j) {
        if (i == a.length) {
            return 1;
        }
        return j == b.length ? -1 : Integer.compare(a[i], b[j]);
    }
}
