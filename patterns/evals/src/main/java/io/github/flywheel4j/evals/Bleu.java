package io.github.flywheel4j.evals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * BLEU, the share of word sequences that an answer has in common with reference answers, on the scale 0 to 100 and equal to
 * sacreBLEU's figures for the same settings. Immutable; pure.
 *
 * <p>Source: K. Papineni and others, "BLEU: a Method for Automatic Evaluation of Machine Translation", ACL 2002; settings
 * and tokenisation by M. Post, "A Call for Clarity in Reporting BLEU Scores", WMT 2018; smoothing by B. Chen and C. Cherry,
 * "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU", WMT 2014.
 *
 * <p>It was made for corpora of translations. Of a single answer it says little, and of a right answer in other words
 * nothing.
 */
public final class Bleu {

    /** How a text is cut into words. */
    public enum Tokenizer {
        /** At white space only, for texts that are tokenised already. */
        NONE(BleuTokenizer.NONE),
        /** As NIST's mteval-v13a script: for languages in Latin script. */
        THIRTEEN_A(BleuTokenizer.THIRTEEN_A),
        /** As NIST's mteval-v14 script: at every punctuation mark and symbol of Unicode. */
        INTERNATIONAL(BleuTokenizer.INTERNATIONAL),
        /** Every character is a word. */
        CHARACTERS(BleuTokenizer.CHARACTERS),
        /** Chinese characters are words, the rest as {@link #THIRTEEN_A}. */
        CHINESE(BleuTokenizer.CHINESE);

        private final BleuTokenizer rules;

        Tokenizer(BleuTokenizer rules) {
            this.rules = rules;
        }
    }

    /** What takes the place of the share of a length of sequences that has no match, which would make the product 0. */
    public enum Smoothing {
        /** Nothing: the score is 0. */
        NONE(0),
        /** Each such length counts half of the one before. */
        EXPONENTIAL(0),
        /** A fixed number of matches, 0.1 unless told. */
        FLOOR(0.1),
        /** A number added to matches and totals of all lengths above 1, 1 unless told. */
        ADD_K(1);

        private final double value;

        Smoothing(double value) {
            this.value = value;
        }
    }

    private static final Bleu CORPUS =
            new Bleu(Tokenizer.THIRTEEN_A, false, Smoothing.EXPONENTIAL, Smoothing.EXPONENTIAL.value, false, 4);

    private final Tokenizer tokenizer;
    private final boolean lowercase;
    private final Smoothing smoothing;
    private final double smoothingValue;
    private final boolean effectiveOrder;
    private final int maxOrder;

    private Bleu(
            Tokenizer tokenizer,
            boolean lowercase,
            Smoothing smoothing,
            double smoothingValue,
            boolean effectiveOrder,
            int maxOrder) {
        this.tokenizer = tokenizer;
        this.lowercase = lowercase;
        this.smoothing = smoothing;
        this.smoothingValue = smoothingValue;
        this.effectiveOrder = effectiveOrder;
        this.maxOrder = maxOrder;
    }

    /** sacreBLEU's defaults for a corpus: 13a, case kept, exponential smoothing, sequences of up to 4 words. */
    public static Bleu forCorpus() {
        return CORPUS;
    }

    /** Equal to {@link #forCorpus}, but an answer shorter than 4 words is measured by the lengths that it has. */
    public static Bleu forSentences() {
        return CORPUS.effectiveOrder(true);
    }

    /** The same with another way to cut texts into words. */
    public Bleu tokenizer(Tokenizer other) {
        return new Bleu(other, lowercase, smoothing, smoothingValue, effectiveOrder, maxOrder);
    }

    /** The same with upper and lower case taken for equal, or not. */
    public Bleu lowercase(boolean other) {
        return new Bleu(tokenizer, other, smoothing, smoothingValue, effectiveOrder, maxOrder);
    }

    /** The same with another smoothing at its usual value. */
    public Bleu smoothing(Smoothing other) {
        return smoothing(other, other.value);
    }

    /** The same with another smoothing at a value of its own; the value says nothing for those that have none. */
    public Bleu smoothing(Smoothing other, double value) {
        return new Bleu(tokenizer, lowercase, other, value, effectiveOrder, maxOrder);
    }

