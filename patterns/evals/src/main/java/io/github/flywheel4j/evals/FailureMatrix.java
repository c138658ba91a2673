package io.github.flywheel4j.evals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of failures by variant of the prompt: which of them survive every prompt. What no prompt mends is a matter of
 * knowledge or of training. Immutable.
 *
 * @param metric the scorer whose failures are counted
 * @param variants the names of the runs, in order
 * @param rows by kind of failure, those that most cases survive with first
 * @param cases the cases that every run has scores of; only they are counted
 */
public record FailureMatrix(String metric, List<String> variants, List<Row> rows, int cases) {

    /** The kind of a failure that the scorer gave no name. */
    public static final String UNNAMED = "unnamed";

    /** Copies the lists. */
    public FailureMatrix {
        variants = List.copyOf(variants);
        rows = List.copyOf(rows);
    }

    /**
     * One kind of failure.
     *
     * @param category its name
     * @param failures how many cases fail in this way, by variant
     * @param survivors the cases that fail under every variant, and in this way under the last
     */
    public record Row(String category, List<Integer> failures, SortedSet<String> survivors) {

        /** Copies the collections. */
        public Row {
            failures = List.copyOf(failures);
            survivors = Collections.unmodifiableSortedSet(new TreeSet<>(survivors));
        }
    }

    /**
     * Counts the failures of several runs of one dataset. A case fails in a run if at least half of its repeats do, in the
     * way that most of them do.
     *
     * @throws IllegalArgumentException if there is no run or no such metric
     * @throws RunsNotComparable if the runs are of different datasets, scorers or models
     */
    public static FailureMatrix of(String metric, List<EvalRun> runs) {
        if (runs.isEmpty() || !runs.get(0).info().scorers().containsKey(metric)) {
            throw new IllegalArgumentException("metric: '" + metric + "' in " + runs.size()
                    + " runs (expected: runs, with a scorer of that name)");
        }
        runs.forEach(run -> Comparability.require(runs.get(0).info(), run.info(), Varies.PROMPT));
        List<SortedMap<String, String>> byRun =
                runs.stream().map(run -> failures(run, metric)).toList();
        SortedSet<String> common = new TreeSet<>(byRun.get(0).keySet());
        byRun.forEach(each -> common.retainAll(each.keySet()));
        Map<String, int[]> counts = new LinkedHashMap<>();
        Map<String, SortedSet<String>> survivors = new HashMap<>();
        for (String caseId : common) {
            boolean survives = true;
            for (int run = 0; run < byRun.size(); run++) {
                String category = byRun.get(run).getOrDefault(caseId, "");
                survives &= !category.isEmpty();
                if (!category.isEmpty()) {
                    counts.computeIfAbsent(category, key -> new int[runs.size()])[run]++;
                }
            }
            if (survives) {
                survivors
                        .computeIfAbsent(
                                byRun.get(byRun.size() - 1).getOrDefault(caseId, UNNAMED), key -> new TreeSet<>())
                        .add(caseId);
            }
        }
        List<Row> rows = new ArrayList<>();
        counts.forEach((category, count) -> rows.add(new Row(
                category, Arrays.stream(count).boxed().toList(), survivors.getOrDefault(category, new TreeSet<>()))));
        rows.sort(Comparator.comparingInt((Row row) -> -row.survivors().size()).thenComparing(Row::category));
        return new FailureMatrix(
                metric, runs.stream().map(run -> run.info().candidate()).toList(), rows, common.size());
    }

    /** All cases that fail under every variant. */
    public SortedSet<String> survivors() {
        SortedSet<String> all = new TreeSet<>();
        rows.forEach(row -> all.addAll(row.survivors()));
        return Collections.unmodifiableSortedSet(all);
    }

    /** What kind of failure a score is; null if it is none. */
    static @Nullable String categoryOf(Score score) {
        if (score.category() != null) {
            return score.category();
        }
        return Boolean.FALSE.equals(score.passed()) ? UNNAMED : null;
    }

    /** For each scored case its kind of failure; empty if it does not fail. */
    private static SortedMap<String, String> failures(EvalRun run, String metric) {
        Map<String, List<String>> byCase = new LinkedHashMap<>();
        for (CaseResult result : run.results()) {
            Score score = result.scores().get(metric);
            if (score != null) {
                String category = categoryOf(score);
                byCase.computeIfAbsent(result.caseId(), id -> new ArrayList<>()).add(category == null ? "" : category);
            }
        }
        SortedMap<String, String> failures = new TreeMap<>();
        byCase.forEach((id, categories) -> failures.put(id, most(categories)));
        return failures;
    }

    private static String most(List<String> categories) {
        Map<String, Integer> counts = new TreeMap<>();
        categories.stream().filter(each -> !each.isEmpty()).forEach(each -> counts.merge(each, 1, Integer::sum));
        int failing = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (2 * failing < categories.size() || failing == 0) {
            return "";
        }
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(UNNAMED);
    }
}
