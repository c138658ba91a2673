package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.Comparison.Answers;
import io.github.flywheel4j.evals.Comparison.CategoryCount;
import io.github.flywheel4j.evals.Comparison.Row;
import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import io.github.flywheel4j.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Comparison} of two runs, for a reader or for a gate. */
final class ComparisonWork {

    private static final double SATURATED = 0.99;

    private final EvalRun baseline;
    private final EvalRun candidate;
    private final Varies varies;
    private final Map<String, MetricScores> before = new LinkedHashMap<>();
    private final Map<String, MetricScores> after = new LinkedHashMap<>();
    private final SortedSet<String> slices = new TreeSet<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * What a row asks.
     *
     * @param margin how much worse still counts as good enough
     */
    record Question(String metric, @Nullable String slice, double margin) {}

    /**
     * How looks before the end are paid for.
     *
     * @param alphaOfLooks the part of alpha that the looks may use up
     */
    record Looks(double alphaOfLooks) {}

    ComparisonWork(EvalRun baseline, EvalRun candidate, Varies varies) {
        requireComparable(baseline.info(), candidate.info(), varies);
        this.baseline = baseline;
        this.candidate = candidate;
        this.varies = varies;
        for (String metric : candidate.info().scorers().keySet()) {
            before.put(metric, MetricScores.of(baseline, metric));
            after.put(metric, MetricScores.of(candidate, metric));
        }
        candidate.results().forEach(result -> slices.addAll(result.slices()));
    }

    /**
     * An amount of one currency is neither more nor less than an amount of another.
     *
     * @throws RunsNotComparable if one of these metrics is in several
     */
    void requireOneCurrency(Set<String> metrics) {
        requireOneCurrency(metrics, before, after);
    }

    /** The same of what is known before the candidate is asked. */
    static void requireOneCurrency(Set<String> metrics, EvalRun baseline) {
        Map<String, MetricScores> before = new LinkedHashMap<>();
        metrics.forEach(metric -> before.put(metric, MetricScores.of(baseline, metric)));
        requireOneCurrency(metrics, before, before);
    }

    private static void requireOneCurrency(
            Set<String> metrics, Map<String, MetricScores> before, Map<String, MetricScores> after) {
        List<String> differences = new ArrayList<>();
        for (String metric : metrics) {
            SortedSet<String> currencies = currencies(metric, before, after);
            if (currencies.size() > 1) {
                differences.add("metric '" + metric + "' is in " + String.join(" and ", currencies)
                        + " (expected: one currency; give both runs prices in one)");
            }
        }
        if (!differences.isEmpty()) {
            throw new RunsNotComparable(differences);
        }
    }

    private static SortedSet<String> currencies(
            String metric, Map<String, MetricScores> before, Map<String, MetricScores> after) {
        SortedSet<String> currencies = new TreeSet<>(scores(before, metric).currencies());
        currencies.addAll(scores(after, metric).currencies());
        return currencies;
    }

    /** In words, that a metric is in several currencies; empty if it is not. */
    private String severalCurrencies(String metric) {
        SortedSet<String> currencies = currencies(metric, before, after);
        return currencies.size() < 2
                ? ""
                : "metric '" + metric + "' is in " + String.join(" and ", currencies)
                        + ": amounts of several currencies are not compared";
    }

    static void requireComparable(Info baseline, Info candidate, Varies varies) {
        List<String> differences = new ArrayList<>();
        differ(differences, "dataset", baseline.datasetHash(), candidate.datasetHash());
        if (!baseline.scorers().keySet().equals(candidate.scorers().keySet())) {
            differences.add("scorers " + baseline.scorers().keySet() + " and "
                    + candidate.scorers().keySet() + " (run both with the same)");
        }
        baseline.scorers().forEach((name, scorer) -> {
            ScorerInfo other = candidate.scorers().get(name);
            if (other != null) {
                differ(differences, "scorer '" + name + "'", scorer.fingerprint(), other.fingerprint());
            }
        });
        boolean samePrompt = baseline.promptHash().equals(candidate.promptHash());
        boolean sameModel = baseline.model().equals(candidate.model());
        if (!samePrompt && (varies == Varies.MODEL || varies == Varies.STACK)) {
            differences.add("the prompt differs (expected: one prompt, since what varies is said to be the "
                    + (varies == Varies.MODEL ? "model" : "stack") + ")");
        }
        if (!sameModel && (varies == Varies.PROMPT || varies == Varies.STACK)) {
            differences.add("the model is '" + baseline.model() + "' and '" + candidate.model()
                    + "' (expected: one model, since what varies is said to be the "
                    + (varies == Varies.PROMPT ? "prompt" : "stack") + ")");
        }
        if (!differences.isEmpty()) {
            throw new RunsNotComparable(differences);
        }
    }

