package io.github.flywheel4j.evals;

import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One metric of a run, a number for each case: the mean over its repeats. Where the scorer has a bar the number of an answer
 * is whether it passed, else its value. Immutable.
 *
 * @param metric the scorer's name
 * @param isRate whether each number is a share of passes
 * @param byCase by case id; only cases with at least one score, and none if their scores are in several currencies: those can
 *     be neither added nor held against one bar
 * @param currencies what the scores are in, if they are amounts of money: those of {@link Scorers#cost()}, with a bar or not
 */
record MetricScores(String metric, boolean isRate, SortedMap<String, CaseScore> byCase, SortedSet<String> currencies) {

    static final double LEVEL = 0.95;

    /**
     * What one case has.
     *
     * @param mean over the repeats that were scored
     * @param scored how many were
     * @param passed how many of them passed; 0 without a bar
     */
    record CaseScore(String caseId, String cluster, SortedSet<String> slices, double mean, int scored, int passed) {}

    static MetricScores of(EvalRun run, String metric) {
        return of(run.results(), metric);
    }

    static MetricScores of(List<CaseResult> results, String metric) {
        Map<String, List<CaseResult>> byCase = new LinkedHashMap<>();
        SortedSet<String> currencies = new TreeSet<>();
        boolean hasBar = true;
        for (CaseResult result : results) {
            Score score = result.scores().get(metric);
            if (score != null) {
                byCase.computeIfAbsent(result.caseId(), id -> new ArrayList<>()).add(result);
                hasBar &= score.passed() != null;
                if (score.facts().get(Scorers.CURRENCY) instanceof String currency) {
                    currencies.add(currency);
                }
            }
        }
        if (currencies.size() > 1) {
            byCase.clear();
        }
        boolean isRate = hasBar;
        SortedMap<String, CaseScore> scores = new TreeMap<>();
        byCase.forEach((id, repeats) -> scores.put(id, score(id, repeats, metric, isRate)));
        return new MetricScores(metric, isRate, scores, currencies);
    }

    /** Whether the scores are amounts of money that cannot be added up. */
    boolean isOfSeveralCurrencies() {
        return currencies.size() > 1;
    }

    private static CaseScore score(String id, List<CaseResult> results, String metric, boolean isRate) {
        double sum = 0;
        int passed = 0;
        for (CaseResult result : results) {
            Score score = result.scores().get(metric);
            if (score != null) {
                boolean isPass = Boolean.TRUE.equals(score.passed());
                passed += isPass ? 1 : 0;
                sum += isRate ? (isPass ? 1 : 0) : score.value();
            }
        }
        CaseResult first = results.get(0);
        return new CaseScore(id, first.cluster(), first.slices(), sum / results.size(), results.size(), passed);
    }

    /** The cases of a slice; all for null. */
    MetricScores slice(@Nullable String slice) {
        return slice == null ? this : where(each -> each.slices().contains(slice));
    }

    MetricScores where(Predicate<CaseScore> condition) {
        SortedMap<String, CaseScore> kept = new TreeMap<>();
        byCase.forEach((id, score) -> {
            if (condition.test(score)) {
                kept.put(id, score);
            }
        });
        return new MetricScores(metric, isRate, kept, currencies);
    }

    List<CaseScore> cases() {
        return List.copyOf(byCase.values());
    }

    double[] values() {
        return byCase.values().stream().mapToDouble(CaseScore::mean).toArray();
    }

    int[] clusters() {
        Map<String, Integer> numbers = new HashMap<>();
        return byCase.values().stream()
                .mapToInt(each -> numbers.computeIfAbsent(each.cluster(), cluster -> numbers.size()))
                .toArray();
    }

    int numberOfClusters() {
        return (int) byCase.values().stream().map(CaseScore::cluster).distinct().count();
    }

    /** Whether every number is from 0 to 1. */
    boolean isBounded() {
        return byCase.values().stream().allMatch(each -> each.mean() >= 0 && each.mean() <= 1);
    }

    /** The mean with its interval; null with less than two clusters, which say nothing about others. */
    @Nullable
    Interval interval() {
        if (numberOfClusters() < 2) {
            return null;
        }
        return isRate
                ? Intervals.clusteredRate(values(), clusters(), LEVEL)
                : Intervals.clusteredMean(values(), clusters(), LEVEL);
    }
}
