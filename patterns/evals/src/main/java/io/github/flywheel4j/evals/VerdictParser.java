package io.github.flywheel4j.evals;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a judge's words, strictly: what is not plainly one verdict is none. An empty result is an error of the judge, never a
 * no. Pure functions, safe from any thread.
 *
 * <p>A verdict may stand alone, before its reasons ({@code Yes, because ...}), behind a label on a line of its own ({@code
 * Verdict: YES}, where what comes before may be anything), in Markdown, quotes, a code fence or a tag, or in a field of a JSON
 * object. Case and width say nothing. Yes and no are known in some twenty languages. Two different verdicts, a doubt ({@code
 * yes and no}, {@code probably}, {@code Yes?}) or a negation ({@code not yes}) give none.
 */
public final class VerdictParser {

    private static final Set<String> YES = words(
            "yes y yeah yep true correct pass passed passes ja oui si sí sì sim tak ano да так evet kyllä ναι có ya כן نعم हाँ हां"
                    + " 是 是的 对 對 正确 正確 はい 예 네 ✅ ✔ 👍");
    private static final Set<String> NO = words(
            "no n nope false incorrect wrong fail failed fails nein non nee não nie ne нет ні hayır hayir ei όχι không tidak nej"
                    + " לא لا नहीं 否 不是 不 不对 不對 错误 錯誤 いいえ 아니요 아니오 ❌ ✘ 👎");
    private static final Set<String> TIE =
            words("tie draw equal equivalent same c unentschieden gleich égalité empate pareggio" + " 平局 引き分け 無승부 무승부");

    /** After these a reason may follow without a comma. */
    private static final Set<String> REASONS = words(
            "because since as it the this that they weil denn es das die parce car porque ya perché poiché 因为 因為 なぜなら");

    private static final Set<String> AND_OR = words("and und et y e en и или or oder ou o of 和 或 と");

    private static final Pattern FIRST_WORD =
            Pattern.compile("^([\\p{L}\\p{M}]+|[✅✔❌✘]|\\x{1F44D}|\\x{1F44E})(.*)$", Pattern.DOTALL);
    private static final Pattern NEXT_WORD = Pattern.compile("^[^\\p{L}\\p{M}]*([\\p{L}\\p{M}]+)");
    private static final Pattern CHOICE = Pattern.compile(
            "^(?:(?:the )?(?:better|best|winning)? ?(?:answer|response|assistant|option|candidate|output|antwort|réponse"
                    + "|respuesta|risposta|回答)? ?(?:is )?)?[\\[(*\"]*(a|b)\\b[\\])*\"]*(.*)$",
            Pattern.DOTALL);
    private static final Pattern SCORE = Pattern.compile(
            "^[+]?(\\p{Nd}{1,4})(?:\\.0+)?(?:\\s*(?:/|out of|of|von|sur|de|su)\\s*(\\p{Nd}{1,4}))?(.*)$",
            Pattern.DOTALL);
    private static final Pattern END_OF_SCORE =
            Pattern.compile("^(?:$|[.,;:!)](?!\\p{Nd})|\\s*\\R|\\s+[-–—(:]\\s*\\D)");

    private VerdictParser() {}

    private static Set<String> words(String spaced) {
        return Stream.of(spaced.split(" ", -1)).collect(Collectors.toUnmodifiableSet());
    }

    /** Yes or no; empty if the words say neither plainly. */
    public static Optional<Boolean> yesOrNo(String words) {
        return VerdictText.of(words).flatMap(VerdictParser::firstWord);
    }

    private static Optional<Boolean> firstWord(String text) {
        Matcher matcher = FIRST_WORD.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean yes = YES.contains(matcher.group(1));
        if (!yes && !NO.contains(matcher.group(1))) {
            return Optional.empty();
        }
        String rest = matcher.group(2);
        if (!Character.isLetter(matcher.group(1).codePointAt(0)) && !rest.isBlank()) {
            // A tick or cross before the word must say the same.
            return firstWord(rest.strip()).filter(word -> word.equals(yes));
        }
        boolean plain = endsVerdict(rest)
                && !contradicts(rest, yes ? NO : YES)
                && rest.lines().skip(1).noneMatch(line -> firstWord(line)
                        .filter(word -> !word.equals(yes))
                        .isPresent());
        return plain ? Optional.of(yes) : Optional.empty();
    }