    private static void differ(List<String> differences, String what, String one, String other) {
        if (!one.equals(other)) {
            differences.add(what + " has the hashes " + one + " and " + other + " (expected: the same)");
        }
    }

    /** Every metric against no difference. */
    Comparison compare(double alpha) {
        List<Question> first = after.keySet().stream()
                .map(metric -> new Question(metric, null, 0))
                .toList();
        return compare(alpha, first, null);
    }

    /**
     * Answers the questions of the first family, and every other metric and slice as the second.
     *
     * @param looks null if nobody looks before the end
     */
    Comparison compare(double alpha, List<Question> first, @Nullable Looks looks) {
        List<Row> rows = new ArrayList<>(family(first, true, alpha, looks));
        rows.addAll(family(others(first), false, alpha, null));
        warn();
        return new Comparison(
                baseline.info(), candidate.info(), varies, alpha, rows, answers(), categories(), warnings);
    }

    private List<Question> others(List<Question> first) {
        Set<List<@Nullable String>> asked = new HashSet<>();
        first.forEach(each -> asked.add(Arrays.asList(each.metric(), each.slice())));
        List<Question> others = new ArrayList<>();
        for (String metric : after.keySet()) {
            if (!asked.contains(Arrays.asList(metric, null))) {
                others.add(new Question(metric, null, 0));
            }
            for (String slice : slices) {
                if (!asked.contains(Arrays.asList(metric, slice))) {
                    others.add(new Question(metric, slice, 0));
                }
            }
        }
        return others;
    }

    /** Whether a gate's questions are decided by the clusters so far. */
    boolean isDecided(List<Question> questions, Looks looks) {
        double level = 1 - looks.alphaOfLooks() / questions.size();
        List<String> order = order();
        Predicate<String> isComplete = completeClusters();
        return questions.stream().allMatch(question -> difference(question)
                .isDecidedAnytime(question.margin(), level, order, isComplete));
    }

