package io.github.flywheel4j.examples.quickstart;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much each word tells: one that stands in few texts tells more than one that stands in all (inverse document
 * frequency). Immutable and thread-safe.
 */
final class WordWeights {

    /** A word that stands nowhere may be the questioner's own for something that is said in others. */
    private static final double UNKNOWN_WORD = 0.7;

    /** A name that stands nowhere is not what the texts are about. */
    private static final double UNKNOWN_NAME = 2;

    private final int texts;
    private final Map<String, Integer> textsWith = new HashMap<>();

    /** Weighs the words of these texts. */
    WordWeights(Collection<Set<String>> texts) {
        this.texts = texts.size();
        texts.forEach(words -> words.forEach(word -> textsWith.merge(word, 1, Integer::sum)));
    }

    /** The share of the question's words that stand in the text, by weight: 0 to 1; 0 if the question has none. */
    double coverage(Question question, Set<String> text) {
        double all = 0;
        double found = 0;
        for (String word : question.words()) {
            double weight = weight(word, question.names().contains(word));
            all += weight;
            found += text.contains(word) ? weight : 0;
        }
        return all == 0 ? 0 : found / all;
    }

    private double weight(String word, boolean isName) {
        int with = textsWith.getOrDefault(word, 0);
        double weight = Math.log((texts + 1) / (with + 0.5));
        return with > 0 ? weight : weight * (isName ? UNKNOWN_NAME : UNKNOWN_WORD);
    }
}
