package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.List;

/** The passages between double quotation marks, plain or typographic. */
final class Quotes {

    private static final int LONGEST = 300;

    private Quotes() {}

    static List<Fact> in(String text) {
        List<Fact> facts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char closing = closing(text.charAt(at));
            int end = closing == 0 ? -1 : text.indexOf(closing, at + 1);
            if (end > at + 1 && end - at <= LONGEST) {
                facts.add(
                        new Fact(Fact.Kind.QUOTE, Spelling.fold(text.substring(at + 1, end)), "", false, at, end + 1));
                at = end;
            }
            at++;
        }
        return facts;
    }

    private static char closing(char opening) {
        return switch (opening) {
            case '"' -> '"';
            case '“', '„' -> '”';
            case '«' -> '»';
            default -> 0;
        };
    }
}
