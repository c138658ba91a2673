package io.github.flywheel4j.text;

import java.text.Normalizer;
import java.util.Locale;

/**
 * One spelling for texts that a reader takes for the same.
 *
 * <p>Both forms are for comparing, never for showing: they drop what a reader does not see.
 */
public final class Spelling {

    private static final int ZERO_WIDTH_SPACE = 0x200B;

    private Spelling() {}

    /**
     * The text in Unicode's compatibility form NFKC (UAX #15), without invisible characters, each run of white space
     * and control characters as one space, none at the ends.
     *
     * <p>Invisible are the characters of category {@code Cf} (soft hyphen, joiners, direction marks, byte order mark)
     * and the variation selectors. A zero width space is invisible too, not a space.
     */
    public static String normalize(String text) {
        return isPlain(text) ? text : collapse(Normalizer.normalize(visible(text), Normalizer.Form.NFKC));
    }

    /**
     * {@linkplain #normalize Normalised} text with Unicode's full case folding: {@code Straße}, {@code STRASSE} and
     * {@code strasse} become equal, and so do {@code Σ}, {@code σ} and {@code ς}. Folding twice changes nothing.
     * Differs from the Unicode table for Cherokee alone, which the table folds to capitals.
     */
    public static String fold(String text) {
        return normalize(foldCase(normalize(text)));
    }

    /** Upper and then lower case is full case folding, but for the three letters handled here. */
    private static String foldCase(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 'ı') { // folds to itself; its upper case is a plain I
                folded.append(roundTrip(text.substring(from, i))).append('ı');
                from = i + 1;
            }
        }
        return folded.append(roundTrip(text.substring(from))).toString();
    }

    private static String roundTrip(String text) {
        // ẞ has no shorter upper case, and a sigma at the end of a word gets a form of its own.
        return text.replace('ẞ', 'ß')
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replace('ς', 'σ');
    }

    /** Most texts are ASCII with single spaces: those are their own normal form. */
    private static boolean isPlain(String text) {
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) {
                return false;
            }
            before = c;
        }
        return text.isEmpty() || before != ' ';
    }

    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isInvisible(c)).forEach(visible::appendCodePoint);
        return visible.toString();
    }

    private static boolean isInvisible(int c) {
        return Character.getType(c) == Character.FORMAT
                || c == ZERO_WIDTH_SPACE
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0100 && c <= 0xE01EF);
    }

    private static String collapse(String text) {
        StringBuilder collapsed = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c)) {
                space = true;
            } else {
                if (space && !collapsed.isEmpty()) {
                    collapsed.append(' ');
                }
                space = false;
                collapsed.append(c);
            }
        }
        return collapsed.toString();
    }
}
