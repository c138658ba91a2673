package io.github.flywheel4j.benchmarks.statistics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.stats.Agreement;
import io.github.flywheel4j.stats.Agreement.Weights;
import io.github.flywheel4j.stats.Bootstrap;
import io.github.flywheel4j.stats.Correlation;
import io.github.flywheel4j.stats.CountTests;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import io.github.flywheel4j.stats.PairedTests;
import io.github.flywheel4j.stats.TestResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the statistics with values that another program computed from the same data.
 *
 * <p>One case is one expected value, or one interval. Expected values that are absent or null are no case; keys that the
 * bench does not know count as unsupported.
 */
@Command(
        name = "stats-parity",
        description = "How many values of another statistics program the library's own equal.",
        sortOptions = false)
public final class StatsParityBench implements Bench {

    private static final double LEVEL = 0.95;
    private static final double EXACT = 1e-6;
    private static final long SEED = 17;

    /** Many enough that our own draws add next to nothing to the error that the file grants. */
    private static final int RESAMPLES = 200_000;

    private static final Pattern BOOTSTRAP = Pattern.compile("bootstrap_mean_(\\d+)_tolerance_([0-9.]+(?:e-?\\d+)?)");

    private static final JsonMapper JSON = JsonMapper.builder()
            // Python writes an odds ratio without a denominator as Infinity.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Option(
            names = "--file",
            paramLabel = "F",
            required = true,
            description = "JSON object by kind of test: inputs and expected values")
    private @Nullable Path file;

    private final List<Comparison> comparisons = new ArrayList<>();
    private final List<String> unsupported = new ArrayList<>();

    /** Creates it with the options' defaults. */
    public StatsParityBench() {}

    @Override
    public Figures run(PrintStream table) {
        JsonNode root = read();
        for (Map.Entry<String, JsonNode> kind : root.properties()) {
            compare(kind.getKey(), kind.getValue(), root);
        }
        return report(table);
    }

    private JsonNode read() {
        if (file == null) {
            throw new BadInput("--file: missing (expected: a JSON file)");
        }
        try {
            JsonNode root = JSON.readTree(Files.readString(file));
            if (!root.isObject()) {
                throw new BadInput(file + ": no JSON object (expected: kinds of test with inputs and expected values)");
            }
            return root;
        } catch (NoSuchFileException e) {
            throw new BadInput(file + ": no such file (expected: a JSON file)", e);
        } catch (JsonProcessingException e) {
            throw new BadInput(file + ": not readable as JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BadInput(file + ": not readable as a text in UTF-8 (" + e + ")", e);
        }
    }

    private void compare(String kind, JsonNode value, JsonNode root) {
        Matcher bootstrap = BOOTSTRAP.matcher(kind);
        switch (kind) {
            case "generator" -> {}
            case "mcnemar" -> rows(kind, value).forEach(this::mcnemar);
            case "binomial_ci" -> rows(kind, value).forEach(this::binomial);
            case "fisher_2x2" -> rows(kind, value).forEach(this::fisher);
            case "paired" -> rows(kind, value).forEach(this::paired);
            case "kendall_spearman_ties" -> rows(kind, value).forEach(this::ties);
            case "kappa" -> rows(kind, value).forEach(this::kappa);
            default -> {
                if (kind.startsWith("permutation_exact_sign_flip")) {
                    rows(kind, value).forEach(this::signFlip);
                } else if (bootstrap.matches()) {
                    rows(kind, value).forEach(row -> bootstrap(row, root, bootstrap));
                } else {
                    unsupported.add(kind);
                }
            }
        }
    }

    /** An array of rows, or one row as it is. */
    private List<Row> rows(String kind, JsonNode value) {
        List<Row> rows = new ArrayList<>();
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                rows.add(new Row(kind + "[" + i + "]", value.get(i)));
            }
        } else {
            rows.add(new Row(kind, value));
        }
        return rows;
    }

    private void mcnemar(Row row) {
        int b = row.integer("b");
        int c = row.integer("c");
        row.exact("exact_p", () -> CountTests.mcnemarExact(b, c).pValue());
        row.exact("chi2_cc", () -> CountTests.mcnemarChiSquare(b, c).statistic());
        row.exact("chi2_cc_p", () -> CountTests.mcnemarChiSquare(b, c).pValue());
        row.end();
    }

    private void binomial(Row row) {
        int k = row.integer("k");
        int n = row.integer("n");
        row.interval("wilson", () -> Intervals.wilson(k, n, LEVEL), EXACT);
        row.interval("wilson_cc", () -> Intervals.wilsonContinuityCorrected(k, n, LEVEL), EXACT);
        row.interval("clopper_pearson", () -> Intervals.clopperPearson(k, n, LEVEL), EXACT);
        row.end();
    }

    private void fisher(Row row) {
        int[][] t = row.table("table");
        Supplier<TestResult> test = () -> CountTests.fisherExact(t[0][0], t[0][1], t[1][0], t[1][1]);
        row.exact("odds", () -> test.get().statistic());
        row.exact("p", () -> test.get().pValue());
        row.end();
    }

    private void paired(Row row) {
        double[] x = row.numbers("x");
        double[] y = row.numbers("y");
        row.inner("ttest_rel").ifPresent(t -> {
            t.exact("t", () -> PairedTests.t(x, y).statistic());
            t.exact("p", () -> PairedTests.t(x, y).pValue());
            t.end();
        });
        row.inner("wilcoxon").ifPresent(w -> {
            w.exact("stat", () -> PairedTests.wilcoxon(x, y).statistic());
            w.exact("p", () -> PairedTests.wilcoxon(x, y).pValue());
            w.method("method", () -> PairedTests.wilcoxon(x, y).method());
            w.end();
        });
        row.exact("pearson", () -> orNan(Correlation.pearson(x, y)));
        row.exact("spearman", () -> orNan(Correlation.spearman(x, y)));
        row.exact("kendall_tau_b", () -> orNan(Correlation.kendallTauB(x, y)));
        row.end();
    }

    private void ties(Row row) {
        double[] a = row.numbers("a");
        double[] b = row.numbers("b");
        row.exact("tau_b", () -> orNan(Correlation.kendallTauB(a, b)));
        row.exact("rho", () -> orNan(Correlation.spearman(a, b)));
        row.end();
    }

    private void kappa(Row row) {
        int[] a = row.integers("a");
        int[] b = row.integers("b");
        for (Weights weights : Weights.values()) {
            row.exact(weights.name().toLowerCase(Locale.ROOT), () -> Agreement.cohenKappa(a, b, weights, LEVEL)
                    .map(Interval::estimate)
                    .orElse(Double.NaN));
        }
        row.end();
    }

    private void signFlip(Row row) {
        double[] x = row.numbers("x");
        double[] y = row.numbers("y");
        row.exact("p", () -> PairedTests.signFlip(x, y, RESAMPLES, new SplittableRandom(SEED))
                .pValue());
        row.end();
    }

    private void bootstrap(Row row, JsonNode root, Matcher name) {
        double level = Integer.parseInt(name.group(1)) / 100.0;
        double tolerance = Double.parseDouble(name.group(2));
        double[] data = row.data("data", root);
        Bootstrap bootstrap = Bootstrap.of(RESAMPLES, new SplittableRandom(SEED));
        row.interval("percentile", () -> bootstrap.percentile(data, Bootstrap::mean, level), tolerance);
        row.interval("bca", () -> bootstrap.bca(data, Bootstrap::mean, level), tolerance);
        row.end();
    }

    private static double orNan(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }

    private Figures report(PrintStream out) {
        Table table = new Table("value", "expected", "ours", "error", "tolerance", "equal");
        double exact = 0;
        double resampled = 0;
        int equal = 0;
        for (Comparison comparison : comparisons) {
            equal += comparison.isEqual() ? 1 : 0;
            if (comparison.tolerance() == EXACT) {
                exact = Math.max(exact, comparison.error());
            } else {
                resampled = Math.max(resampled, comparison.error());
            }
            table.row(
                    comparison.name(),
                    comparison.expected(),
                    comparison.ours(),
                    String.format(Locale.ROOT, "%.1e", comparison.error()),
                    String.format(Locale.ROOT, "%.0e", comparison.tolerance()),
                    comparison.isEqual() ? "yes" : "NO");
        }
        table.print(out);
        if (!unsupported.isEmpty()) {
            out.println("Unsupported: " + String.join(", ", unsupported) + ".");
            out.println();
        }
        // No number in JSON stands for "infinitely far off"; the largest one does.
        return new Figures()
                .put("cases", comparisons.size())
                .put("equal", equal)
                .put("unsupported", unsupported.size())
                .putPrecise("max_error", Math.min(exact, Double.MAX_VALUE))
                .putPrecise("max_error_resampled", Math.min(resampled, Double.MAX_VALUE));
    }

    /** One expected value beside ours; the error is the absolute difference, of an interval that of the worse limit. */
    private record Comparison(String name, String expected, String ours, double error, double tolerance) {

        boolean isEqual() {
            return error <= tolerance;
        }
    }

    /** The fields of one test, each of which must be read or compared. */
    private final class Row {

        private final String path;
        private final JsonNode fields;
        private final Set<String> known = new HashSet<>();

        Row(String path, JsonNode fields) {
            if (!fields.isObject()) {
                throw malformed(path, "no JSON object", "inputs and expected values");
            }
            this.path = path;
            this.fields = fields;
        }

        int integer(String key) {
            return integer(path + "." + key, field(key));
        }

        private int integer(String where, JsonNode value) {
            if (!value.isNumber() || value.doubleValue() != value.intValue()) {
                throw malformed(where, value.toString(), "a whole number");
            }
            return value.intValue();
        }

        int[] integers(String key) {
            return integers(path + "." + key, field(key));
        }

        private int[] integers(String where, JsonNode value) {
            int[] numbers = new int[array(where, value)];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = integer(where + "[" + i + "]", value.get(i));
            }
            return numbers;
        }

        double[] numbers(String key) {
            return numbers(path + "." + key, field(key));
        }

        private double[] numbers(String where, JsonNode value) {
            double[] numbers = new double[array(where, value)];
            for (int i = 0; i < numbers.length; i++) {
                if (!value.get(i).isNumber()) {
                    throw malformed(where + "[" + i + "]", value.get(i).toString(), "a number");
                }
                numbers[i] = value.get(i).doubleValue();
            }
            return numbers;
        }

        int[][] table(String key) {
            String where = path + "." + key;
            JsonNode value = field(key);
            if (array(where, value) != 2
                    || value.get(0).size() != 2
                    || value.get(1).size() != 2) {
                throw malformed(where, value.toString(), "two rows of two counts");
            }
            return new int[][] {integers(where + "[0]", value.get(0)), integers(where + "[1]", value.get(1))};
        }

        /** Numbers, or the path of numbers elsewhere in the file, such as {@code paired.x}. */
        double[] data(String key, JsonNode root) {
            JsonNode value = field(key);
            if (!value.isTextual()) {
                return numbers(path + "." + key, value);
            }
            return numbers(value.textValue(), root.at("/" + value.textValue().replace('.', '/')));
        }

        Optional<Row> inner(String key) {
            return isExpected(key) ? Optional.of(new Row(path + "." + key, fields.path(key))) : Optional.empty();
        }

        void exact(String key, Supplier<Double> ours) {
            if (isExpected(key)) {
                String where = path + "." + key;
                JsonNode expected = fields.path(key);
                if (!expected.isNumber()) {
                    throw malformed(where, expected.toString(), "a number");
                }
                double value = compute(ours);
                add(where, expected, String.valueOf(value), error(expected.doubleValue(), value), EXACT);
            }
        }

        void interval(String key, Supplier<Interval> ours, double tolerance) {
            if (isExpected(key)) {
                String where = path + "." + key;
                double[] expected = numbers(where, fields.path(key));
                if (expected.length != 2) {
                    throw malformed(where, fields.path(key).toString(), "a lower and an upper limit");
                }
                Interval interval = compute(ours);
                double error = Math.max(error(expected[0], interval.low()), error(expected[1], interval.high()));
                add(where, fields.path(key), "[" + interval.low() + "," + interval.high() + "]", error, tolerance);
            }
        }

        /** The method by name: exact, or an approximation under one of its names. */
        void method(String key, Supplier<String> ours) {
            if (isExpected(key)) {
                String expected = fields.path(key).asText().toLowerCase(Locale.ROOT);
                String method = compute(ours);
                boolean exact = expected.contains("exact") == method.contains("exact");
                boolean normal = (expected.contains("approx") || expected.contains("asymptotic"))
                        == method.contains("approximation");
                boolean equal = expected.equals("auto") || (exact && normal);
                add(path + "." + key, fields.path(key), method, equal ? 0 : 1, EXACT);
            }
        }

        /** What was neither read nor compared is something that the bench does not know. */
        void end() {
            fields.fieldNames().forEachRemaining(key -> {
                if (!known.contains(key)) {
                    unsupported.add(path + "." + key);
                }
            });
        }

        private boolean isExpected(String key) {
            known.add(key);
            return fields.hasNonNull(key);
        }

        private JsonNode field(String key) {
            known.add(key);
            if (!fields.hasNonNull(key)) {
                throw malformed(path + "." + key, "missing", "an input of the test");
            }
            return fields.path(key);
        }

        private int array(String where, JsonNode value) {
            if (!value.isArray()) {
                throw malformed(where, value.isMissingNode() ? "missing" : value.toString(), "an array");
            }
            return value.size();
        }

        private <T> T compute(Supplier<T> ours) {
            try {
                return ours.get();
            } catch (IllegalArgumentException e) {
                throw malformed(path, String.valueOf(e.getMessage()), "inputs that the test can take");
            }
        }

        private void add(String where, JsonNode expected, String ours, double error, double tolerance) {
            comparisons.add(new Comparison(where, expected.toString(), ours, error, tolerance));
        }

        private static double error(double expected, double ours) {
            if (expected == ours || (Double.isNaN(expected) && Double.isNaN(ours))) {
                return 0;
            }
            double error = Math.abs(expected - ours);
            return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        }

        private BadInput malformed(String where, String what, String expected) {
            String shown = what.length() > 100 ? what.substring(0, 100) + "..." : what;
            return new BadInput(file + ": " + where + ": " + shown + " (expected: " + expected + ")");
        }
    }
}
