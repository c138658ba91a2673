package io.github.flywheel4j.evals;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * chrF, how far an answer and a reference answer share runs of characters, and chrF++, which adds runs of words: on the
 * scale 0 to 100 and equal to sacreBLEU's figures for the same settings. Needs no tokeniser, so it serves any language.
 * Immutable; pure.
 *
 * <p>Source: M. Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015, and "chrF++: words helping
 * character n-grams", WMT 2017.
 */
public final class Chrf {

    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private static final double EPSILON = 1e-16;

    private final int characterOrder;
    private final int wordOrder;
    private final double beta;
    private final boolean lowercase;
    private final boolean spaces;
    private final boolean epsilon;

    private Chrf(int characterOrder, int wordOrder, double beta, boolean lowercase, boolean spaces, boolean epsilon) {
        this.characterOrder = characterOrder;
        this.wordOrder = wordOrder;
        this.beta = beta;
        this.lowercase = lowercase;
        this.spaces = spaces;
        this.epsilon = epsilon;
    }

    /** chrF with sacreBLEU's defaults: runs of up to 6 characters, recall twice as important as precision. */
    public static Chrf chrf() {
        return new Chrf(6, 0, 2, false, false, false);
    }

    /** chrF++: {@link #chrf} with words and pairs of words. */
    public static Chrf chrfPlusPlus() {
        return new Chrf(6, 2, 2, false, false, false);
    }

    /**
     * The same with runs of up to this many characters and words.
     *
     * @throws IllegalArgumentException unless there is at least one character, and no less than no word
     */
    public Chrf orders(int characters, int words) {
        if (characters < 1 || words < 0) {
            throw new IllegalArgumentException(
                    "orders: " + characters + " characters, " + words + " words (expected: at least 1 and 0)");
        }
        return new Chrf(characters, words, beta, lowercase, spaces, epsilon);
    }

    /**
     * The same with recall this many times as important as precision.
     *
     * @throws IllegalArgumentException unless it is above 0
     */
    public Chrf beta(double other) {
        if (!(other > 0)) {
            throw new IllegalArgumentException("beta: " + other + " (expected: above 0)");
        }
        return new Chrf(characterOrder, wordOrder, other, lowercase, spaces, epsilon);
    }

    /** The same with upper and lower case taken for equal, or not. */
    public Chrf lowercase(boolean other) {
        return new Chrf(characterOrder, wordOrder, beta, other, spaces, epsilon);
    }

    /** The same with white space counted as characters, or not. */
    public Chrf spaces(boolean other) {
        return new Chrf(characterOrder, wordOrder, beta, lowercase, other, epsilon);
    }

    /**
     * The same with lengths that a text is too short for counted as nearly 0, as Moses and NLTK do, or left out, as
     * sacreBLEU does unless told.
     */
    public Chrf epsilonSmoothing(boolean other) {
        return new Chrf(characterOrder, wordOrder, beta, lowercase, spaces, other);
    }

    /**
     * The score of one answer by the reference that it is closest to, 0 to 100.
     *
     * @throws IllegalArgumentException if there is no reference
     */
    public double sentence(String hypothesis, List<String> references) {
        return corpus(List.of(hypothesis), List.of(references));
    }

    /**
     * The score of all answers together, 0 to 100; counts are added up before they are divided.
     *
     * @param hypotheses the answers
     * @param references the reference answers of each of them
     * @throws IllegalArgumentException if there is no answer, the numbers differ or an answer has no reference
     */
    public double corpus(List<String> hypotheses, List<List<String>> references) {
        TextMetrics.checkReferences(hypotheses, references);
        Counts sum = new Counts(characterOrder + wordOrder);
        for (int i = 0; i < hypotheses.size(); i++) {
            List<Map<String, Integer>> grams = grams(hypotheses.get(i));
            Counts best = null;
            double bestScore = -1;
            for (String reference : references.get(i)) {
                Counts counts = Counts.of(grams, grams(reference));
                double score = score(counts);
                if (score > bestScore) {
                    best = counts;
                    bestScore = score;
                }
            }
            if (best != null) {
                sum.add(best);
            }
        }
        return score(sum);
    }

    /** For each length how many runs the two texts have, and how many in common. */
    private static final class Counts {
        private final int[] hypothesis;
        private final int[] reference;
        private final int[] common;

        Counts(int orders) {
            hypothesis = new int[orders];
            reference = new int[orders];
            common = new int[orders];
        }

        static Counts of(List<Map<String, Integer>> hypothesis, List<Map<String, Integer>> reference) {
            Counts counts = new Counts(hypothesis.size());
            for (int n = 0; n < hypothesis.size(); n++) {
                counts.reference[n] = NGrams.total(reference.get(n));
                counts.common[n] = NGrams.common(hypothesis.get(n), reference.get(n));
                // Runs longer than the reference cannot be right or wrong.
                counts.hypothesis[n] = counts.reference[n] == 0 ? 0 : NGrams.total(hypothesis.get(n));
            }
            return counts;
        }

        void add(Counts other) {
            for (int n = 0; n < common.length; n++) {
                hypothesis[n] += other.hypothesis[n];
                reference[n] += other.reference[n];
                common[n] += other.common[n];
            }
        }
    }

    private List<Map<String, Integer>> grams(String text) {
        String cased = lowercase ? text.toLowerCase(Locale.ROOT) : text;
        String characters = spaces ? cased : String.join("", Tokens.split(cased));
        List<Map<String, Integer>> grams = new ArrayList<>();
        for (int n = 1; n <= characterOrder; n++) {
            grams.add(NGrams.ofCharacters(characters, n));
        }
        List<String> words = wordOrder == 0 ? List.of() : words(cased);
        for (int n = 1; n <= wordOrder; n++) {
            grams.add(NGrams.ofTokens(words, n));
        }
        return grams;
    }

    /** A punctuation mark at the end of a word, else at its start, is a word of its own. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : Tokens.split(text)) {
            int last = word.length() - 1;
            if (last > 0 && PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
                words.add(word.substring(0, last));
                words.add(word.substring(last));
            } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
                words.add(word.substring(0, 1));
                words.add(word.substring(1));
            } else {
                words.add(word);
            }
        }
        return words;
    }

    private double score(Counts counts) {
        int orders = counts.common.length;
        double sum = 0;
        double precisions = 0;
        double recalls = 0;
        int measured = 0;
        for (int n = 0; n < orders; n++) {
            double precision = counts.hypothesis[n] > 0 ? (double) counts.common[n] / counts.hypothesis[n] : EPSILON;
            double recall = counts.reference[n] > 0 ? (double) counts.common[n] / counts.reference[n] : EPSILON;
            sum += f(precision, recall);
            if (counts.hypothesis[n] > 0 && counts.reference[n] > 0) {
                precisions += precision;
                recalls += recall;
                measured++;
            }
        }
        if (epsilon) {
            return 100 * sum / orders;
        }
        return measured == 0 ? 0 : 100 * f(precisions / measured, recalls / measured);
    }

    private double f(double precision, double recall) {
        double factor = beta * beta;
        double denominator = factor * precision + recall;
        return denominator > 0 ? (1 + factor) * precision * recall / denominator : 0;
    }

    /** The settings, as a scorer's fingerprint has them. */
    @Override
    public String toString() {
        return "chrf characters=" + characterOrder + " words=" + wordOrder + " beta=" + beta + " lowercase=" + lowercase
                + " spaces=" + spaces + " epsilon=" + epsilon;
    }
}
