package io.github.flywheel4j.text;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The word, tick, cross or thumb that a verdict begins with, and what comes after it.
 *
 * @param word the word, as it stands in the text
 * @param rest everything after it, mostly reasons
 */
public record FirstWord(String word, String rest) {

    /** After these a reason may follow without a comma. */
    private static final Set<String> REASONS = Set.of(
            "because since as it the this that they weil denn es das die parce car porque ya perché poiché 因为 因為 なぜなら"
                    .split(" ", -1));

    private static final Pattern FIRST =
            Pattern.compile("^([\\p{L}\\p{M}]+|[✅✔❌✘]|\\x{1F44D}|\\x{1F44E})(.*)$", Pattern.DOTALL);
    private static final Pattern NEXT = Pattern.compile("^[^\\p{L}\\p{M}]*([\\p{L}\\p{M}]+)");

    /** The first word of words that {@link VerdictWords} found; empty if they begin with something else. */
    public static Optional<FirstWord> of(String words) {
        Matcher matcher = FIRST.matcher(words);
        return matcher.matches() ? Optional.of(new FirstWord(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** The next word of a text, whatever marks stand before it; empty if there is none. */
    public static Optional<String> next(String text) {
        Matcher matcher = NEXT.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** A text without its first word and what stands before it. */
    static String afterNext(String text) {
        return NEXT.matcher(text).replaceFirst("");
    }

    /** Whether it is a tick, a cross or a thumb. */
    boolean isMark() {
        return !Character.isLetter(word.codePointAt(0));
    }

    /** Whether the word stands for itself: a mark or the line's end comes after it, or a reason begins. */
    public boolean standsAlone() {
        String after = rest.replaceFirst("^[*_`\"'“”)\\]]+", "");
        if (after.isEmpty() || ".,;:!–—(。、，！：\n".indexOf(after.charAt(0)) >= 0) {
            return true;
        }
        if (after.startsWith("-")) {
            return after.length() == 1 || !Character.isLetterOrDigit(after.codePointAt(1));
        }
        if (!Character.isWhitespace(after.charAt(0))) {
            return false;
        }
        String more = after.strip();
        return more.isEmpty()
                || "-–—(".indexOf(more.charAt(0)) >= 0
                || next(more).map(REASONS::contains).orElse(false);
    }
}
