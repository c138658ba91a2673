package io.github.flywheel4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How a text is cut into the tokens of a stream.
 *
 * <p>The tokens of the splits given here, joined, are the text again, and none of them is empty; a code point outside
 * the basic plane is never cut in two. A split of your own may break both rules, to imitate a provider that does; empty
 * tokens are then left out where an event cannot carry them.
 */
@FunctionalInterface
public interface TokenSplit {

    /**
     * Cuts a text.
     *
     * @param text the text; an empty one has no tokens
     * @return the tokens in order
     */
    List<String> split(String text);

    /** One token for each word, with the white space in front of it: {@code "Paris", " is", " lovely."}. The default. */
    static TokenSplit words() {
        return text -> {
            List<String> tokens = new ArrayList<>();
            int start = 0;
            for (int i = 1; i < text.length(); i++) {
                if (Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1))) {
                    tokens.add(text.substring(start, i));
                    start = i;
                }
            }
            if (start < text.length()) {
                tokens.add(text.substring(start));
            }
            return tokens;
        };
    }

    /** One token for each code point. */
    static TokenSplit characters() {
        return text -> text.codePoints().mapToObj(Character::toString).toList();
    }

    /** The whole text as one token, as providers do that stream in name only. */
    static TokenSplit whole() {
        return text -> text.isEmpty() ? List.of() : List.of(text);
    }

    /** These tokens, whatever the text says. */
    static TokenSplit fixed(List<String> tokens) {
        List<String> copy = List.copyOf(tokens);
        return text -> copy;
    }

    /**
     * Cuts at random places, one to twelve code points a token; the same seed and text give the same tokens, on any
     * JDK.
     *
     * @param seed the seed, any number
     */
    static TokenSplit random(long seed) {
        return text -> {
            SplittableRandom random = new SplittableRandom(seed ^ text.hashCode());
            List<String> tokens = new ArrayList<>();
            int[] codePoints = text.codePoints().toArray();
            for (int i = 0; i < codePoints.length; ) {
                int length = Math.min(random.nextInt(1, 13), codePoints.length - i);
                tokens.add(new String(codePoints, i, length));
                i += length;
            }
            return tokens;
        };
    }
}
