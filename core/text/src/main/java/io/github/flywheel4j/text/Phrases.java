package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The phrases of the word lists: several words that count as one. */
final class Phrases {

    private static final Map<String, List<String[]>> PHRASES = new HashMap<>();

    static {
        Synonyms.phrases().forEach(Phrases::add);
        Antonyms.phrases().forEach(Phrases::add);
        LightWords.phrases().forEach(Phrases::add);
        Negations.phrases().forEach(Phrases::add);
        PHRASES.values().forEach(phrases -> phrases.sort((a, b) -> b.length - a.length));
    }

    private Phrases() {}

    /** How many tokens from here are one listed phrase; 1 when none is. */
    static int length(List<Token> tokens, int at) {
        for (String[] phrase : PHRASES.getOrDefault(tokens.get(at).key(), List.of())) {
            if (matches(tokens, at, phrase)) {
                return phrase.length;
            }
        }
        return 1;
    }

    private static boolean matches(List<Token> tokens, int at, String[] phrase) {
        if (at + phrase.length > tokens.size()) {
            return false;
        }
        for (int i = 1; i < phrase.length; i++) {
            if (!tokens.get(at + i).key().equals(phrase[i])) {
                return false;
            }
        }
        return true;
    }

    private static void add(String phrase) {
        String[] keys = phrase.split("_", 0);
        if (keys.length > 1) {
            PHRASES.computeIfAbsent(keys[0], unused -> new ArrayList<>()).add(keys);
        }
    }
}
