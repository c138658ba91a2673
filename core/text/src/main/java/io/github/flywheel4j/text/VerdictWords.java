package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the words that state a verdict in what a model said when it was asked for one: without thinking, code fences, tags,
 * Markdown, quotation marks and the label before it.
 *
 * <p>Pure functions, safe from any thread.
 */
public final class VerdictWords {

    private static final Pattern FENCE = Pattern.compile("(?s)^```[\\p{Alnum}]*\\s*\\n?(.*?)\\n?\\s*```$");
    private static final Pattern TAG = Pattern.compile("(?s)^<(\\p{Alpha}+)>(.*)</\\1>$");
    private static final Pattern THINKING = Pattern.compile("(?s)^\\s*<think(?:ing)?>.*?</think(?:ing)?>");

    /** A label and a colon before the verdict, on a line of its own. */
    private static final Pattern LABELLED = Pattern.compile(
            "(?im)^[\\s>#*_\\-`]*(?:(?:my |the |final |overall )*(?:verdict|answer|decision|judge?ment|result|score|rating|grade"
                    + "|winner|conclusion|preference)|urteil|antwort|ergebnis|bewertung|verdict final|réponse|conclusion"
                    + "|respuesta|veredicto|risposta|verdetto|resposta|结论|答案|判断|判決|回答|評価)"
                    + "(?: is)?[\\s*_`]*[:：=][\\s*_`]*(\\S.*)$");

    private static final Pattern AROUND =
            Pattern.compile("^(?:[-•#>|]+\\s|[\\s*_`\"'“”„«»‘’(\\[{<>|])+|[\\s*_`\"“”„«»)\\]}>|]+$");

    private VerdictWords() {}

    /**
     * The words to read, {@linkplain Spelling#fold folded} line by line: what stands behind a label on a line of its own ({@code
     * Verdict: YES}, where what comes before may be anything), else all of it. Empty if labelled lines contradict each other.
     */
    public static Optional<String> of(String words) {
        String text = content(words);
        List<String> labelled = new ArrayList<>();
        Matcher label = LABELLED.matcher(text);
        while (label.find()) {
            labelled.add(bare(label.group(1)));
        }
        // Of several labelled lines ("Answer: ..." may quote) all must say the same.
        Set<String> different = new LinkedHashSet<>(labelled);
        if (different.size() > 1) {
            return Optional.empty();
        }
        return Optional.of(labelled.isEmpty() ? bare(text) : labelled.get(0));
    }

    /** What was said without the thinking before it and the code fences and tags around it. */
    public static String content(String words) {
        String text = THINKING.matcher(words).replaceFirst("").strip();
        for (Matcher fence = FENCE.matcher(text); fence.matches(); fence = FENCE.matcher(text)) {
            text = fence.group(1).strip();
        }
        for (Matcher tag = TAG.matcher(text); tag.matches(); tag = TAG.matcher(text)) {
            text = tag.group(2).strip();
        }
        return text;
    }

    /** The text without Markdown, quotation marks and brackets around it, folded line by line. */
    public static String bare(String text) {
        String before;
        String bare = text.strip();
        do {
            before = bare;
            bare = AROUND.matcher(bare).replaceAll("");
        } while (!bare.equals(before));
        // Lines stay apart: a verdict ends with its line.
        return bare.lines()
                .map(Spelling::fold)
                .collect(Collectors.joining("\n"))
                .replace('’', '\'');
    }
}
