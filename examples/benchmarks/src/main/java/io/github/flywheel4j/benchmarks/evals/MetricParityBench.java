package io.github.flywheel4j.benchmarks.evals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.benchmarks.evals.Rows.Row;
import io.github.flywheel4j.evals.Bleu;
import io.github.flywheel4j.evals.Chrf;
import io.github.flywheel4j.evals.TextMetrics;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the text metrics with the values that their usual programs give for the same texts. */
@Command(
        name = "metric-parity",
        description = "How many values of the usual programs for text metrics the library's own equal.",
        sortOptions = false)
public final class MetricParityBench implements Bench {

    private static final double TOLERANCE = 1e-4;
    private static final int MISSES_SHOWN = 40;
    private static final String EXPECTED = "JSON Lines with metric, options, hypothesis, references and expected";

    @Option(names = "--file", paramLabel = "F", required = true, description = EXPECTED)
    private @Nullable Path file;

    private final Map<String, Tally> tallies = new TreeMap<>();
    private final List<String> misses = new ArrayList<>();

    /** Creates it with the options' defaults. */
    public MetricParityBench() {}

    private static final class Tally {
        private long cases;
        private long equal;
        private long withinTolerance;
        private long unsupported;
        private double maxError;
    }

    /** A metric or an option that the library does not have. */
    private static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsupported(String what) {
            super(what);
        }
    }

    @Override
    public Figures run(PrintStream table) {
        for (Row row : Rows.read(file, EXPECTED).all()) {
            compare(row);
        }
        return report(table);
    }

    private void compare(Row row) {
        String metric = row.text("metric");
        if (!row.json().path("expected").isNumber()) {
            throw row.bad("expected", "a number");
        }
        Tally tally = tallies.computeIfAbsent(metric, name -> new Tally());
        tally.cases++;
        try {
            double error =
                    Math.abs(measure(metric, row) - row.json().path("expected").doubleValue());
            tally.maxError = Math.max(tally.maxError, error);
            if (error <= TOLERANCE) {
                tally.equal++;
                tally.withinTolerance++;
            } else if (error <= row.json().path("tolerance").asDouble()) {
                // The value was rounded by whoever wrote it down, and the row says how far.
                tally.equal++;
            } else {
                misses.add(row.place() + " " + metric + ": off by " + error);
            }
        } catch (Unsupported | IllegalArgumentException e) {
            // The latter is what the library says of a setting that it cannot take.
            tally.unsupported++;
            misses.add(row.place() + " " + metric + ": unsupported: " + e.getMessage());
        }
    }

    private double measure(String metric, Row row) {
        JsonNode options = row.json().path("options");
        return switch (metric) {
            case "bleu" -> bleu(row, options);
            case "chrf" -> chrf(row, options);
            case "squad_f1" ->
                TextMetrics.tokenOverlap(row.text("hypothesis"), references(row))
                        .f1();
            case "squad_em" -> TextMetrics.squadExactMatch(row.text("hypothesis"), references(row)) ? 1 : 0;
            case "levenshtein" -> TextMetrics.editLikeness(row.text("hypothesis"), references(row));
            case "numeric_diff" -> best(row, TextMetrics::numericLikeness);
            case "json_diff" -> jsonDiff(row, options);
            default -> throw new Unsupported("no such metric");
        };
    }

    private interface Likeness {
        double of(double answer, double reference);
    }

    private static double best(Row row, Likeness likeness) {
        JsonNode hypothesis = row.json().path("hypothesis");
        OptionalDouble best = OptionalDouble.empty();
        for (JsonNode reference : row.json().path("references")) {
            if (!hypothesis.isNumber() || !reference.isNumber()) {
                throw row.bad("hypothesis", "a number, and a list of numbers as references");
            }
            double score = likeness.of(hypothesis.doubleValue(), reference.doubleValue());
            best = OptionalDouble.of(Math.max(score, best.orElse(score)));
        }
        return best.orElseThrow(() -> row.bad("references", "at least one"));
    }

    private static double jsonDiff(Row row, JsonNode options) {
        String numbers = options.path("number_scorer").asText("numeric_diff");
        if (!numbers.equals("numeric_diff")) {
            throw new Unsupported("number_scorer " + numbers);
        }
        JsonNode references = row.json().path("references");
        if (!row.json().has("hypothesis")) {
            throw row.bad("hypothesis", "a JSON value");
        }
        if (!references.isArray() || references.isEmpty()) {
            throw row.bad("references", "a list of JSON values");
        }
        double best = 0;
        for (JsonNode reference : references) {
            best = Math.max(
                    best, TextMetrics.jsonLikeness(row.json().path("hypothesis").toString(), reference.toString()));
        }
        return best;
    }

    private static double bleu(Row row, JsonNode options) {
        Bleu bleu = Bleu.forCorpus()
                .tokenizer(tokenizer(options.path("tokenize").asText("13a")))
                .lowercase(flag(row, "lowercase", false))
                .effectiveOrder(flag(row, "effective_order", false))
                .maxOrder(integer(row, "max_ngram_order", 4));
        Bleu.Smoothing smoothing = smoothing(options.path("smooth_method").asText("exp"));
        bleu = options.path("smooth_value").isNumber()
                ? bleu.smoothing(smoothing, options.path("smooth_value").doubleValue())
                : bleu.smoothing(smoothing);
        return isCorpus(options)
                ? bleu.corpus(hypotheses(row), segments(row))
                : bleu.sentence(row.text("hypothesis"), references(row));
    }

    private static Bleu.Tokenizer tokenizer(String name) {
        return switch (name) {
            case "none", "tok" -> Bleu.Tokenizer.NONE;
            case "13a" -> Bleu.Tokenizer.THIRTEEN_A;
            case "intl" -> Bleu.Tokenizer.INTERNATIONAL;
            case "char" -> Bleu.Tokenizer.CHARACTERS;
            case "zh" -> Bleu.Tokenizer.CHINESE;
            default -> throw new Unsupported("tokenize " + name);
        };
    }

    private static Bleu.Smoothing smoothing(String name) {
        return switch (name) {
            case "none" -> Bleu.Smoothing.NONE;
            case "exp" -> Bleu.Smoothing.EXPONENTIAL;
            case "floor" -> Bleu.Smoothing.FLOOR;
            case "add-k" -> Bleu.Smoothing.ADD_K;
            default -> throw new Unsupported("smooth_method " + name);
        };
    }

    private static double chrf(Row row, JsonNode options) {
        Chrf chrf = Chrf.chrf()
                .orders(integer(row, "char_order", 6), integer(row, "word_order", 0))
                .beta(number(row, "beta", 2))
                .lowercase(flag(row, "lowercase", false))
                .spaces(!flag(row, "remove_whitespace", true))
                .epsilonSmoothing(flag(row, "eps_smoothing", false));
        return isCorpus(options)
                ? chrf.corpus(hypotheses(row), segments(row))
                : chrf.sentence(row.text("hypothesis"), references(row));
    }

    private static boolean flag(Row row, String option, boolean otherwise) {
        JsonNode value = row.json().path("options").path(option);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw row.badOption(option, "true or false");
        }
        return value.booleanValue();
    }

    private static int integer(Row row, String option, int otherwise) {
        double value = number(row, option, otherwise);
        if (value != Math.rint(value)) {
            throw row.badOption(option, "a whole number");
        }
        return (int) value;
    }

    private static double number(Row row, String option, double otherwise) {
        JsonNode value = row.json().path("options").path(option);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw row.badOption(option, "a number");
        }
        return value.doubleValue();
    }

    private static boolean isCorpus(JsonNode options) {
        return options.path("level").asText("sentence").equals("corpus");
    }

    private static List<String> hypotheses(Row row) {
        return texts(row, "hypothesis", row.json().path("hypothesis"));
    }

    private static List<String> references(Row row) {
        List<String> references = texts(row, "references", row.json().path("references"));
        if (references.isEmpty()) {
            throw row.bad("references", "at least one");
        }
        return references;
    }

    /** The file lists sets of references, each with one for every hypothesis; the metrics want those of each hypothesis. */
    private static List<List<String>> segments(Row row) {
        List<List<String>> segments = new ArrayList<>();
        int count = hypotheses(row).size();
        for (int i = 0; i < count; i++) {
            segments.add(new ArrayList<>());
        }
        JsonNode sets = row.json().path("references");
        if (count == 0 || sets.isEmpty()) {
            throw row.bad("references", "at least one set of references for at least one hypothesis");
        }
        for (JsonNode set : sets) {
            List<String> references = texts(row, "references", set);
            if (references.size() != count) {
                throw row.bad("references", "sets of " + count + ", one for each hypothesis");
            }
            for (int i = 0; i < count; i++) {
                segments.get(i).add(references.get(i));
            }
        }
        return segments;
    }

    private static List<String> texts(Row row, String field, JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : array) {
            if (each.isTextual()) {
                texts.add(each.textValue());
            }
        }
        if (!array.isArray() || texts.size() != array.size()) {
            throw row.bad(field, "a list of texts, and lists of such lists for a corpus");
        }
        return texts;
    }

    private Figures report(PrintStream out) {
        Table table = new Table("metric", "cases", "equal", "unsupported", "largest error");
        Figures byMetric = new Figures();
        Tally all = new Tally();
        tallies.forEach((metric, tally) -> {
            table.row(
                    metric,
                    String.valueOf(tally.cases),
                    String.valueOf(tally.equal),
                    String.valueOf(tally.unsupported),
                    String.format(Locale.ROOT, "%.1e", tally.maxError));
            byMetric.put(
                    metric,
                    new Figures()
                            .put("cases", tally.cases)
                            .put("equal", tally.equal)
                            .put("unsupported", tally.unsupported)
                            .putPrecise("max_error", tally.maxError));
            all.cases += tally.cases;
            all.equal += tally.equal;
            all.withinTolerance += tally.withinTolerance;
            all.unsupported += tally.unsupported;
            all.maxError = Math.max(all.maxError, tally.maxError);
        });
        table.print(out);
        misses.stream().limit(MISSES_SHOWN).forEach(out::println);
        if (misses.size() > MISSES_SHOWN) {
            out.println("and " + (misses.size() - MISSES_SHOWN) + " more");
        }
        return new Figures()
                .put("cases", all.cases)
                .put("equal", all.equal)
                .put("unsupported", all.unsupported)
                .putPrecise("max_error", all.maxError)
                .put("within_1e_4", all.withinTolerance)
                .put("by_metric", byMetric);
    }
}
