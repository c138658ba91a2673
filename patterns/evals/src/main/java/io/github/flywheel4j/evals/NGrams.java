package io.github.flywheel4j.evals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs of n neighbours and how often each stands in a text. */
final class NGrams {

    private NGrams() {}

    /** Of tokens; they are joined by a character that no token contains. */
    static Map<String, Integer> ofTokens(List<String> tokens, int n) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            counts.merge(String.join("\n", tokens.subList(i, i + n)), 1, Integer::sum);
        }
        return counts;
    }

    /** Of characters, a pair of surrogates counting as one. */
    static Map<String, Integer> ofCharacters(String text, int n) {
        int[] codePoints = text.codePoints().toArray();
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= codePoints.length; i++) {
            counts.merge(new String(codePoints, i, n), 1, Integer::sum);
        }
        return counts;
    }

    /** How many of the one are in the other too, each as often as it is in both. */
    static int common(Map<String, Integer> a, Map<String, Integer> b) {
        int common = 0;
        for (Map.Entry<String, Integer> each : a.entrySet()) {
            common += Math.min(each.getValue(), b.getOrDefault(each.getKey(), 0));
        }
        return common;
    }

    static int total(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
