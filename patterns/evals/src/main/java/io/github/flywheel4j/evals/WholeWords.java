package io.github.flywheel4j.evals;

import io.github.flywheel4j.text.Spelling;

/** A text looked for in another one as whole words. */
final class WholeWords {

    private WholeWords() {}

    static boolean contains(String text, String part) {
        String in = Spelling.fold(text);
        String what = Spelling.fold(part);
        if (what.isEmpty()) {
            return true;
        }
        for (int at = in.indexOf(what); at >= 0; at = in.indexOf(what, at + 1)) {
            int end = at + what.length();
            if (startsWord(in, at) && endsWord(in, end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWord(String text, int at) {
        int first = text.codePointAt(at);
        if (at == 0 || !belongsToWord(first)) {
            return true;
        }
        int before = text.codePointBefore(at);
        boolean decimal = Character.isDigit(first)
                && isDecimalMark(before)
                && at >= 2
                && Character.isDigit(text.codePointBefore(at - 1));
        return !belongsToWord(before) && !decimal;
    }

    private static boolean endsWord(String text, int end) {
        int last = text.codePointBefore(end);
        if (end == text.length() || !belongsToWord(last)) {
            return true;
        }
        int after = text.codePointAt(end);
        boolean decimal = Character.isDigit(last)
                && isDecimalMark(after)
                && end + 1 < text.length()
                && Character.isDigit(text.codePointAt(end + 1));
        return !belongsToWord(after) && !decimal;
    }

    private static boolean isDecimalMark(int c) {
        return c == '.' || c == ',';
    }

    /** Letters, marks and digits, but for scripts that put no spaces between words. */
    private static boolean belongsToWord(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> false;
            default ->
                Character.isLetterOrDigit(c)
                        || Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.COMBINING_SPACING_MARK;
        };
    }
}
