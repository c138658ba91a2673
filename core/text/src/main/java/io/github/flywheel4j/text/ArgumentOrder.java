package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds words that changed their roles: "from A to B", "A better than B", "does A owe B", "brown shoes, blue suit". */
final class ArgumentOrder {

    private static final Set<String> SYMMETRIC = Set.of("and", "or", "vs", "versus", "between", "nor");
    private static final Set<String> COMPARING = Set.of("compar", "comparison", "comparable");
    private static final Set<String> TOWARDS = Set.of("to", "into", "in");
    private static final Set<String> CHANGES = Set.of(
            "convert",
            "translat",
            "turn",
            "chang",
            "exchang",
            "migrat",
            "switch",
            "move",
            "mov",
            "transform",
            "transfer",
            "cast",
            "port");
    private static final int MOST_MOVED = 8;

    private ArgumentOrder() {}

    static boolean reversed(List<Term> left, List<Term> right) {
        return directions(left, right) || exchanged(left, right) || recombined(left, right) || compared(left, right);
    }

    /** The two things that are compared with "than" stand on the other sides. */
    static boolean compared(List<Term> left, List<Term> right) {
        String[] one = around(left, "than");
        String[] other = around(right, "than");
        return one != null
                && other != null
                && one[0].equals(other[1])
                && one[1].equals(other[0])
                && !one[0].equals(one[1]);
    }

    private static boolean directions(List<Term> left, List<Term> right) {
        String[] one = direction(left);
        String[] other = direction(right);
        return one != null
                && other != null
                && one[0].equals(other[1])
                && one[1].equals(other[0])
                && !one[0].equals(one[1]);
    }

    /** From where to where. */
    private static String @Nullable [] direction(List<Term> terms) {
        int from = indexOf(terms, "from", 0);
        if (from >= 0) {
            int to = indexOf(terms, "to", 0);
            to = to < 0
                    ? indexOf(terms, "into", 0)
                    : to < from && indexOf(terms, "to", from) > 0 ? indexOf(terms, "to", from) : to;
            String source = after(terms, from);
            String target = to < 0 ? null : after(terms, to);
            return source == null || target == null ? null : new String[] {source, target};
        }
        for (int i = 0; i < terms.size(); i++) {
            if (CHANGES.contains(terms.get(i).key())) {
                String source = after(terms, i);
                for (int j = i + 2; j < terms.size(); j++) {
                    if (TOWARDS.contains(terms.get(j).word())) {
                        String target = after(terms, j);
                        return source == null || target == null ? null : new String[] {source, target};
                    }
                }
            }
        }
        return null;
    }

    private static String @Nullable [] around(List<Term> terms, String word) {
        int at = indexOf(terms, word, 0);
        String after = at < 0 ? null : after(terms, at);
        if (after == null) {
            return null;
        }
        for (int i = at - 1; i >= 0; i--) {
            Term term = terms.get(i);
            if (weighty(term) && !Antonyms.isDegree(term.key())) {
                return new String[] {term.key(), after};
            }
        }
        return null;
    }

    private static @Nullable String after(List<Term> terms, int at) {
        for (int i = at + 1; i < Math.min(terms.size(), at + 5); i++) {
            if (weighty(terms.get(i))) {
                return terms.get(i).key();
            }
        }
        return null;
    }

    private static int indexOf(List<Term> terms, String word, int from) {
        for (int i = from; i < terms.size(); i++) {
            if (terms.get(i).word().equals(word)) {
                return i;
            }
        }
        return -1;
    }

    /** The same frame with some of its words in each other's places. */
    private static boolean exchanged(List<Term> left, List<Term> right) {
        if (left.size() != right.size()) {
            return false;
        }
        List<Integer> moved = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            if (!left.get(i).matches(right.get(i))) {
                moved.add(i);
            }
        }
        if (moved.size() < 2 || moved.size() > MOST_MOVED || !sameTerms(left, right, moved)) {
            return false;
        }
        // Words that moved with what stands beside them went as a phrase, and kept their roles.
        Set<String> phrases = pairs(left, moved);
        boolean kept = !moved.stream().allMatch(i -> weighty(left.get(i)))
                && !phrases.isEmpty()
                && phrases.equals(pairs(right, moved));
        return moved.stream().filter(i -> weighty(left.get(i))).count() >= 2 && !kept && !symmetric(left, moved);
    }

    private static boolean sameTerms(List<Term> left, List<Term> right, List<Integer> at) {
        List<String> one =
                new ArrayList<>(at.stream().map(i -> left.get(i).key()).toList());
        List<String> other =
                new ArrayList<>(at.stream().map(i -> right.get(i).key()).toList());
        one.sort(null);
        other.sort(null);
        return one.equals(other);
    }

    private static boolean symmetric(List<Term> terms, List<Integer> moved) {
        boolean joined = terms.stream().anyMatch(term -> COMPARING.contains(term.key()));
        for (int i = moved.get(0); i <= moved.get(moved.size() - 1); i++) {
            joined |= SYMMETRIC.contains(terms.get(i).word());
        }
        return joined || moved.stream().filter(i -> weighty(terms.get(i))).allMatch(i -> member(terms, i));
    }

    /** Whether a comma or a conjunction stands beside the word. A comma elsewhere parts clauses, and those have roles. */
    private static boolean member(List<Term> terms, int at) {
        boolean before = at > 0
                && (terms.get(at).listed()
                        || SYMMETRIC.contains(terms.get(at - 1).word()));
        boolean after = at + 1 < terms.size()
                && (terms.get(at + 1).listed()
                        || SYMMETRIC.contains(terms.get(at + 1).word()));
        return before || after;
    }

    /** Attributes that changed their nouns: x y and z w became x w and z y. */
    private static boolean recombined(List<Term> left, List<Term> right) {
        Set<String> one = pairs(left);
        Set<String> other = pairs(right);
        Set<String> onlyOne = new HashSet<>(one);
        onlyOne.removeAll(other);
        Set<String> onlyOther = new HashSet<>(other);
        onlyOther.removeAll(one);
        if (onlyOne.size() < 2
                || onlyOther.size() < 2
                || onlyOne.size() > MOST_MOVED
                || onlyOther.size() > MOST_MOVED) {
            return false;
        }
        for (String first : onlyOne) {
            for (String second : onlyOne) {
                int cut = first.indexOf(' ');
                int other2 = second.indexOf(' ');
                if (!first.equals(second)
                        && onlyOther.contains(first.substring(0, cut) + second.substring(other2))
                        && onlyOther.contains(second.substring(0, other2) + first.substring(cut))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<String> pairs(List<Term> terms, List<Integer> moved) {
        Set<String> pairs = new HashSet<>();
        for (int i : moved) {
            if (moved.contains(i + 1) && weighty(terms.get(i)) && weighty(terms.get(i + 1))) {
                pairs.add(terms.get(i).key() + " " + terms.get(i + 1).key());
            }
        }
        return pairs;
    }

    /** Neighbouring words; those on two sides of a comma are members of a list and do not belong together. */
    private static Set<String> pairs(List<Term> terms) {
        Set<String> pairs = new HashSet<>();
        for (int i = 0; i + 1 < terms.size(); i++) {
            if (weighty(terms.get(i))
                    && weighty(terms.get(i + 1))
                    && !terms.get(i + 1).listed()) {
                pairs.add(terms.get(i).key() + " " + terms.get(i + 1).key());
            }
        }
        return pairs;
    }

    private static boolean weighty(Term term) {
        return term.fact()
                || term.content()
                || (!Words.isStopWord(term.word()) && term.word().length() > 2);
    }
}
