package io.github.flywheel4j.text;

import java.util.List;

/** The rows of the list of synonyms in which a word stands. */
final class Senses {

    static final Senses NONE = new Senses(List.of());

    private final int[] rows;

    /** Takes rows in ascending order. */
    Senses(List<Integer> rows) {
        this.rows = rows.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether two words share a sense. */
    boolean meet(Senses other) {
        int i = 0;
        int j = 0;
        while (i < rows.length && j < other.rows.length) {
            if (rows[i] == other.rows[j]) {
                return true;
            }
            if (rows[i] < other.rows[j]) {
                i++;
            } else {
                j++;
            }
        }
        return false;
    }
}
