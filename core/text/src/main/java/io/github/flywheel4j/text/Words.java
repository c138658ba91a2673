package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a text, {@linkplain Spelling#fold folded}, in the order in which they stand there. */
public final class Words {

    /**
     * One ideograph (Chinese puts no spaces between words), or letters, marks and digits with inner apostrophes and with
     * points and commas between digits.
     */
    private static final Pattern WORD =
            Pattern.compile("""
            [\\p{IsIdeographic}\\p{IsHiragana}]\
            |SIGN+(?:'[\\p{L}\\p{M}]+|(?<=\\p{Nd})[.,](?=\\p{Nd})SIGN+)*""".replace("SIGN", "[[\\p{L}\\p{M}\\p{N}]&&[^\\p{IsIdeographic}\\p{IsHiragana}]]"));

    private Words() {}

    /**
     * The words of a text: {@code "It costs 3.50, doesn't it?"} gives {@code [it, costs, 3.50, doesn't, it]}. Names with
     * other signs inside fall into their parts: {@code langchain4j-open-ai} gives {@code [langchain4j, open, ai]}.
     */
    public static List<String> of(String text) {
        Matcher matcher = WORD.matcher(Spelling.fold(text).replace('’', '\''));
        List<String> words = new ArrayList<>();
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return List.copyOf(words);
    }

    /**
     * The words that carry a text's content: those that are no {@linkplain #isStopWord stop words}, each as its
     * {@linkplain #stem stem}: {@code "Which layers does the stack run?"} gives {@code [layer, stack, run]}.
     */
    public static List<String> content(String text) {
        return of(text).stream()
                .filter(word -> !isStopWord(word))
                .map(Words::stem)
                .toList();
    }

    /**
     * Whether a folded word is one of the English words that stand in every text. The list is Snowball's, with the
     * contractions it spells out.
     */
    public static boolean isStopWord(String word) {
        return StopWords.ENGLISH.contains(word);
    }

    /**
     * An English word without the endings of grammar, by Porter's algorithm: {@code cancelled}, {@code cancelling} and
     * {@code cancels} give {@code cancel}. A stem is for comparing; it need not be a word ({@code caching} gives
     * {@code cach}, and so does {@code cache}). Words with other signs than a to z are returned as they are.
     *
     * @see <a href="https://tartarus.org/martin/PorterStemmer/">M. F. Porter, An algorithm for suffix stripping,
     *     Program 14(3), 1980</a>
     */
    public static String stem(String word) {
        return PorterStemmer.stem(word);
    }
}
