package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Cuts a text into words, numbers, codes and addresses, in one pass. */
final class Tokens {

    private static final Pattern ADDRESS =
            Pattern.compile("(?i)(?:[a-z][a-z0-9+.-]*://|www\\.)\\S+|[^\\s@]+@[^\\s@]+\\.[a-z]+");
    private static final Pattern NUMERIC = Pattern.compile("\\d+[/-]\\d+[/-]\\d+|\\d+/\\d+|\\d+(?:[:.]\\d+)*");
    private static final Pattern KEPT_WITH_HYPHENS = Pattern.compile(
            "\\p{L}[\\p{L}\\d]*(?:-[\\p{L}\\d.]+)+|\\d+(?:\\.\\d+){2,}(?:-[\\w.]+)+|[\\da-fA-F]+(?:-[\\da-fA-F]+){2,}");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private boolean initial = true;
    private boolean listed;

    private Tokens(String text) {
        this.text = text;
    }

    static List<Token> of(String text) {
        Tokens tokens = new Tokens(text);
        int at = 0;
        while (at < text.length()) {
            if (isSpace(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            while (end < text.length() && !isSpace(text.charAt(end))) {
                end++;
            }
            tokens.chunk(at, end);
            at = end;
        }
        return tokens.tokens;
    }

    private static boolean isSpace(char c) {
        return c <= ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private void chunk(int from, int to) {
        int start = from;
        while (start < to && !begins(text.charAt(start))) {
            start++;
        }
        int end = to;
        while (end > start && !ends(text.charAt(end - 1))) {
            end--;
        }
        punctuation(from, start);
        if (start < end) {
            core(start, end);
        }
        punctuation(Math.max(start, end), to);
    }

    /** What ends a sentence or parts a list, also where it stands alone between spaces. */
    private void punctuation(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            initial |= c == '.' || c == '?' || c == '!' || c == ':';
            listed |= c == ',' || c == ';' || c == '/';
        }
    }

    private static boolean begins(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || Currencies.isSign(c) || c == '°';
    }

    private static boolean ends(char c) {
        return begins(c) || c == '%' || c == '+' || c == '#' || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private void core(int start, int end) {
        String chunk = text.substring(start, end);
        boolean digit = false;
        boolean plain = true;
        for (int i = 0; i < chunk.length(); i++) {
            char c = chunk.charAt(i);
            digit |= Character.isDigit(c);
            plain &= Character.isLetter(c);
        }
        if (plain) {
            add(start, end);
        } else if ((chunk.indexOf('@') > 0 || chunk.indexOf("://") > 0 || chunk.startsWith("www."))
                && ADDRESS.matcher(chunk).matches()) {
            add(start, end);
        } else if (digit) {
            number(start, end, chunk);
        } else {
            words(start, end);
        }
    }

    private void number(int start, int to, String written) {
        boolean possessive = written.endsWith("'s") || written.endsWith("’s");
        int end = possessive ? to - 2 : to;
        String chunk = written.substring(0, end - start);
        if (NUMERIC.matcher(chunk).matches() || KEPT_WITH_HYPHENS.matcher(chunk).matches()) {
            add(start, end);
            return;
        }
        int from = start;
        for (int i = start; i <= end; i++) {
            char c = i == end ? '-' : text.charAt(i);
            boolean cut = c == '-'
                    || c == '–'
                    || c == '—'
                    || c == '/'
                    || c == '('
                    || c == ')'
                    || c == '&'
                    || c == '='
                    || (c == '’' && i + 1 < end && Character.isDigit(text.charAt(i + 1)))
                    || (c == ','
                            && !(i > start
                                    && i + 1 < end
                                    && Character.isDigit(text.charAt(i - 1))
                                    && Character.isDigit(text.charAt(i + 1))));
            if (cut) {
                if (i > from) {
                    trimmed(from, i);
                }
                from = i + 1;
            }
        }
    }

    private void trimmed(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && !begins(text.charAt(start))) {
            start++;
        }
        while (end > start && !ends(text.charAt(end - 1))) {
            end--;
        }
        if (start < end) {
            add(start, end);
        }
    }

    private void words(int start, int end) {
        int from = start;
        for (int i = start; i <= end; i++) {
            boolean inside = i < end && inWord(i, start, end);
            if (!inside) {
                if (i > from) {
                    add(from, i);
                }
                from = i + 1;
            }
        }
    }

    /** A letter, an apostrophe between letters, a point of an abbreviation, the hyphen of e-mail, the signs of C++ and C#. */
    private boolean inWord(int i, int start, int end) {
        char c = text.charAt(i);
        if (Character.isLetter(c)
                || Character.isSurrogate(c)
                || Character.getType(c) == Character.NON_SPACING_MARK
                || Currencies.isSign(c)
                || c == '°') {
            return true;
        }
        boolean between = i > start
                && i + 1 < end
                && Character.isLetter(text.charAt(i - 1))
                && Character.isLetter(text.charAt(i + 1));
        return switch (c) {
            case '\'', '’' -> between;
            case '.' -> between && (i - start == 1 || text.charAt(i - 2) == '.');
            case '-' -> between && i - start == 1;
            case '+', '#' -> i > start && i - start < 3;
            default -> false;
        };
    }

    private void add(int start, int end) {
        String raw = text.substring(start, end);
        String word = lower(raw);
        boolean possessive = false;
        if (word.endsWith("'s") && word.length() > 2) {
            possessive = true;
            word = word.substring(0, word.length() - 2);
        } else if (word.endsWith("'") && word.length() > 1) {
            word = word.substring(0, word.length() - 1);
        }
        if (word.length() > 2
                && word.charAt(1) == '-'
                && Character.isLetter(word.charAt(0))
                && !raw.chars().anyMatch(Character::isDigit)) {
            word = word.charAt(0) + word.substring(2);
        }
        if (word.indexOf('.') == 1 && !raw.chars().anyMatch(Character::isDigit)) {
            word = word.replace(".", "");
        }
        tokens.add(new Token(raw, word, Inflections.key(word), start, initial, listed));
        initial = false;
        listed = false;
        if (possessive && Questions.isAsking(word)) { // what's, who's: "is" is a word of its own
            tokens.add(new Token("is", "is", "be", end - 2, false, false));
        }
    }

    private static String lower(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) > '~') {
                return Spelling.fold(raw.replace('’', '\''));
            }
        }
        return raw.toLowerCase(Locale.ROOT);
    }
}
