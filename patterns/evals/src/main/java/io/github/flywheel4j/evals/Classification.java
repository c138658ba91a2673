package io.github.flywheel4j.evals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How well a run's answers tell a few labels apart, from what {@link Scorers#label} noted. Immutable.
 *
 * @param confusion how often each expected label (the outer key) was answered by which one; {@link #NO_LABEL} stands for
 *     answers that were none
 * @param errors answers that have no score: they are in no other figure
 */
public record Classification(Map<String, Map<String, Integer>> confusion, int errors) {

    /** Answers that were no label. */
    public static final String NO_LABEL = "(no label)";

    /**
     * How well one label is told.
     *
     * @param precision the share of the answers with this label that are right; 0 if there is none
     * @param recall the share of the cases with this label that were found; 0 if there is none
     * @param f1 their harmonic mean
     * @param cases how many cases expect it
     */
    public record OfLabel(double precision, double recall, double f1, int cases) {}

    /** Copies the counts. */
    public Classification {
        Map<String, Map<String, Integer>> copy = new LinkedHashMap<>();
        confusion.forEach((expected, row) -> copy.put(expected, Collections.unmodifiableMap(new LinkedHashMap<>(row))));
        confusion = Collections.unmodifiableMap(copy);
    }

    /**
     * Counts the answers of all cases and repeats.
     *
     * @param scorer the label scorer's name in the run
     * @throws IllegalArgumentException if no answer has a score by it
     */
    public static Classification of(List<CaseResult> results, String scorer) {
        Map<String, Map<String, Integer>> confusion = new TreeMap<>();
        int errors = 0;
        for (CaseResult result : results) {
            Score score = result.scores().get(scorer);
            Object expected = score == null ? null : score.facts().get(LabelScorer.EXPECTED);
            if (score == null || expected == null) {
                errors++;
                continue;
            }
            Object predicted = score.facts().get(LabelScorer.PREDICTED);
            confusion
                    .computeIfAbsent(expected.toString(), label -> new TreeMap<>())
                    .merge(predicted == null ? NO_LABEL : predicted.toString(), 1, Integer::sum);
        }
        if (confusion.isEmpty()) {
            throw new IllegalArgumentException(
                    "scorer '" + scorer + "': no answer has a label (expected: a run scored by Scorers.label)");
        }
        return new Classification(confusion, errors);
    }

    /** All labels that were expected or answered, without {@link #NO_LABEL}. */
    public SortedSet<String> labels() {
        SortedSet<String> labels = new TreeSet<>(confusion.keySet());
        confusion.values().forEach(row -> labels.addAll(row.keySet()));
        labels.remove(NO_LABEL);
        return labels;
    }

    /** How well a label is told. */
    public OfLabel of(String label) {
        int right = count(label, label);
        int cases = 0;
        int answers = 0;
        for (Map.Entry<String, Map<String, Integer>> row : confusion.entrySet()) {
            answers += row.getValue().getOrDefault(label, 0);
            if (row.getKey().equals(label)) {
                cases = row.getValue().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
            }
        }
        TextMetrics.Overlap overlap = TextMetrics.Overlap.of(right, answers, cases);
        return new OfLabel(overlap.precision(), overlap.recall(), overlap.f1(), cases);
    }

    /** The share of right answers. */
    public double accuracy() {
        int right = 0;
        int all = 0;
        for (Map.Entry<String, Map<String, Integer>> row : confusion.entrySet()) {
            right += row.getValue().getOrDefault(row.getKey(), 0);
            all += row.getValue().values().stream().mapToInt(Integer::intValue).sum();
        }
        return (double) right / all;
    }

    /** The mean of the labels' F1, each label counting alike however rare it is. */
    public double macroF1() {
        List<OfLabel> all = new ArrayList<>();
        labels().forEach(label -> all.add(of(label)));
        return all.stream().mapToDouble(OfLabel::f1).average().orElse(0);
    }

    private int count(String expected, String predicted) {
        return confusion.getOrDefault(expected, Map.of()).getOrDefault(predicted, 0);
    }
}
