package io.github.flywheel4j.feedback;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of every interaction, as columns: for a regression, of mean 0 and spread 1, and for people. Words become one
 * flag for each that is common, amounts their logarithm, and every number its square too, because who rates need not rise with
 * a number all the way. Not thread-safe.
 */
final class FeatureColumns {

    /** Of more words the regression would learn the noise; the rest is one group. */
    private static final int MOST_WORDS = 12;

    private static final double COMMON = 0.01;
    private static final int LEAST_COMMON = 20;
    private static final String NONE = "(none)";

    private final Map<String, List<String>> words = new LinkedHashMap<>();
    private final Map<String, Numbers> numbers = new LinkedHashMap<>();
    private int rows;
    private double @Nullable [][] standardised;

    private enum Form {
        FLAG,
        AMOUNT,
        NUMBER
    }

    /** One number for each row. */
    private static final class Numbers {

        private final Form form;
        private double[] values = new double[64];

        Numbers(Form form) {
            this.form = form;
        }

        void set(int row, double value) {
            if (row == values.length) {
                values = Arrays.copyOf(values, row * 2);
            }
            values[row] = value;
        }
    }

    /** Begins a row. */
    void begin() {
        rows++;
    }

    void word(String name, @Nullable String value) {
        words.computeIfAbsent(name, unseen -> new ArrayList<>()).add(value == null ? NONE : value.intern());
    }

    void flag(String name, boolean value) {
        set(name, Form.FLAG, value ? 1 : 0);
    }

    /** A number from 0 on that is skewed, such as a length. */
    void amount(String name, double value) {
        set(name, Form.AMOUNT, value);
    }

    void number(String name, double value) {
        set(name, Form.NUMBER, value);
    }

    private void set(String name, Form form, double value) {
        numbers.computeIfAbsent(name, unseen -> new Numbers(form)).set(rows - 1, value);
    }

    /** For the regression: for each row its numbers. */
    double[][] rows() {
        double[][] known = standardised;
        if (known == null) {
            List<double[]> columns = new ArrayList<>();
            flags().values().forEach(flag -> addStandardised(flag, columns));
            for (Numbers each : numbers.values()) {
                double[] values = scaled(each);
                if (addStandardised(values, columns) && each.form != Form.FLAG) {
                    double[] last = columns.get(columns.size() - 1);
                    addStandardised(mapped(last, value -> value * value), columns);
                }
            }
            known = new double[rows][columns.size()];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns.size(); j++) {
                    known[i][j] = columns.get(j)[i];
                }
            }
            standardised = known;
        }
        return known;
    }

    /** In what rows of which something is known differ from the others, the largest difference first. */
    List<Contrast> contrasts(boolean[] known) {
        List<Contrast> contrasts = new ArrayList<>();
        flags().forEach((name, flag) -> addContrast(name, true, flag, flag, known, contrasts));
        numbers.forEach((name, each) -> addContrast(
                name, each.form == Form.FLAG, Arrays.copyOf(each.values, rows), scaled(each), known, contrasts));
        contrasts.sort(Comparator.comparingDouble((Contrast each) -> Math.abs(each.difference()))
                .reversed());
        return contrasts;
    }

    private static void addContrast(
            String name, boolean share, double[] shown, double[] scaled, boolean[] known, List<Contrast> contrasts) {
        double within = Math.sqrt((variance(scaled, known, true) + variance(scaled, known, false)) / 2);
        // Where each of the two is all alike, and not like the other, what is between them is all the spread there is.
        double spread = isSpread(within, mean(scaled, known, true)) ? within : spread(scaled);
        double difference = mean(scaled, known, true) - mean(scaled, known, false);
        if (Double.isFinite(difference) && isSpread(spread, mean(scaled, known, true))) {
            contrasts.add(new Contrast(
                    name, share, mean(shown, known, true), mean(shown, known, false), difference / spread));
        }
    }

    /** A column for each common word, and one for all others. */
    private Map<String, double[]> flags() {
        Map<String, double[]> flags = new LinkedHashMap<>();
        words.forEach((name, values) -> {
            Map<String, Integer> counts = new HashMap<>();
            values.forEach(value -> counts.merge(value, 1, Integer::sum));
            Set<String> common = counts.entrySet().stream()
                    .filter(count -> count.getValue() >= Math.max(LEAST_COMMON, COMMON * rows))
                    .sorted(Map.Entry.<String, Integer>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(MOST_WORDS)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            for (int i = 0; i < rows; i++) {
                String word = common.contains(values.get(i)) ? values.get(i) : "any other";
                flags.computeIfAbsent(name + " " + word, unseen -> new double[rows])[i] = 1;
            }
        });
        return flags;
    }

    private double[] scaled(Numbers each) {
        double[] values = Arrays.copyOf(each.values, rows);
        return each.form == Form.AMOUNT ? mapped(values, Math::log1p) : values;
    }

    /** Whether there is a spread to bring to 1. */
    private static boolean addStandardised(double[] values, List<double[]> columns) {
        double mean = Arrays.stream(values).average().orElse(0);
        double spread = spread(values);
        if (!isSpread(spread, mean)) {
            return false;
        }
        columns.add(mapped(values, value -> (value - mean) / spread));
        return true;
    }

    /** The standard deviation of all. */
    private static double spread(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }

    /** More than what rounding makes of equal numbers. */
    private static boolean isSpread(double spread, double mean) {
        return spread > 1e-9 * (1 + Math.abs(mean));
    }

    private static double[] mapped(double[] values, DoubleUnaryOperator function) {
        return Arrays.stream(values).map(function).toArray();
    }

    /** NaN of nothing. */
    private static double mean(double[] values, boolean[] known, boolean which) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (known[i] == which) {
                sum += values[i];
                count++;
            }
        }
        return sum / count;
    }

    private static double variance(double[] values, boolean[] known, boolean which) {
        double mean = mean(values, known, which);
        double squares = 0;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (known[i] == which) {
                squares += (values[i] - mean) * (values[i] - mean);
                count++;
            }
        }
        return squares / count;
    }
}
