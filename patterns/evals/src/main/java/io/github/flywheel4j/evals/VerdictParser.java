package io.github.flywheel4j.evals;

import io.github.flywheel4j.text.FirstWord;
import io.github.flywheel4j.text.YesOrNo;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Set<String> TIE =
            Set.of("tie draw equal equivalent same c unentschieden gleich égalité empate pareggio 平局 引き分け 無승부 무승부"
                    .split(" ", -1));

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

    /** Yes or no; empty if the words say neither plainly. */
    public static Optional<Boolean> yesOrNo(String words) {
        return VerdictText.of(words).flatMap(YesOrNo::of);
    }

    /** The better of two answers that were called A and B; empty if the words name none plainly. */
    public static Optional<Preference> choice(String words) {
        return VerdictText.of(words).flatMap(VerdictParser::chosen);
    }

    private static Optional<Preference> chosen(String text) {
        Optional<FirstWord> tie = FirstWord.of(text).filter(first -> TIE.contains(first.word()));
        if (tie.isPresent()
                && tie.get().standsAlone()
                && !tie.get().rest().strip().startsWith("?")) {
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
        boolean takenBack = FirstWord.next(said)
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
