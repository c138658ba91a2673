package io.github.flywheel4j.evals;

import java.util.regex.Pattern;

/** Text that can be written to a file: half of a surrogate pair is no character, and answers that were cut off end in one. */
final class WholeText {

    private static final Pattern HALF_PAIR = Pattern.compile("\\p{Cs}");

    private WholeText() {}

    static String of(String text) {
        return HALF_PAIR.matcher(text).replaceAll("\uFFFD");
    }
}