    private List<Row> family(List<Question> questions, boolean isFirst, double alpha, @Nullable Looks looks) {
        // What the looks may use up is taken from what the end may, so that both together keep to alpha.
        double alphaOfLooks = looks == null ? 0 : looks.alphaOfLooks();
        double alphaOfEnd = alpha - alphaOfLooks;
        List<PairedDifference> differences =
                questions.stream().map(this::difference).toList();
        double[] p = new double[questions.size()];
        for (int i = 0; i < p.length; i++) {
            p[i] = differences.get(i).pValue(questions.get(i).margin());
        }
        double[] adjusted = MultipleTesting.holm(p);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            Question question = questions.get(i);
            PairedDifference difference = differences.get(i);
            boolean early = alphaOfLooks > 0
                    && difference.isDecidedAnytime(
                            question.margin(), 1 - alphaOfLooks / questions.size(), order(), completeClusters());
            Verdict verdict = Verdict.INCONCLUSIVE;
            String note = note(question.metric(), difference);
            if (early) {
                boolean ahead = difference.isAhead(question.margin(), order(), completeClusters());
                verdict = ahead ? Verdict.BETTER : Verdict.WORSE;
                note = "decided by the confidence sequence; its chance of a false claim is at most " + alphaOfLooks
                        + " over all looks and metrics";
            } else if (mayUseEnd() && adjusted[i] <= alphaOfEnd) {
                verdict = difference.mean() > -question.margin() ? Verdict.BETTER : Verdict.WORSE;
            } else if (!mayUseEnd() && note.isEmpty()) {
                note = whyNoEnd();
            }
            rows.add(row(
                    question, difference, isFirst, verdict, p[i], adjusted[i], alphaOfEnd / questions.size(), note));
        }
        return rows;
    }

    /**
     * A run that ended when it looked good enough cannot be tested as if it had not looked. Of any other that is not complete
     * nobody knows whether its results had a part in that: one that was decided early may have gone on to the end of its
     * budget, and costs and lengths of answers are results too.
     */
    private boolean mayUseEnd() {
        return baseline.info().complete() && candidate.info().complete() && unequalParts() == null;
    }

    private String whyNoEnd() {
        for (Info info : List.of(candidate.info(), baseline.info())) {
            if (info.isCutShort()) {
                return "the run of '" + info.candidate() + "' is not complete (" + info.whyNotComplete()
                        + "), so its p-value is none";
            }
        }
        String parts = unequalParts();
        if (parts != null) {
            return parts + ", so its p-value is none";
        }
        return "the run ended early for other metrics, so its p-value is none";
    }

    private Row row(
            Question question,
            PairedDifference difference,
            boolean isFirst,
            Verdict verdict,
            double p,
            double adjusted,
            double alphaOfOne,
            String note) {
        MetricScores scores = scores(after, question.metric());
        return new Row(
                question.metric(),
                question.slice(),
                scores.isRate() && scores(before, question.metric()).isRate(),
                isHigherBetter(question.metric()),
                isFirst,
                question.margin(),
                verdict,
                difference.cases(),
                difference.numberOfClusters(),
                difference.baselineMean(),
                difference.candidateMean(),
                difference.interval(Comparison.LEVEL),
                p,
                adjusted,
                difference.cases() == 0
                        ? OptionalLong.empty()
                        : difference.casesToDecide(question.margin(), alphaOfOne),
                difference.cases() < 2 ? 0 : difference.detectable(alphaOfOne),
                note);
    }

    private String note(String metric, PairedDifference difference) {
        if (difference.cases() == 0) {
            String several = severalCurrencies(metric);
            return !several.isEmpty() ? several : "no case has a score in both runs";
        }
        if (difference.numberOfClusters() < 2) {
            return "all cases are of one cluster, which says nothing about others";
        }
        return "";
    }

    private PairedDifference difference(Question question) {
        MetricScores now = scores(after, question.metric());
        return new PairedDifference(
                scores(before, question.metric()),
                severalCurrencies(question.metric()).isEmpty() ? now : now.where(each -> false),
                isHigherBetter(question.metric()),
                isFromZeroToOne(question.metric()),
                question.slice());
    }

    private static MetricScores scores(Map<String, MetricScores> all, String metric) {
        MetricScores scores = all.get(metric);
        if (scores == null) {
            throw new IllegalArgumentException(
                    "metric: '" + metric + "' (expected: one of the runs' scorers, " + all.keySet() + ")");
        }
        return scores;
    }

    private boolean isHigherBetter(String metric) {
        ScorerInfo scorer = candidate.info().scorers().get(metric);
        return scorer == null || scorer.higherIsBetter();
    }

    private boolean isFromZeroToOne(String metric) {
        ScorerInfo scorer = candidate.info().scorers().get(metric);
        return scorer != null && scorer.fromZeroToOne();
    }

    private List<String> order() {
        Set<String> clusters = new LinkedHashSet<>();
        baseline.results().forEach(result -> clusters.add(result.cluster()));
        return CaseOrder.clusters(candidate.info().datasetHash(), clusters);
    }

    /** The clusters of which the candidate was asked every case as often as it should be. */
    private Predicate<String> completeClusters() {
        Map<String, Set<String>> expected = new HashMap<>();
        baseline.results().forEach(each -> expected.computeIfAbsent(each.cluster(), cluster -> new HashSet<>())
                .add(each.caseId()));
        Map<String, Integer> found = new HashMap<>();
        candidate.results().forEach(each -> found.merge(each.cluster(), 1, Integer::sum));
        int repeats = candidate.info().repeats();
        return cluster -> found.getOrDefault(cluster, 0)
                >= expected.getOrDefault(cluster, Set.of()).size() * repeats;
    }

    private Answers answers() {
        return new Answers(
                baseline.results().size(),
                errors(baseline),
                scorerErrors(baseline),
                candidate.results().size(),
                errors(candidate),
                scorerErrors(candidate));
    }

    private static int errors(EvalRun run) {
        return (int)
                run.results().stream().filter(result -> result.error() != null).count();
    }

    private static int scorerErrors(EvalRun run) {
        return run.results().stream()
                .mapToInt(result -> result.scorerErrors().size())
                .sum();
    }

    private List<CategoryCount> categories() {
        Map<List<String>, long[]> counts = new LinkedHashMap<>();
        count(baseline, counts, 0);
        count(candidate, counts, 1);
        return counts.entrySet().stream()
                .map(each -> new CategoryCount(
                        each.getKey().get(0), each.getKey().get(1), each.getValue()[0], each.getValue()[1]))
                .sorted(Comparator.comparingLong((CategoryCount each) -> -each.baseline() - each.candidate())
                        .thenComparing(CategoryCount::metric)
                        .thenComparing(CategoryCount::category))
                .toList();
    }

    private static void count(EvalRun run, Map<List<String>, long[]> counts, int column) {
        for (CaseResult result : run.results()) {
            result.scores().forEach((metric, score) -> {
                String category = FailureMatrix.categoryOf(score);
                if (category != null) {
                    counts.computeIfAbsent(List.of(metric, category), key -> new long[2])[column]++;
                }
            });
        }
    }

    private void warn() {
        warnAboutEnding("baseline", baseline.info());
        warnAboutEnding("candidate", candidate.info());
        String parts = unequalParts();
        if (parts != null) {
            warnings.add(parts);
        }
        warnAboutMoney();
        int errors = errors(candidate);
        if (errors > 0 || errors(baseline) > 0) {
            warnings.add("errors are no answers and count neither way: " + errors + " of "
                    + candidate.results().size() + " results of the candidate, " + errors(baseline) + " of "
                    + baseline.results().size() + " of the baseline");
        }
        after.forEach((metric, scores) -> {
            warnAboutScorer(metric, scores);
            JudgeDrift drift = drift(metric);
            if (drift != null && drift.hasMoved()) {
                warnings.add("judge '" + metric + "' has moved between the runs: " + drift.inWords()
                        + " (calibrate it anew and score both runs by it)");
            }
            String several = severalJudges(metric);
            if (several != null) {
                warnings.add(several);
            }
            int failed = (int) candidate.results().stream()
                    .filter(result -> result.scorerErrors().containsKey(metric))
                    .count();
            if (failed > 0) {
                warnings.add("scorer '" + metric + "' failed on " + failed + " of the candidate's answers");
            }
        });
    }

    private void warnAboutMoney() {
        Spent then = Spent.byAnswers(baseline);
        Spent now = Spent.byAnswers(candidate);
        if (then.plus(now).isOfSeveralCurrencies()) {
            warnings.add("the candidate's answers cost " + now.moneyInWords() + ", the baseline's "
                    + then.moneyInWords() + ": amounts of several currencies are neither added nor compared");
        }
    }

    /** In words, that one run is of a part of the dataset and the other is not; null if both are of as much. */
    @Nullable
    String unequalParts() {
        int before = baseline.info().planned() / Math.max(1, baseline.info().repeats());
        int after = candidate.info().planned() / Math.max(1, candidate.info().repeats());
        return before == after
                ? null
                : "the candidate's run is of " + after + " cases, the baseline's of " + before
                        + " (is a shard missing? only cases that both have are compared)";
    }

    /** How a calibrated judge's verdicts on its anchor set changed between the runs; null if none was kept. */
    @Nullable
    JudgeDrift drift(String metric) {
        return SameJudges.drift(
                baseline.info().scorers().get(metric),
                candidate.info().scorers().get(metric));
    }

    /** In words, that two models say that they gave a metric's scores; null if they do not. */
    @Nullable
    String severalJudges(String metric) {
        SortedSet<String> then = SameJudges.models(baseline.results(), metric);
        SortedSet<String> now = SameJudges.models(candidate.results(), metric);
        SortedSet<String> all = new TreeSet<>(then);
        all.addAll(now);
        return all.size() < 2
                ? null
                : "judge '" + metric + "' was answered for by " + now + ", in the baseline by " + then
                        + " (expected: one model, named by its fixed version)";
    }

    private void warnAboutEnding(String which, Info info) {
        if (info.isCutShort()) {
            warnings.add("the " + which + "'s run is not complete (" + info.whyNotComplete()
                    + "): the cases that it did not get to are left out, and nothing is claimed of the rest"
                    + (info.ending() == EvalRun.Ending.OUT_OF_BUDGET
                            ? " (give it a larger budget and let it go on)"
                            : ""));
        } else if (info.ending() == EvalRun.Ending.DECIDED_EARLY) {
            warnings.add("the " + which + "'s run ended as soon as the verdict was clear");
        }
    }

    private void warnAboutScorer(String metric, MetricScores scores) {
        String several = severalCurrencies(metric);
        if (!several.isEmpty()) {
            warnings.add(several);
            return;
        }
        double[] now = scores.values();
        double[] then = scores(before, metric).values();
        if (now.length < 2 || then.length < 2) {
            return;
        }
        boolean constant = isConstant(now, now[0]) && isConstant(then, now[0]);
        if (scores.isRate() && mean(now) >= SATURATED && mean(then) >= SATURATED) {
            warnings.add("metric '" + metric + "' is saturated: nearly every case passes in both runs, so it cannot"
                    + " show what is better (add harder cases)");
        } else if (constant) {
            warnings.add("scorer '" + metric + "' never distinguishes: every case of both runs has the same score"
                    + " (is it of use here?)");
        }
    }

    private static boolean isConstant(double[] values, double value) {
        for (double each : values) {
            if (each != value) {
                return false;
            }
        }
        return true;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double each : values) {
            sum += each;
        }
        return sum / values.length;
    }
}
