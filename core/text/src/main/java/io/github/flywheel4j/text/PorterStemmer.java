package io.github.flywheel4j.text;

import java.util.Map;

/**
 * Porter's algorithm for taking the endings of grammar off English words (Program 14(3), 1980), with the two rules that
 * its author added to the published list ({@code -logi} to {@code -log}, {@code -bli} to {@code -ble}).
 */
final class PorterStemmer {

    private static final Map<String, String> STEP_2 = Map.ofEntries(
            Map.entry("ational", "ate"),
            Map.entry("tional", "tion"),
            Map.entry("enci", "ence"),
            Map.entry("anci", "ance"),
            Map.entry("izer", "ize"),
            Map.entry("bli", "ble"),
            Map.entry("alli", "al"),
            Map.entry("entli", "ent"),
            Map.entry("eli", "e"),
            Map.entry("ousli", "ous"),
            Map.entry("ization", "ize"),
            Map.entry("ation", "ate"),
            Map.entry("ator", "ate"),
            Map.entry("alism", "al"),
            Map.entry("iveness", "ive"),
            Map.entry("fulness", "ful"),
            Map.entry("ousness", "ous"),
            Map.entry("aliti", "al"),
            Map.entry("iviti", "ive"),
            Map.entry("biliti", "ble"),
            Map.entry("logi", "log"));

    private static final Map<String, String> STEP_3 =
            Map.of("icate", "ic", "ative", "", "alize", "al", "iciti", "ic", "ical", "ic", "ful", "", "ness", "");

    /** Taken off whole; {@code ion} only after s or t. */
    private static final Map<String, String> STEP_4 = Map.ofEntries(
            Map.entry("al", ""),
            Map.entry("ance", ""),
            Map.entry("ence", ""),
            Map.entry("er", ""),
            Map.entry("ic", ""),
            Map.entry("able", ""),
            Map.entry("ible", ""),
            Map.entry("ant", ""),
            Map.entry("ement", ""),
            Map.entry("ment", ""),
            Map.entry("ent", ""),
            Map.entry("ion", ""),
            Map.entry("ou", ""),
            Map.entry("ism", ""),
            Map.entry("ate", ""),
            Map.entry("iti", ""),
            Map.entry("ous", ""),
            Map.entry("ive", ""),
            Map.entry("ize", ""));

    private static final int LONGEST_ENDING = 7;

    private PorterStemmer() {}

    static String stem(String word) {
        if (word.length() <= 2 || !word.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            return word;
        }
        String stem = pastAndContinuous(plural(word));
        if (stem.endsWith("y") && hasVowel(cut(stem, 1))) {
            stem = cut(stem, 1) + "i";
        }
        stem = replaceLongest(stem, STEP_2, 0);
        stem = replaceLongest(stem, STEP_3, 0);
        stem = replaceLongest(stem, STEP_4, 1);
        return finalE(stem);
    }

    private static String plural(String word) {
        if (word.endsWith("sses") || word.endsWith("ies")) {
            return cut(word, 2);
        }
        return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
    }

    private static String pastAndContinuous(String word) {
        if (word.endsWith("eed")) {
            return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
        }
        int ending = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
        if (ending == 0 || !hasVowel(cut(word, ending))) {
            return word;
        }
        String stem = cut(word, ending);
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        if (endsWithDoubleConsonant(stem) && "lsz".indexOf(last(stem)) < 0) {
            return cut(stem, 1);
        }
        return measure(stem) == 1 && endsShort(stem) ? stem + "e" : stem;
    }

    /** The longest ending decides, also when what stands before it is too short to be changed. */
    private static String replaceLongest(String word, Map<String, String> endings, int measureAbove) {
        for (int length = Math.min(LONGEST_ENDING, word.length()); length > 1; length--) {
            String ending = word.substring(word.length() - length);
            String replacement = endings.get(ending);
            if (replacement != null) {
                String stem = cut(word, length);
                boolean applies = measure(stem) > measureAbove
                        && (!ending.equals("ion") || stem.endsWith("s") || stem.endsWith("t"));
                return applies ? stem + replacement : word;
            }
        }
        return word;
    }

    private static String finalE(String word) {
        String stem = word;
        if (stem.endsWith("e")) {
            int measure = measure(cut(stem, 1));
            if (measure > 1 || (measure == 1 && !endsShort(cut(stem, 1)))) {
                stem = cut(stem, 1);
            }
        }
        return stem.endsWith("ll") && measure(stem) > 1 ? cut(stem, 1) : stem;
    }

    /** Porter's m: how often consonants follow vowels. */
    private static int measure(String stem) {
        int measure = 0;
        boolean vowelBefore = false;
        for (int i = 0; i < stem.length(); i++) {
            boolean consonant = isConsonant(stem, i);
            if (consonant && vowelBefore) {
                measure++;
            }
            vowelBefore = !consonant;
        }
        return measure;
    }

    private static boolean isConsonant(String word, int i) {
        return switch (word.charAt(i)) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> i == 0 || !isConsonant(word, i - 1);
            default -> true;
        };
    }

    private static boolean hasVowel(String stem) {
        for (int i = 0; i < stem.length(); i++) {
            if (!isConsonant(stem, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWithDoubleConsonant(String stem) {
        int length = stem.length();
        return length > 1 && last(stem) == stem.charAt(length - 2) && isConsonant(stem, length - 1);
    }

    /** Consonant, vowel, consonant, the last not w, x or y: such stems keep or get an e ({@code hop}, {@code hope}). */
    private static boolean endsShort(String stem) {
        int last = stem.length() - 1;
        return last >= 2
                && isConsonant(stem, last)
                && !isConsonant(stem, last - 1)
                && isConsonant(stem, last - 2)
                && "wxy".indexOf(stem.charAt(last)) < 0;
    }

    private static String cut(String word, int ending) {
        return word.substring(0, word.length() - ending);
    }

    private static char last(String stem) {
        return stem.charAt(stem.length() - 1);
    }
}
