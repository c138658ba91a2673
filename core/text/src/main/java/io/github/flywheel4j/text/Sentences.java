package io.github.flywheel4j.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The sentences of a text. */
public final class Sentences {

    /** A full stop after one of these ends no sentence. */
    private static final Set<String> ABBREVIATIONS = Set.of(
            "e.g", "i.e", "cf", "vs", "viz", "approx", "dr", "mr", "mrs", "ms", "prof", "st", "fig", "vol", "resp",
            "incl", "u.s", "u.k");

    /** A full stop after one of these ends no sentence when a number follows. */
    private static final Set<String> ABBREVIATIONS_BEFORE_NUMBERS = Set.of("no", "nos", "ch", "sec", "eq", "p", "pp");

    private static final Pattern PARAGRAPH = Pattern.compile("(?>\\R)\\h*(?>\\R)");

    private Sentences() {}

    /**
     * The sentences of a text in their order, with one space for each run of white space and none at the ends.
     *
     * <p>An empty line ends a sentence, a mere line break does not. A full stop inside a number or a name
     * ({@code call.stream()}), after an initial, or after a usual English abbreviation ({@code e.g.}, {@code Dr.},
     * {@code No. 5}) ends none. The rest is the JDK's {@link BreakIterator}.
     */
    public static List<String> of(String text) {
        List<String> sentences = new ArrayList<>();
        for (String paragraph : PARAGRAPH.splitAsStream(text).toList()) {
            String line = paragraph.strip().replaceAll("\\s+", " ");
            BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
            breaks.setText(line);
            int start = breaks.first();
            for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
                if (end == line.length() || endsSentence(line.substring(start, end), line.charAt(end))) {
                    sentences.add(line.substring(start, end).strip());
                    start = end;
                }
            }
        }
        return List.copyOf(sentences);
    }

    private static boolean endsSentence(String candidate, char next) {
        String stripped = candidate.stripTrailing();
        if (!stripped.endsWith(".")) {
            return true;
        }
        String last = stripped.substring(stripped.lastIndexOf(' ') + 1, stripped.length() - 1)
                .replaceFirst("^\\W+", "")
                .toLowerCase(Locale.ROOT);
        if (Character.isDigit(next) && ABBREVIATIONS_BEFORE_NUMBERS.contains(last)) {
            return false;
        }
        boolean initial = last.length() == 1 && Character.isLetter(last.charAt(0)) && !last.equals("i");
        return !initial && !ABBREVIATIONS.contains(last);
    }
}
