package io.github.flywheel4j.evals;

import io.github.flywheel4j.stats.Interval;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the difference between two runs of one dataset is worth. Immutable.
 *
 * <pre>{@code
 * Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
 * Verdict verdict = comparison.of("exact").verdict();
 * }</pre>
 *
 * <p>Cases are paired by id, repeats of a case count as one case (by their mean), and cases of one cluster as depending on
 * each other. A case that has no score in one of the runs, since the candidate or the scorer failed, is left out and counted.
 * Nothing is claimed from a run that is not complete, because its results may have had a part in that; what a {@link Gate}'s
 * confidence sequence decides holds whenever a run ends.
 *
 * <p>Several metrics and slices are several chances for a false claim. There are two families, each corrected by Holm's
 * method, so that the chance of one false claim or more in a family is at most {@link #alpha}: <em>first</em> the metrics
 * over the whole dataset (those of a {@link Gate} with its slices, if one compares), <em>second</em> all other rows: each
 * metric in each slice.
 *
 * @param baseline what the run that is compared with was
 * @param candidate what the compared run was
 * @param varies what may differ between them
 * @param alpha the chance of a false claim in a family, 0.05 unless told
 * @param rows the first family, then the second: by metric in the order of the scorers, the whole dataset first
 * @param answers how many answers and errors each run has
 * @param categories kinds of failures with their counts in both runs, the most frequent first
 * @param warnings what a reader must know to trust the verdict, in words
 */
public record Comparison(
        EvalRun.Info baseline,
        EvalRun.Info candidate,
        Varies varies,
        double alpha,
        List<Row> rows,
        Answers answers,
        List<CategoryCount> categories,
        List<String> warnings) {

    /** The level of the intervals. */
    public static final double LEVEL = 0.95;

    /** The chance of a false claim in a family unless told. */
    public static final double ALPHA = 0.05;

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Copies the lists. */
    public Comparison {
        rows = List.copyOf(rows);
        categories = List.copyOf(categories);
        warnings = List.copyOf(warnings);
    }

    /**
     * One metric over the dataset or a slice of it.
     *
     * @param metric the scorer's name
     * @param slice the slice; null for the whole dataset
     * @param isRate whether the numbers are shares of passes; else means of the scorer's values
     * @param higherIsBetter whether more of it is better
     * @param inFirstFamily whether it is of the first family
     * @param margin how much worse still counts as good enough; 0 but for a {@link Gate}'s rows
     * @param verdict what may be claimed: against the margin, in the metric's better direction
     * @param cases the cases with a score in both runs
     * @param clusters the clusters that they are in
     * @param baseline the baseline's rate or mean over these cases; NaN without cases
     * @param candidate the candidate's
     * @param difference candidate less baseline with its own {@link #LEVEL} interval, not corrected for the other rows; null
     *     with less than two clusters
     * @param pValue two-sided, of a difference of minus the margin
     * @param adjustedPValue the same, corrected for the family: the verdict goes by it
     * @param casesToDecide how many cases like these would decide, with a chance of 80 %, if the difference is what it seems;
     *     empty if it seems to be none
     * @param detectable the smallest difference that these cases find with a chance of 80 %; 0 if nothing varies
     * @param note why there is no verdict, or how it came about, in words; empty if there is nothing to say
     */
    public record Row(
            String metric,
            @Nullable String slice,
            boolean isRate,
            boolean higherIsBetter,
            boolean inFirstFamily,
            double margin,
            Verdict verdict,
            int cases,
            int clusters,
            double baseline,
            double candidate,
            @Nullable Interval difference,
            double pValue,
            double adjustedPValue,
            OptionalLong casesToDecide,
            double detectable,
            String note) {

        /** Whether it is over the whole dataset. */
        public boolean isWhole() {
            return slice == null;
        }

        /** The gain, more being better whatever the metric; NaN without cases. */
        double gain() {
            return higherIsBetter ? candidate - baseline : baseline - candidate;
        }

        /** Whether its gain can be weighed against that of a rate. */
        boolean isOnOneScale() {
            return isRate || (higherIsBetter && isShare(baseline) && isShare(candidate));
        }

        private static boolean isShare(double value) {
            return value >= 0 && value <= 1;
        }

        /** The verdict in words: against a margin it claims no more than that. */
        String claim() {
            if (margin == 0 || verdict == Verdict.INCONCLUSIVE) {
                return verdict.name();
            }
            return (verdict == Verdict.BETTER ? "not worse by " : "worse by ") + margin + " or more";
        }

        @Override
        public String toString() {
            if (cases == 0) {
                return metric + (slice == null ? "" : " in " + slice) + ": " + claim() + " (" + note + ")";
            }
            return String.format(
                    Locale.ROOT,
                    "%s%s: %s (%.3f -> %.3f, adjusted p = %.3f, %d cases)",
                    metric,
                    slice == null ? "" : " in " + slice,
                    claim(),
                    baseline,
                    candidate,
                    adjustedPValue,
                    cases);
        }
    }

    /**
     * Answers and errors of both runs.
     *
     * @param baselineAnswers results of the baseline, errors among them
     * @param baselineErrors those of them that are no answers
     * @param baselineScorerErrors scores that a scorer failed to give
     * @param candidateAnswers results of the candidate, errors among them
     * @param candidateErrors those of them that are no answers
     * @param candidateScorerErrors scores that a scorer failed to give
     */
    public record Answers(
            int baselineAnswers,
            int baselineErrors,
            int baselineScorerErrors,
            int candidateAnswers,
            int candidateErrors,
            int candidateScorerErrors) {

        /** The share of the candidate's results that are no answers; 0 without any. */
        public double candidateErrorRate() {
            return candidateAnswers == 0 ? 0 : (double) candidateErrors / candidateAnswers;
        }
    }

    /**
     * How often one kind of failure came.
     *
     * @param metric the scorer that named it
     * @param category its name; {@link FailureMatrix#UNNAMED} where the scorer gave none
     * @param baseline answers of the baseline
     * @param candidate answers of the candidate
     */
    public record CategoryCount(String metric, String category, long baseline, long candidate) {}

    /**
     * Compares two runs. A metric that is an amount of money is not compared across currencies: its rows are inconclusive, and
     * say so.
     *
     * @throws RunsNotComparable if they differ in what must agree: dataset, scorers (judges with their models and rubrics
     *     among them), and what {@code varies} does not allow to differ
     */
    public static Comparison compare(EvalRun baseline, EvalRun candidate, Varies varies) {
        return new ComparisonWork(new PairedRuns(baseline, candidate, varies)).compare(ALPHA);
    }

    /**
     * The row of a metric over the whole dataset.
     *
     * @throws IllegalArgumentException if there is no such metric
     */
    public Row of(String metric) {
        return of(metric, null);
    }

    /**
     * The row of a metric in a slice.
     *
     * @throws IllegalArgumentException if there is no such row
     */
    public Row of(String metric, @Nullable String slice) {
        return rows.stream()
                .filter(row -> row.metric().equals(metric) && Objects.equals(row.slice(), slice))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no row of metric '" + metric + "' in "
                        + (slice == null ? "the whole dataset" : "slice '" + slice + "'") + " (expected: one of "
                        + rows.stream().map(Row::metric).distinct().toList() + ")"));
    }

    /** The rows over the whole dataset. */
    public List<Row> whole() {
        return rows.stream().filter(Row::isWhole).toList();
    }

    /**
     * Where the candidate loses most, or gains least: of all metrics that are rates, or means within 0 and 1 of which more is
     * better, the slice with the least gain, whatever its verdict. Seconds and money without a bar are in units of their own
     * and cannot be weighed against a rate. Empty without such slices.
     */
    public Optional<Row> worstSlice() {
        return rows.stream()
                .filter(row -> !row.isWhole() && row.cases() > 0 && row.isOnOneScale())
                .min(Comparator.comparingDouble(Row::gain));
    }

    /** Who is compared with whom; two runs of one name are told apart by when they began, in UTC. */
    String title() {
        if (!candidate.candidate().equals(baseline.candidate())) {
            return candidate.candidate() + " against " + baseline.candidate() + " on " + candidate.dataset();
        }
        return "candidate " + begun(candidate) + " against baseline " + begun(baseline) + " on dataset "
                + candidate.dataset();
    }

    private static String begun(EvalRun.Info run) {
        return run.candidate() + " (" + MINUTE.format(run.started()) + ")";
    }

    /** One line a metric, the worst slice, what is left out, and the warnings: for a terminal or a log. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title()).append('\n');
        whole().forEach(row -> text.append("  ").append(row).append('\n'));
        worstSlice().ifPresent(row -> text.append("  worst slice: ").append(row).append('\n'));
        text.append("  errors: ")
                .append(answers.candidateErrors())
                .append(" of ")
                .append(answers.candidateAnswers())
                .append(" answers (baseline: ")
                .append(answers.baselineErrors())
                .append(" of ")
                .append(answers.baselineAnswers())
                .append(")\n");
        warnings.forEach(warning -> text.append("  note: ").append(warning).append('\n'));
        return text.toString();
    }
}
