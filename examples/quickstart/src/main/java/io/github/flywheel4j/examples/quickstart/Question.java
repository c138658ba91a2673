package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.text.Words;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a question asks about.
 *
 * @param text the question as it was asked
 * @param words its content words, as stems
 * @param names those of them that look like names: a capital behind the first letter of the question, or a digit
 */
record Question(String text, Set<String> words, Set<String> names) {

    private static final Pattern NAME = Pattern.compile("(?<!^)\\b\\p{Lu}[\\w-]*|\\b[\\w-]*\\d[\\w-]*");
    private static final Pattern DEFINITION =
            Pattern.compile("(?i)what(?: is|'s| are) (?:an? |the )?([\\w-]+)\\s*\\??");

    private static final Pattern SUBJECT = Pattern.compile("(?i)\\W*(?:an? |the )?([\\w-]+)\\W+([\\w-]+)");
    private static final Set<String> QUALIFIES =
            Set.of("of", "with", "without", "that", "which", "who", "for", "in", "on", "to", "from", "and", "or", "s");

    static Question of(String text) {
        Set<String> names = new HashSet<>();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            names.addAll(Words.content(matcher.group()));
        }
        // Single letters and digits stand everywhere and tell nothing.
        Set<String> words =
                Words.content(text).stream().filter(word -> word.length() > 1).collect(Collectors.toUnmodifiableSet());
        names.retainAll(words);
        return new Question(text, words, Set.copyOf(names));
    }

    /**
     * Whether the sentence begins with what the question asks the meaning of, and goes on to say something of it: "What is
     * a layer?", "A layer acts on ...", but not "A layer of your own ...".
     */
    boolean isDefinedBy(String sentence) {
        Matcher asked = DEFINITION.matcher(text.strip());
        Matcher told = SUBJECT.matcher(sentence);
        return asked.matches()
                && told.lookingAt()
                && Words.content(asked.group(1)).equals(Words.content(told.group(1)))
                && !QUALIFIES.contains(told.group(2));
    }
}
