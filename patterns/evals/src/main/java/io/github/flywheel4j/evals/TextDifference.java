package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.util.List;
import java.util.regex.Pattern;

/** Which words of a text another one has lost and gained, in order. */
final class TextDifference {

    /** Between a word and white space, and on both sides of everything else. */
    private static final Pattern SEAMS = Pattern.compile(
            "(?<=\\s)(?=\\S)|(?<=\\S)(?=\\s)|(?<=[^\\w\\s])|(?=[^\\w\\s])", Pattern.UNICODE_CHARACTER_CLASS);

    /** Beyond this many words the diff itself takes too long and nobody reads it. */
    private static final int MOST_WORDS = 4_000;

    private TextDifference() {}

    /** Pairs of what became of a part ({@code "="}, {@code "-"} or {@code "+"}) and its text. */
    static ArrayNode of(String before, String after) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        List<String> was = words(before);
        List<String> is = words(after);
        if (was.size() > MOST_WORDS || is.size() > MOST_WORDS) {
            add(parts, "-", was);
            add(parts, "+", is);
            return parts;
        }
        int kept = 0;
        for (AbstractDelta<String> delta : DiffUtils.diff(was, is).getDeltas()) {
            int position = delta.getSource().getPosition();
            add(parts, "=", was.subList(kept, position));
            add(parts, "-", delta.getSource().getLines());
            add(parts, "+", delta.getTarget().getLines());
            kept = position + delta.getSource().size();
        }
        add(parts, "=", was.subList(kept, was.size()));
        return parts;
    }

    private static List<String> words(String text) {
        return List.of(SEAMS.split(text));
    }

    private static void add(ArrayNode parts, String change, List<String> words) {
        if (!words.isEmpty()) {
            parts.addArray().add(change).add(String.join("", words));
        }
    }
}
