package io.github.flywheel4j.quickstart;

import io.github.flywheel4j.text.Sentences;
import io.github.flywheel4j.text.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a document that is short enough to be read at once.
 *
 * @param file where it stands: the path below the folder, with forward slashes
 * @param headings the headings above it, outermost first, joined by {@code ›}; empty if there is none
 * @param text the text: paragraphs with empty lines between them, code in fences
 */
record Passage(String file, String headings, String text) {

    static final String BELOW = " › ";

    private static final int SHORTEST_STATEMENT = 3;

    /** The text without its code blocks. */
    String prose() {
        return text.replaceAll("(?ms)^```.*?^```$", "").strip();
    }

    /**
     * The statements of the prose, sentence by sentence. A lead-in ("Waits.") goes with the sentence after it, and a
     * sentence that ends in a colon only announces what follows.
     */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        String leadIn = "";
        for (String sentence : Sentences.of(prose())) {
            if (Words.of(sentence).size() < SHORTEST_STATEMENT) {
                leadIn = leadIn + sentence + " ";
            } else if (!sentence.endsWith(":")) {
                sentences.add(leadIn + sentence);
                leadIn = "";
            }
        }
        return sentences;
    }

    /** What is searched: the prose under its headings. */
    String searchable() {
        return headings.isEmpty() ? prose() : headings + "\n\n" + prose();
    }

    /** The nearest heading, or the file's name where there is none. */
    String title() {
        return headings.isEmpty() ? file : headings.substring(headings.lastIndexOf(BELOW.strip()) + 1).strip();
    }

    /** For people: {@code core/docs/guide/layers.md › The rules}. */
    String source() {
        return headings.isEmpty() ? file : file + BELOW + title();
    }
}