    /** The same, leaving out lengths that the answer is too short for, or not. */
    public Bleu effectiveOrder(boolean other) {
        return new Bleu(tokenizer, lowercase, smoothing, smoothingValue, other, maxOrder);
    }

    /**
     * The same with sequences of up to this many words.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Bleu maxOrder(int other) {
        if (other < 1) {
            throw new IllegalArgumentException("maxOrder: " + other + " (expected: >= 1)");
        }
        return new Bleu(tokenizer, lowercase, smoothing, smoothingValue, effectiveOrder, other);
    }

    /**
     * The score of one answer, 0 to 100.
     *
     * @throws IllegalArgumentException if there is no reference
     */
    public double sentence(String hypothesis, List<String> references) {
        return corpus(List.of(hypothesis), List.of(references));
    }

    /**
     * The score of all answers together, 0 to 100. Counts are added up before they are divided, so it is not the mean of the
     * sentences' scores.
     *
     * @param hypotheses the answers
     * @param references the reference answers of each of them
     * @throws IllegalArgumentException if there is no answer, the numbers differ or an answer has no reference
     */
    public double corpus(List<String> hypotheses, List<List<String>> references) {
        TextMetrics.checkReferences(hypotheses, references);
        double[] correct = new double[maxOrder];
        double[] total = new double[maxOrder];
        long length = 0;
        long referenceLength = 0;
        for (int i = 0; i < hypotheses.size(); i++) {
            List<String> tokens = tokens(hypotheses.get(i));
            List<List<String>> ofReferences =
                    references.get(i).stream().map(this::tokens).toList();
            length += tokens.size();
            referenceLength += closest(tokens.size(), ofReferences);
            count(tokens, ofReferences, correct, total);
        }
        return score(correct, total, length, referenceLength);
    }

    private List<String> tokens(String text) {
        return tokenizer.rules.tokens(lowercase ? text.toLowerCase(Locale.ROOT) : text);
    }

    /** Of two that are equally close the shorter one counts. */
    private static int closest(int length, List<List<String>> references) {
        int closest = references.get(0).size();
        for (List<String> reference : references) {
            int distance = Math.abs(reference.size() - length);
            int best = Math.abs(closest - length);
            if (distance < best || (distance == best && reference.size() < closest)) {
                closest = reference.size();
            }
        }
        return closest;
    }

    private static void count(List<String> tokens, List<List<String>> references, double[] correct, double[] total) {
        for (int n = 1; n <= correct.length; n++) {
            Map<String, Integer> most = new HashMap<>();
            for (List<String> reference : references) {
                NGrams.ofTokens(reference, n).forEach((gram, times) -> most.merge(gram, times, Math::max));
            }
            Map<String, Integer> grams = NGrams.ofTokens(tokens, n);
            correct[n - 1] += NGrams.common(grams, most);
            total[n - 1] += NGrams.total(grams);
        }
    }

    private double score(double[] correct, double[] total, long length, long referenceLength) {
        if (Arrays.stream(correct).allMatch(each -> each == 0)) {
            return 0;
        }
        List<Double> precisions = new ArrayList<>();
        double halving = 1;
        for (int n = 0; n < maxOrder; n++) {
            double matches = correct[n];
            double possible = total[n];
            if (smoothing == Smoothing.ADD_K && n > 0) {
                matches += smoothingValue;
                possible += smoothingValue;
            }
            if (possible == 0) {
                break;
            }
            if (matches == 0 && smoothing == Smoothing.EXPONENTIAL) {
                halving *= 2;
                matches = 1 / halving;
            } else if (matches == 0 && smoothing == Smoothing.FLOOR) {
                matches = smoothingValue;
            }
            precisions.add(matches / possible);
        }
        int order = effectiveOrder ? precisions.size() : maxOrder;
        if (precisions.size() < order || precisions.contains(0.0)) {
            return 0;
        }
        double logs = precisions.stream().mapToDouble(Math::log).sum();
        double brevity = length < referenceLength ? Math.exp(1 - (double) referenceLength / length) : 1;
        return 100 * brevity * Math.exp(logs / order);
    }

    /** The settings, as a scorer's fingerprint has them. */
    @Override
    public String toString() {
        return "bleu tokenizer=" + tokenizer + " lowercase=" + lowercase + " smoothing=" + smoothing + ":"
                + smoothingValue + " effectiveOrder=" + effectiveOrder + " maxOrder=" + maxOrder;
    }
}