    /** The verdict is over at a mark or a line's end, or where a reason begins. */
    private static boolean endsVerdict(String rest) {
        String afterMarkup = rest.replaceFirst("^[*_`\"'“”)\\]]+", "");
        if (afterMarkup.isEmpty() || ".,;:!–—(。、，！：\n".indexOf(afterMarkup.charAt(0)) >= 0) {
            return true;
        }
        if (afterMarkup.startsWith("-")) {
            return afterMarkup.length() == 1 || !Character.isLetterOrDigit(afterMarkup.codePointAt(1));
        }
        if (!Character.isWhitespace(afterMarkup.charAt(0))) {
            return false;
        }
        String next = afterMarkup.strip();
        return next.isEmpty()
                || "-–—(".indexOf(next.charAt(0)) >= 0
                || nextWord(next).map(REASONS::contains).orElse(false);
    }

    /** "Yes, no", "yes and no", "yes or rather no", "yes?" take back what they said. */
    private static boolean contradicts(String text, Set<String> opposite) {
        String rest = text.lines().findFirst().orElse("");
        if (rest.strip().replaceFirst("^[^\\p{L}?？]*", "").startsWith("?")
                || rest.strip().startsWith("？")) {
            return true;
        }
        Optional<String> next = nextWord(rest);
        if (next.isEmpty()) {
            return false;
        }
        if (opposite.contains(next.get())
                || next.get().equals("or")
                || next.get().equals("oder")) {
            return true;
        }
        return (AND_OR.contains(next.get()) || next.get().equals("but"))
                && nextWord(NEXT_WORD.matcher(rest).replaceFirst(""))
                        .map(opposite::contains)
                        .orElse(false);
    }

    private static Optional<String> nextWord(String text) {
        Matcher matcher = NEXT_WORD.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The better of two answers that were called A and B; empty if the words name none plainly. */
    public static Optional<Preference> choice(String words) {
        return VerdictText.of(words).flatMap(VerdictParser::chosen);
    }

    private static Optional<Preference> chosen(String text) {
        Matcher tie = FIRST_WORD.matcher(text);
        if (tie.matches()
                && TIE.contains(tie.group(1))
                && endsVerdict(tie.group(2))
                && !tie.group(2).strip().startsWith("?")) {
            return Optional.of(Preference.TIE);
        }
        Matcher matcher = CHOICE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String rest = matcher.group(2);
        String said = rest.strip();
        boolean plain = said.isEmpty()
                || ".,;:!\n-–—(".indexOf(rest.charAt(0)) >= 0
                || rest.matches("(?s)\\s*(?:\\R|[-–—(]).*")
                || said.matches("(?s)(?:is|was|wins|ist|est|es) ?(?:the |much |clearly |slightly |die |la )?"
                        + "(?:better|best|winner|preferred|besser|beste|meilleure|mejor)?[ .,;:!].*|wins|is better");
        Preference one = matcher.group(1).equals("a") ? Preference.A : Preference.B;
        String other = one == Preference.A ? "b" : "a";
        boolean takenBack = nextWord(said)
                        .map(next -> next.equals(other) || TIE.contains(next) || next.equals("or"))
                        .orElse(false)
                || said.startsWith("?")
                || said.matches("(?s)[^\\p{L}]*(?:and|und|et|y|=|/|&)\\s*" + other + "\\b.*");
        return plain && !takenBack ? Optional.of(one) : Optional.empty();
    }

    /**
     * A whole number on a scale; empty if there is none, it is beside the scale, or it is out of another number than {@code
     * max}.
     *
     * @throws IllegalArgumentException if the scale has less than two places
     */
    public static OptionalInt scale(String words, int min, int max) {
        if (min < 0 || max <= min) {
            throw new IllegalArgumentException(
                    "scale: " + min + " to " + max + " (expected: from 0 or more, to a higher one)");
        }
        Matcher matcher = SCORE.matcher(VerdictText.of(words).orElse(""));
        if (!matcher.matches() || !END_OF_SCORE.matcher(matcher.group(3)).find()) {
            return OptionalInt.empty();
        }
        int score = Integer.parseInt(matcher.group(1));
        boolean ofOther = matcher.group(2) != null && Integer.parseInt(matcher.group(2)) != max;
        return score < min || score > max || ofOther ? OptionalInt.empty() : OptionalInt.of(score);
    }
}
