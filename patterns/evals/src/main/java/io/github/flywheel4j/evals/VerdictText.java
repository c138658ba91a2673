package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.flywheel4j.text.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the words of a judge that state its verdict, without what Markdown, JSON and politeness put around them. */
final class VerdictText {

    private static final Set<String> FIELDS = Set.of(
            "verdict",
            "answer",
            "result",
            "pass",
            "passed",
            "correct",
            "label",
            "decision",
            "judgment",
            "judgement",
            "score",
            "rating",
            "grade",
            "winner",
            "better",
            "preference",
            "choice");

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

    private VerdictText() {}

    /** The words to read, folded; empty if several places contradict each other. */
    static Optional<String> of(String words) {
        String text = THINKING.matcher(words).replaceFirst("").strip();
        for (Matcher fence = FENCE.matcher(text); fence.matches(); fence = FENCE.matcher(text)) {
            text = fence.group(1).strip();
        }
        for (Matcher tag = TAG.matcher(text); tag.matches(); tag = TAG.matcher(text)) {
            text = tag.group(2).strip();
        }
        Optional<JsonNode> json = JsonEquality.read(text);
        if (json.isPresent()) {
            return ofJson(json.get());
        }
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

    private static Optional<String> ofJson(JsonNode json) {
        if (json.isValueNode()) {
            return json.isNull() ? Optional.empty() : Optional.of(bare(json.asText()));
        }
        Set<String> verdicts = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (FIELDS.contains(Spelling.fold(field.getKey()))) {
                verdicts.add(
                        field.getValue().isValueNode() && !field.getValue().isNull()
                                ? bare(field.getValue().asText())
                                : "");
            }
        }
        return verdicts.size() == 1 ? verdicts.stream().findFirst() : Optional.empty();
    }

    private static String bare(String text) {
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
