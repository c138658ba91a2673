package io.github.flywheel4j.text;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** How much of a set an English text speaks of. */
final class Quantifiers {

    /** A share of a set. */
    enum Share {
        ALL,
        SOME,
        NONE,
        ONLY,
        AT_LEAST,
        AT_MOST,
        MOST,
        FEW,
        BOTH,
        EITHER,
        ONE
    }

    private Quantifiers() {}

    static Set<Share> of(List<Token> tokens) {
        Set<Share> shares = EnumSet.noneOf(Share.class);
        for (int i = 0; i < tokens.size(); i++) {
            String next = i + 1 < tokens.size() ? tokens.get(i + 1).word() : "";
            String before = i == 0 ? "" : tokens.get(i - 1).word();
            switch (tokens.get(i).word()) {
                case "all", "every", "each", "always", "everyone", "everybody", "everything", "daily" ->
                    shares.add(Share.ALL);
                case "sometimes", "occasionally" -> shares.add(Share.SOME);
                case "some" -> {
                    if (!Set.of("are", "is", "were", "me", "recommend", "suggest", "know")
                            .contains(before)) {
                        shares.add(Share.SOME);
                    }
                }
                case "none", "never", "nobody" -> shares.add(Share.NONE);
                case "only", "solely", "exclusively" -> shares.add(Share.ONLY);
                case "at" -> {
                    if (next.equals("least")) {
                        shares.add(Share.AT_LEAST);
                    } else if (next.equals("most")) {
                        shares.add(Share.AT_MOST);
                    }
                }
                case "most", "majority" -> shares.add(Share.MOST);
                case "few", "fewer" -> shares.add(Share.FEW);
                case "both" -> shares.add(Share.BOTH);
                case "either" -> shares.add(Share.EITHER);
                case "one", "single" -> {
                    if (!Set.of("the", "that", "this", "which", "no", "any", "every", "each", "can", "should", "does")
                            .contains(before)) {
                        shares.add(Share.ONE);
                    }
                }
                default -> {}
            }
        }
        return shares;
    }

    /** Whether each text names a share that excludes the other's. */
    static boolean exclude(Set<Share> one, Set<Share> other) {
        return opposed(one, other, Share.ALL, Share.SOME)
                || opposed(one, other, Share.ALL, Share.NONE)
                || opposed(one, other, Share.ALL, Share.ONE)
                || opposed(one, other, Share.SOME, Share.NONE)
                || opposed(one, other, Share.AT_LEAST, Share.AT_MOST)
                || opposed(one, other, Share.MOST, Share.FEW)
                || opposed(one, other, Share.BOTH, Share.EITHER)
                || one.contains(Share.ONLY) != other.contains(Share.ONLY);
    }

    private static boolean opposed(Set<Share> one, Set<Share> other, Share a, Share b) {
        return (pole(one, a, b) && pole(other, b, a)) || (pole(one, b, a) && pole(other, a, b));
    }

    private static boolean pole(Set<Share> shares, Share is, Share isNot) {
        return shares.contains(is) && !shares.contains(isNot);
    }
}
