package io.github.flywheel4j.evals;

import io.github.flywheel4j.Cost;
import io.github.flywheel4j.evals.MetricScores.CaseScore;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Quantiles;
import io.github.flywheel4j.stats.RepeatedTrials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the results of one run say. Immutable.
 *
 * @param cases cases with at least one result
 * @param results answers and errors
 * @param errors results that are no answers: the candidate failed
 * @param scorerErrors scores that a scorer failed to give
 * @param metrics each metric over the whole dataset, then in each slice
 * @param categories kinds of failures by metric, with the number of answers
 * @param latency the median time to an answer; zero without answers
 * @param tokens tokens of all answers, as far as the provider says
 * @param cost money for all answers; null if no price is known, or prices are in several currencies (a warning has the sums)
 * @param beside what was used beside the answers: by judges, by calls of a candidate that failed, and for no result ({@link
 *     EvalRun#apart})
 * @param warnings what a reader must know to trust the numbers, in words
 */
public record RunSummary(
        int cases,
        int results,
        int errors,
        int scorerErrors,
        List<Metric> metrics,
        Map<String, SortedMap<String, Long>> categories,
        Duration latency,
        long tokens,
        @Nullable Cost cost,
        Spent beside,
        List<String> warnings) {

    /** Copies the collections. */
    public RunSummary {
        metrics = List.copyOf(metrics);
        categories = Map.copyOf(categories);
        warnings = List.copyOf(warnings);
    }

    /**
     * One metric over the dataset or a slice of it.
     *
     * @param name the scorer's name
     * @param slice the slice; null for the whole dataset
     * @param isRate whether the number is a share of passes; else the mean of the scorer's values
     * @param higherIsBetter whether more of it is better
     * @param cases cases with a score
     * @param clusters the clusters that they are in
     * @param estimate the rate or mean; each case counts once, by the mean of its repeats
     * @param interval its 95 % interval; null with less than two clusters, which say nothing about others
     * @param passAtK for k from 1 to the number of repeats the chance that one of k answers passes; empty without a bar
     * @param passHatK the chance that all of k answers pass
     * @param flakiness the chance that of two answers to one case one passes and one fails; 0 with one repeat
     * @param flaky the cases of which some answers pass and some fail, the most undecided first
     */
    public record Metric(
            String name,
            @Nullable String slice,
            boolean isRate,
            boolean higherIsBetter,
            int cases,
            int clusters,
            double estimate,
            @Nullable Interval interval,
            SortedMap<Integer, Double> passAtK,
            SortedMap<Integer, Double> passHatK,
            double flakiness,
            List<String> flaky) {

        /** Copies the collections. */
        public Metric {
            passAtK = Collections.unmodifiableSortedMap(new TreeMap<>(passAtK));
            passHatK = Collections.unmodifiableSortedMap(new TreeMap<>(passHatK));
            flaky = List.copyOf(flaky);
        }

        @Override
        public String toString() {
            if (cases == 0) {
                return name + (slice == null ? "" : " in " + slice) + ": no score of any case";
            }
            String range = interval == null
                    ? "no interval"
                    : String.format(Locale.ROOT, "%.3f to %.3f", interval.low(), interval.high());
            return String.format(
                    Locale.ROOT,
                    "%s%s: %.3f (%s, %d cases)",
                    name,
                    slice == null ? "" : " in " + slice,
                    estimate,
                    range,
                    cases);
        }
    }

    static RunSummary of(EvalRun run) {
        List<Metric> metrics = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        SortedSet<String> slices = new TreeSet<>();
        run.results().forEach(result -> slices.addAll(result.slices()));
        run.info().scorers().forEach((name, scorer) -> {
            MetricScores scores = MetricScores.of(run, name);
            metrics.add(metric(scores, null, scorer.higherIsBetter()));
            slices.forEach(slice -> metrics.add(metric(scores.slice(slice), slice, scorer.higherIsBetter())));
            warn(run, scores, warnings);
        });
        int errors = (int) run.errors();
        if (errors > 0) {
            warnings.add(
                    errors + " of " + run.results().size() + " results are errors, no answers, and count neither way");
        }
        if (!run.info().complete()) {
            warnings.add("the run is not complete (" + run.info().whyNotComplete() + "): "
                    + run.results().size() + " of " + run.info().planned() + " results");
        }
        Spent answers = Spent.byAnswers(run);
        if (answers.isOfSeveralCurrencies()) {
            warnings.add("the answers cost " + answers.moneyInWords() + ", which cannot be added up");
        }
        return new RunSummary(
                (int) run.results().stream().map(CaseResult::caseId).distinct().count(),
                run.results().size(),
                errors,
                run.scorerErrors(),
                metrics,
                categories(run),
                latency(run),
                answers.tokens(),
                answers.cost(),
                run.results().stream().map(CaseResult::beside).reduce(run.apart(), Spent::plus),
                warnings);
    }

    private static Metric metric(MetricScores scores, @Nullable String slice, boolean higherIsBetter) {
        List<CaseScore> cases = scores.cases();
        return new Metric(
                scores.metric(),
                slice,
                scores.isRate() && !cases.isEmpty(),
                higherIsBetter,
                cases.size(),
                scores.numberOfClusters(),
                cases.stream().mapToDouble(CaseScore::mean).average().orElse(Double.NaN),
                scores.interval(),
                scores.isRate() ? overK(cases, true) : new TreeMap<>(),
                scores.isRate() ? overK(cases, false) : new TreeMap<>(),
                scores.isRate() ? flakiness(cases) : 0,
                scores.isRate() ? flaky(cases) : List.of());
    }

    /** The mean over the cases, for each k that every case has enough answers for. */
    private static SortedMap<Integer, Double> overK(List<CaseScore> cases, boolean any) {
        SortedMap<Integer, Double> byK = new TreeMap<>();
        int most = cases.stream().mapToInt(CaseScore::scored).min().orElse(0);
        for (int k = 1; k <= most; k++) {
            int tries = k;
            byK.put(
                    k,
                    cases.stream()
                            .mapToDouble(each -> any
                                    ? RepeatedTrials.passAtK(each.scored(), each.passed(), tries)
                                    : RepeatedTrials.passHatK(each.scored(), each.passed(), tries))
                            .average()
                            .orElse(0));
        }
        return byK;
    }

    private static double flakiness(List<CaseScore> cases) {
        return cases.stream()
                .filter(each -> each.scored() > 1)
                .mapToDouble(each -> RepeatedTrials.disagreement(each.scored(), each.passed()))
                .average()
                .orElse(0);
    }

    private static List<String> flaky(List<CaseScore> cases) {
        return cases.stream()
                .filter(each -> each.passed() > 0 && each.passed() < each.scored())
                .sorted(Comparator.comparingDouble((CaseScore each) -> Math.abs(each.mean() - 0.5))
                        .thenComparing(CaseScore::caseId))
                .map(CaseScore::caseId)
                .toList();
    }

    private static void warn(EvalRun run, MetricScores scores, List<String> warnings) {
        SortedSet<String> models = SameJudges.models(run.results(), scores.metric());
        if (models.size() > 1) {
            warnings.add("judge '" + scores.metric() + "' was answered for by " + models
                    + " (expected: one model, named by its fixed version)");
        }
        if (scores.isOfSeveralCurrencies()) {
            warnings.add("metric '" + scores.metric() + "' is in " + String.join(" and ", scores.currencies())
                    + ": amounts of several currencies have no mean");
        }
        double[] values = scores.values();
        if (values.length >= 2 && Arrays.stream(values).distinct().count() == 1) {
            warnings.add("scorer '" + scores.metric() + "' gives every case the same score, " + values[0]
                    + " (add harder cases, or leave it out)");
        }
        long failed = run.failuresOf(scores.metric());
        if (failed > 0) {
            warnings.add("scorer '" + scores.metric() + "' failed on " + failed + " of "
                    + run.results().size() + " results");
        }
    }

    private static Map<String, SortedMap<String, Long>> categories(EvalRun run) {
        Map<String, SortedMap<String, Long>> byMetric = new HashMap<>();
        for (CaseResult result : run.results()) {
            result.scores().forEach((metric, score) -> {
                String category = FailureMatrix.categoryOf(score);
                if (category != null) {
                    byMetric.computeIfAbsent(metric, name -> new TreeMap<>()).merge(category, 1L, Long::sum);
                }
            });
        }
        return byMetric;
    }

    private static Duration latency(EvalRun run) {
        double[] nanos = run.results().stream()
                .map(CaseResult::output)
                .filter(output -> output != null)
                .mapToDouble(output -> output.latency().toNanos())
                .toArray();
        return nanos.length == 0 ? Duration.ZERO : Duration.ofNanos(Math.round(Quantiles.quantile(nanos, 0.5)));
    }

    /**
     * A metric over the whole dataset.
     *
     * @throws IllegalArgumentException if there is no such metric
     */
    public Metric metric(String name) {
        return metrics.stream()
                .filter(metric -> metric.name().equals(name) && metric.slice() == null)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no metric '" + name + "' (expected: one of "
                        + metrics.stream().map(Metric::name).distinct().toList() + ")"));
    }

    /** The slice in which a metric is worst; empty without slices. */
    public Optional<Metric> worstSlice(String name) {
        return metrics.stream()
                .filter(metric -> metric.name().equals(name) && metric.slice() != null && metric.cases() > 0)
                .min(Comparator.comparingDouble(
                        metric -> metric.higherIsBetter() ? metric.estimate() : -metric.estimate()));
    }

    /** One line a metric with its worst slice, then errors and warnings: for a terminal or a log. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Metric metric : metrics) {
            if (metric.slice() == null) {
                text.append(metric).append('\n');
                worstSlice(metric.name())
                        .ifPresent(worst ->
                                text.append("  worst slice: ").append(worst).append('\n'));
            }
        }
        text.append("errors: ").append(errors).append(" of ").append(results).append(" results\n");
        warnings.forEach(warning -> text.append("note: ").append(warning).append('\n'));
        return text.toString();
    }
}
