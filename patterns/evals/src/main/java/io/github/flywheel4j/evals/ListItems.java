package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.flywheel4j.text.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Lists in texts, as {@link Scorers#setOverlap} reads them. */
final class ListItems {

    private static final Pattern LINES = Pattern.compile("\\R");
    private static final Pattern COMMAS = Pattern.compile("[,;、，]");
    private static final Pattern BULLET = Pattern.compile("^(?:[-*•–]|\\d{1,3}[.)])\\s+");

    private ListItems() {}

    static List<String> of(String text) {
        Optional<JsonNode> json = JsonEquality.read(text).filter(JsonNode::isArray);
        if (json.isPresent()) {
            List<String> items = new ArrayList<>();
            json.get().forEach(each -> items.add(Spelling.fold(each.isTextual() ? each.textValue() : each.toString())));
            return items;
        }
        String stripped = text.strip();
        Pattern separator = LINES.matcher(stripped).find() ? LINES : COMMAS;
        return separator
                .splitAsStream(stripped)
                .map(item -> Spelling.fold(BULLET.matcher(item.strip()).replaceFirst("")))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    static Score scoreSets(EvalCase evalCase, Output output) {
        Set<String> expected = new LinkedHashSet<>(of(PlainScorer.expected(evalCase)));
        Set<String> actual = new LinkedHashSet<>(of(output.text()));
        long common = actual.stream().filter(expected::contains).count();
        return score((int) common, actual.size(), expected.size(), actual.equals(expected));
    }

    static Score scoreLists(EvalCase evalCase, Output output) {
        List<String> expected = of(PlainScorer.expected(evalCase));
        List<String> actual = of(output.text());
        return score(
                Sequences.longestCommon(actual, expected), actual.size(), expected.size(), actual.equals(expected));
    }

    private static Score score(int common, int actual, int expected, boolean equal) {
        if (actual == 0 && expected == 0) {
            return Score.of(true);
        }
        TextMetrics.Overlap overlap = TextMetrics.Overlap.of(common, actual, expected);
        String category =
                equal ? null : common < expected ? "items missing" : common < actual ? "items too many" : "wrong order";
        return new Score(
                overlap.f1(), equal, category, Map.of("precision", overlap.precision(), "recall", overlap.recall()));
    }
}
