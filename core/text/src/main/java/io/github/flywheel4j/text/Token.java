package io.github.flywheel4j.text;

/**
 * A word of a text with its place.
 *
 * @param raw as written
 * @param word folded, without a possessive ending
 * @param key the word without the endings of inflection
 * @param start where it begins, in UTF-16 units
 * @param initial whether it begins a sentence, so that a capital says nothing
 * @param listed whether a comma stands before it
 */
record Token(String raw, String word, String key, int start, boolean initial, boolean listed) {

    int end() {
        return start + raw.length();
    }

    boolean hasDigit() {
        for (int i = 0; i < raw.length(); i++) {
            if (Character.isDigit(raw.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    boolean capital() {
        return !raw.isEmpty() && Character.isUpperCase(raw.codePointAt(0));
    }

    /** At least two letters, none small: an acronym, unless the whole text is in capitals. */
    boolean allCapitals() {
        int letters = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (Character.isLowerCase(c)) {
                return false;
            }
            letters += Character.isUpperCase(c) ? 1 : 0;
        }
        return letters > 1;
    }
}
