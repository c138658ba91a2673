package io.github.flywheel4j.evals;

import java.util.List;
import java.util.function.BiPredicate;

/** What two lists have in common in the same order. */
final class Sequences {

    private Sequences() {}

    /** The length of the longest common subsequence, in time of the product of both lengths and with two rows. */
    static <T> int longestCommon(List<T> a, List<T> b) {
        return longestCommon(a, b, Object::equals);
    }

    /** Equal to {@link #longestCommon(List, List)}, with another idea of what is equal. */
    static <T> int longestCommon(List<T> a, List<T> b, BiPredicate<T, T> equal) {
        int[] previous = new int[b.size() + 1];
        int[] current = new int[b.size() + 1];
        for (T ofA : a) {
            for (int j = 0; j < b.size(); j++) {
                current[j + 1] = equal.test(ofA, b.get(j)) ? previous[j] + 1 : Math.max(previous[j + 1], current[j]);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.size()];
    }
}
