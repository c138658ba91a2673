package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.List;

/** Two term sequences side by side: a longest common subsequence, and the places between its members. */
final class Alignment {

    private static final int LARGEST = 40_000;

    /**
     * A place where the sequences differ.
     *
     * @param left the terms of the one
     * @param right the terms of the other
     */
    record Place(List<Term> left, List<Term> right) {}

    private Alignment() {}

    /** The places of difference; none for long texts, where places say little. */
    static List<Place> places(List<Term> left, List<Term> right) {
        int n = left.size();
        int m = right.size();
        if ((long) n * m > LARGEST) {
            return List.of();
        }
        boolean[][] same = new boolean[n][m];
        short[][] length = new short[n + 1][m + 1];
        for (int i = n - 1; i >= 0; i--) {
            for (int j = m - 1; j >= 0; j--) {
                same[i][j] = left.get(i).matches(right.get(j));
                length[i][j] = same[i][j]
                        ? (short) (length[i + 1][j + 1] + 1)
                        : (short) Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        List<Place> places = new ArrayList<>();
        int fromLeft = 0;
        int fromRight = 0;
        int i = 0;
        int j = 0;
        while (i < n && j < m) {
            if (same[i][j]) {
                add(places, left.subList(fromLeft, i), right.subList(fromRight, j));
                fromLeft = ++i;
                fromRight = ++j;
            } else if (length[i + 1][j] >= length[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        add(places, left.subList(fromLeft, n), right.subList(fromRight, m));
        return places;
    }

    private static void add(List<Place> places, List<Term> left, List<Term> right) {
        if (!left.isEmpty() || !right.isEmpty()) {
            places.add(new Place(left, right));
        }
    }
}
