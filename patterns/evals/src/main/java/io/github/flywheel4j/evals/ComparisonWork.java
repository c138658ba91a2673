package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.Comparison.Answers;
import io.github.flywheel4j.evals.Comparison.CategoryCount;
import io.github.flywheel4j.evals.Comparison.Row;
import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Comparison} of two runs, for a reader or for a gate. */
final class ComparisonWork {

    private final PairedRuns runs;

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

    ComparisonWork(PairedRuns runs) {
        this.runs = runs;
    }

    /** Every metric against no difference. */
    Comparison compare(double alpha) {
        List<Question> first = runs.metrics().stream()
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
        return new Comparison(
                runs.baseline().info(),
                runs.candidate().info(),
                runs.varies(),
                alpha,
                rows,
                answers(),
                categories(),
                ComparisonWarnings.of(runs));
    }

    private List<Question> others(List<Question> first) {
        Set<List<@Nullable String>> asked = new HashSet<>();
        first.forEach(each -> asked.add(Arrays.asList(each.metric(), each.slice())));
        SortedSet<String> slices = runs.slices();
        List<Question> others = new ArrayList<>();
        for (String metric : runs.metrics()) {
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
        List<String> order = runs.order();
        Predicate<String> isComplete = runs.completeClusters();
        return questions.stream().allMatch(question -> runs.difference(question)
                .isDecidedAnytime(question.margin(), level, order, isComplete));
    }

    private List<Row> family(List<Question> questions, boolean isFirst, double alpha, @Nullable Looks looks) {
        // What the looks may use up is taken from what the end may, so that both together keep to alpha.
        double alphaOfLooks = looks == null ? 0 : looks.alphaOfLooks();
        double alphaOfEnd = alpha - alphaOfLooks;
        List<PairedDifference> differences =
                questions.stream().map(runs::difference).toList();
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
                            question.margin(),
                            1 - alphaOfLooks / questions.size(),
                            runs.order(),
                            runs.completeClusters());
            Verdict verdict = Verdict.INCONCLUSIVE;
            String note = note(question.metric(), difference);
            if (early) {
                boolean ahead = difference.isAhead(question.margin(), runs.order(), runs.completeClusters());
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
        return runs.baseline().info().complete() && runs.candidate().info().complete() && runs.unequalParts() == null;
    }

    private String whyNoEnd() {
        for (Info info : List.of(runs.candidate().info(), runs.baseline().info())) {
            if (info.isCutShort()) {
                return "the run of '" + info.candidate() + "' is not complete (" + info.whyNotComplete()
                        + "), so its p-value is none";
            }
        }
        String parts = runs.unequalParts();
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
        return new Row(
                question.metric(),
                question.slice(),
                runs.isRate(question.metric()),
                runs.isHigherBetter(question.metric()),
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
            String several = runs.severalCurrencies(metric);
            return !several.isEmpty() ? several : "no case has a score in both runs";
        }
        if (difference.numberOfClusters() < 2) {
            return "all cases are of one cluster, which says nothing about others";
        }
        return "";
    }

    private Answers answers() {
        EvalRun baseline = runs.baseline();
        EvalRun candidate = runs.candidate();
        return new Answers(
                baseline.results().size(),
                (int) baseline.errors(),
                baseline.scorerErrors(),
                candidate.results().size(),
                (int) candidate.errors(),
                candidate.scorerErrors());
    }

    private List<CategoryCount> categories() {
        Map<List<String>, long[]> counts = new LinkedHashMap<>();
        count(runs.baseline(), counts, 0);
        count(runs.candidate(), counts, 1);
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
}
