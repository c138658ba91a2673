package io.github.flywheel4j.evals;

import io.github.flywheel4j.text.EditDistance;
import io.github.flywheel4j.text.Words;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * How alike two texts are, on the scale 0 to 1, as pure functions; {@link Bleu} and {@link Chrf}, which have settings, are
 * classes of their own. All of them compare spellings, not meanings: a right answer in other words scores low and a wrong
 * number in the right words scores high.
 *
 * <p>With several references the best one counts.
 */
public final class TextMetrics {

    private static final Pattern ASCII_PUNCTUATION = Pattern.compile("\\p{Punct}");
    private static final Pattern ARTICLE = Pattern.compile("\\b(?:a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);

    private TextMetrics() {}

    /**
     * Two shares and their harmonic mean.
     *
     * @param precision the share of the answer that is in the reference too
     * @param recall the share of the reference that is in the answer too
     * @param f1 their harmonic mean; 0 if both are 0
     */
    public record Overlap(double precision, double recall, double f1) {

        static Overlap of(int common, int ofAnswer, int ofReference) {
            double precision = ofAnswer == 0 ? 0 : (double) common / ofAnswer;
            double recall = ofReference == 0 ? 0 : (double) common / ofReference;
            return new Overlap(precision, recall, common == 0 ? 0 : 2 * precision * recall / (precision + recall));
        }
    }

    /**
     * ROUGE-N: the overlap of runs of n words. Words are {@linkplain Words#of folded}, without stems.
     *
     * <p>Source: C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL workshop 2004.
     *
     * @param n 1 for ROUGE-1, 2 for ROUGE-2
     * @throws IllegalArgumentException if there is no reference or n is less than 1
     */
    public static Overlap rougeN(String answer, List<String> references, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("n: " + n + " (expected: >= 1)");
        }
        Map<String, Integer> grams = NGrams.ofTokens(Words.of(answer), n);
        return best(references, reference -> {
            Map<String, Integer> ofReference = NGrams.ofTokens(Words.of(reference), n);
            return Overlap.of(NGrams.common(grams, ofReference), NGrams.total(grams), NGrams.total(ofReference));
        });
    }

    /**
     * ROUGE-L: the overlap by the longest sequence of words that both have in the same order, with gaps allowed. Source and
     * words as in {@link #rougeN}.
     *
     * @throws IllegalArgumentException if there is no reference
     */
    public static Overlap rougeL(String answer, List<String> references) {
        List<String> words = Words.of(answer);
        return best(references, reference -> {
            List<String> ofReference = Words.of(reference);
            return Overlap.of(Sequences.longestCommon(words, ofReference), words.size(), ofReference.size());
        });
    }

    /**
     * The overlap of words as the SQuAD benchmark measures it: without case, ASCII punctuation and English articles. Two
     * empty texts are equal.
     *
     * <p>Source: P. Rajpurkar and others, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016, and
     * "Know What You Don't Know", ACL 2018, for unanswerable questions.
     *
     * @throws IllegalArgumentException if there is no reference
     */
    public static Overlap tokenOverlap(String answer, List<String> references) {
        List<String> words = Tokens.split(squadNormal(answer));
        return best(references, reference -> {
            List<String> ofReference = Tokens.split(squadNormal(reference));
            if (words.isEmpty() && ofReference.isEmpty()) {
                return new Overlap(1, 1, 1);
            }
            return Overlap.of(
                    NGrams.common(NGrams.ofTokens(words, 1), NGrams.ofTokens(ofReference, 1)),
                    words.size(),
                    ofReference.size());
        });
    }

    /**
     * Whether the answer equals a reference, normalised as in {@link #tokenOverlap}.
     *
     * @throws IllegalArgumentException if there is no reference
     */
    public static boolean squadExactMatch(String answer, List<String> references) {
        checkReferences(List.of(answer), List.of(references));
        String normal = squadNormal(answer);
        return references.stream().anyMatch(reference -> squadNormal(reference).equals(normal));
    }

    private static String squadNormal(String text) {
        String plain = ASCII_PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return String.join(" ", Tokens.split(ARTICLE.matcher(plain).replaceAll(" ")));
    }

    /**
     * 1 less the {@linkplain EditDistance edit distance} over the length of the longer text; 1 for two empty texts.
     *
     * @throws IllegalArgumentException if there is no reference
     */
    public static double editLikeness(String answer, List<String> references) {
        return bestScore(references, reference -> 1 - EditDistance.normalised(answer, reference));
    }

    /** How close two numbers are: 1 less their distance over the sum of their sizes; 1 for two zeros. */
    public static double numericLikeness(double answer, double reference) {
        double size = Math.abs(answer) + Math.abs(reference);
        return answer == reference ? 1 : 1 - Math.abs(answer - reference) / size;
    }

    /**
     * How alike two JSON values are, field by field: the mean over all fields that either has, and over the places of arrays;
     * texts by {@link #editLikeness}, numbers by {@link #numericLikeness}, values of two kinds by the likeness of their
     * spellings. A text that holds a JSON object or array counts as that.
     *
     * @param answer JSON, or else taken as a plain text
     * @param reference JSON, or else taken as a plain text
     */
    public static double jsonLikeness(String answer, String reference) {
        return JsonLikeness.of(JsonLikeness.read(answer), JsonLikeness.read(reference));
    }

    private static Overlap best(List<String> references, Function<String, Overlap> overlap) {
        return references.stream()
                .map(overlap)
                .max(Comparator.comparingDouble(Overlap::f1))
                .orElseThrow(TextMetrics::noReference);
    }

    private static double bestScore(List<String> references, ToDoubleFunction<String> score) {
        return references.stream().mapToDouble(score).max().orElseThrow(TextMetrics::noReference);
    }

    static void checkReferences(List<String> hypotheses, List<List<String>> references) {
        if (hypotheses.isEmpty() || references.size() != hypotheses.size()) {
            throw new IllegalArgumentException("references: for " + references.size() + " answers (expected: for "
                    + hypotheses.size() + ", and at least 1)");
        }
        if (references.stream().anyMatch(List::isEmpty)) {
            throw noReference();
        }
    }

    private static IllegalArgumentException noReference() {
        return new IllegalArgumentException("references: none (expected: at least one for each answer)");
    }
}
