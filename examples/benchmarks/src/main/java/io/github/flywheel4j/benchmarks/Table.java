package io.github.flywheel4j.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of text for a person: the first column stands left, the others right. Not thread-safe.
 */
public final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** Creates a table with the headings of its columns. */
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has not one cell for each heading
     */
    public Table row(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException("cells: " + cells.length + " (expected: one for each of the "
                    + rows.get(0).size() + " headings)");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** A number for a cell: one decimal, thousands apart. */
    public static String number(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    /** Prints the table and an empty line. */
    public void print(PrintStream out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(widths[column] - row.get(column).length());
                line.append(column == 0 ? row.get(column) + padding : GAP + padding + row.get(column));
            }
            out.println(line.toString().stripTrailing());
        }
        out.println();
    }
}
