package io.github.flywheel4j.evals;

import java.util.ArrayList;
import java.util.List;

/** Texts cut at white space as Python cuts them, which the metrics that come from there count on. */
final class Tokens {

    private static final int NEXT_LINE = 0x85;

    private Tokens() {}

    static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        StringBuilder token = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (!isSpace(c)) {
                token.appendCodePoint(c);
            } else if (!token.isEmpty()) {
                tokens.add(token.toString());
                token.setLength(0);
            }
        });
        if (!token.isEmpty()) {
            tokens.add(token.toString());
        }
        return tokens;
    }

    /** Unlike Java's white space it holds the spaces that do not break. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }
}
