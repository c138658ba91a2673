package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.text.Sentences;
import io.github.flywheel4j.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of a document that is short enough to be read at once.
 *
 * @param file where it stands: the path below the folder, with forward slashes
 * @param headings the headings above it, outermost first, joined by {@code ›}; empty if there is none
 * @param text the text: paragraphs with empty lines between them, code in fences
 */
record Passage(String file, String headings, String text) {

    static final String BELOW = " › ";

    private static final String FENCE = "```";
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\n]+`");
    private static final char MASKED_STOP = '\uE000';
    private static final char MASKED_QUESTION = '\uE001';
    private static final char MASKED_SHOUT = '\uE002';
    private static final int SHORTEST_STATEMENT = 5;

    /** The text without its code blocks. */
    String prose() {
        return CODE.matcher(text).replaceAll("").strip();
    }

    /**
     * What the text says, sentence by sentence. A lead-in ("Waits.") goes with the sentence after it. A sentence that
     * announces something with a colon goes with the code after it, and is left out where something else follows.
     */
    List<Sentence> sentences() {
        List<Sentence> sentences = new ArrayList<>();
        List<String> paragraphs = paragraphs();
        for (int i = 0; i < paragraphs.size(); i++) {
            String next = i + 1 < paragraphs.size() ? paragraphs.get(i + 1) : "";
            sentences.addAll(sentences(i, paragraphs.get(i), isCode(next) ? next : ""));
        }
        return sentences;
    }

    private static List<Sentence> sentences(int paragraph, String text, String code) {
        List<Sentence> sentences = new ArrayList<>();
        String leadIn = "";
        for (String sentence : split(text)) {
            if (sentence.endsWith(":")) {
                if (!code.isEmpty()) {
                    sentences.add(new Sentence(paragraph, leadIn + sentence, code));
                }
                leadIn = "";
            } else if (countWords(leadIn + sentence) < SHORTEST_STATEMENT) {
                leadIn += sentence + " ";
            } else {
                sentences.add(new Sentence(paragraph, leadIn + sentence, ""));
                leadIn = "";
            }
        }
        if (sentences.isEmpty() && countWords(leadIn) > 1) {
            sentences.add(new Sentence(paragraph, leadIn.strip(), ""));
        }
        return sentences;
    }

    private List<String> paragraphs() {
        List<String> paragraphs = new ArrayList<>();
        Matcher code = CODE.matcher(text);
        int start = 0;
        while (code.find()) {
            paragraphs.addAll(
                    List.of(text.substring(start, code.start()).strip().split("\n\n", -1)));
            paragraphs.add(code.group());
            start = code.end();
        }
        paragraphs.addAll(List.of(text.substring(start).strip().split("\n\n", -1)));
        return paragraphs;
    }

    /** Numbers alone state nothing. */
    private static long countWords(String sentence) {
        return Words.of(sentence).stream()
                .filter(word -> word.chars().anyMatch(Character::isLetter))
                .count();
    }

    private static boolean isCode(String paragraph) {
        return paragraph.startsWith(FENCE);
    }

    /** The signs in `a.b()?` end no sentence. */
    private static List<String> split(String paragraph) {
        if (isCode(paragraph)) {
            return List.of();
        }
        String masked = INLINE_CODE
                .matcher(paragraph)
                .replaceAll(code -> Matcher.quoteReplacement(code.group()
                        .replace('.', MASKED_STOP)
                        .replace('?', MASKED_QUESTION)
                        .replace('!', MASKED_SHOUT)));
        return Sentences.of(masked).stream()
                .map(sentence -> sentence.replace(MASKED_STOP, '.')
                        .replace(MASKED_QUESTION, '?')
                        .replace(MASKED_SHOUT, '!'))
                .toList();
    }

    /** What is searched: the prose under its headings. */
    String searchable() {
        return headings.isEmpty() ? prose() : headings + "\n\n" + prose();
    }

    /** The nearest heading, or the file's name where there is none. */
    String title() {
        return headings.isEmpty()
                ? file
                : headings.substring(headings.lastIndexOf(BELOW.strip()) + 1).strip();
    }

    /** For people: {@code core/docs/guide/layers.md › The rules}. */
    String source() {
        return headings.isEmpty() ? file : file + BELOW + title();
    }

    /**
     * A sentence of a passage.
     *
     * @param paragraph which of the passage's paragraphs it stands in
     * @param prose the sentence itself
     * @param code the code block that it announces; empty if there is none
     */
    record Sentence(int paragraph, String prose, String code) {

        boolean announcesCode() {
            return !code.isEmpty();
        }

        /** The sentence, the number of its passage, and its code, as Markdown. */
        String quote(int number) {
            String quoted = prose + " [" + number + "]";
            return code.isEmpty() ? quoted : quoted + "\n\n" + code + "\n\n";
        }
    }
}
