package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.MetricScores.CaseScore;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.JudgeCorrection;
import io.github.flywheel4j.stats.JudgeCorrection.Calibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A lossy scorer whose agreement with people was measured: the only kind that may gate a release. It scores as the judge
 * that it was made from, and knows how often that one errs, so that a pass rate can be corrected for it. Thread-safe as its
 * judge is.
 *
 * <pre>{@code
 * CalibratedJudge judge = CalibratedJudge.from(relevant, labels);
 * Interval rate = judge.correctedRate(results, 0.95);
 * }</pre>
 *
 * <p>What it is, its fingerprint, is the judge and the labels. What it said of them is no part of that: a judge that is not
 * the same each time would else be comparable with nothing. Its verdicts on them tell instead whether it has moved: {@link
 * #anchors}.
 *
 * <p>Take labels of the kind of answers that will be judged, some of them wrong ones, a hundred or more: an interval from few
 * labels is wide. Judge and people see the same; label before you look at the judge's verdicts.
 */
public final class CalibratedJudge implements Scorer {

    private final Scorer judge;
    private final List<HumanLabel> labels;
    private final LabelledVerdicts verdicts;
    private final Confusion confusion;
    private final Interval kappa;
    private final String fingerprint;
    private volatile String anchors;

    /**
     * How a judge's verdicts and people's labels fall together.
     *
     * @param bothPassed passed by both
     * @param onlyHuman passed by the person, failed by the judge
     * @param onlyJudge failed by the person, passed by the judge
     * @param bothFailed failed by both
     */
    public record Confusion(int bothPassed, int onlyHuman, int onlyJudge, int bothFailed) {}

    /**
     * An answer on which judge and person differ; read these before you trust either.
     *
     * @param caseId the case
     * @param human what the person said
     * @param judge what the judge said, with its words among the facts
     */
    public record Disagreement(String caseId, boolean human, Score judge) {}

    private CalibratedJudge(Scorer judge, List<HumanLabel> labels, LabelledVerdicts verdicts) {
        this.judge = judge;
        this.labels = List.copyOf(labels);
        this.verdicts = verdicts;
        this.anchors = verdicts.anchors();
        this.kappa = verdicts.kappa();
        this.confusion = verdicts.confusion();
        List<String> content = new ArrayList<>();
        for (HumanLabel label : labels) {
            content.add(CaseJson.canonical(label.evalCase()));
            content.add(label.output().text());
            content.add(String.valueOf(label.correct()));
        }
        this.fingerprint = judge.fingerprint() + " calibrated " + ContentHash.of(content);
    }

    /**
     * Lets the judge score every labelled answer. Answers on which its words are unreadable are left out and listed.
     *
     * @param judge a scorer with a bar: a {@link RubricJudge}, or any other that says passed or failed
     * @throws IllegalArgumentException if the labels with a verdict are of less than 10 clusters that have correct answers, or
     *     of less than 10 that have incorrect ones, the judge has no bar, or it agrees with people no better than chance: its
     *     kappa's 95 % interval reaches 0
     */
    public static CalibratedJudge from(Scorer judge, List<HumanLabel> labels) {
        return new CalibratedJudge(judge, labels, LabelledVerdicts.of(judge, labels));
    }

    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public boolean lossy() {
        return true;
    }

    @Override
    public boolean higherIsBetter() {
        return judge.higherIsBetter();
    }

    @Override
    public boolean fromZeroToOne() {
        return judge.fromZeroToOne();
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        return judge.score(evalCase, output);
    }

    /** How verdicts and labels fall together. */
    public Confusion confusion() {
        return confusion;
    }

    /** The counts as the statistics take them; they give {@code sensitivity()} and {@code specificity()}. */
    public Calibration calibration() {
        return new Calibration(
                confusion.bothPassed,
                (long) confusion.bothPassed + confusion.onlyHuman,
                confusion.bothFailed,
                (long) confusion.bothFailed + confusion.onlyJudge);
    }

    /** The share of the answers passed by people that the judge passes. */
    public double sensitivity() {
        return calibration().sensitivity();
    }

    /** The share of the answers failed by people that the judge fails. */
    public double specificity() {
        return calibration().specificity();
    }

    /** Cohen's kappa of judge and people, with a 95 % interval that takes labels of a cluster as depending on each other. */
    public Interval kappa() {
        return kappa;
    }

    /** The answers on which judge and people differ. */
    public List<Disagreement> disagreements() {
        return List.copyOf(verdicts.disagreements());
    }

    /** The cases of labelled answers on which the judge's words were unreadable. */
    public List<String> unreadable() {
        return List.copyOf(verdicts.unreadable());
    }

    /**
     * The share of correct answers behind the judge's verdicts of a run, corrected for its errors, with an interval that holds
     * the uncertainty of both samples ({@link JudgeCorrection#roganGladen(double[], int[], double[], double[], int[], double)}).
     * Repeats of a case count as one case, cases of a cluster as depending on each other; so do labels. Answers without a
     * verdict are left out. The labels may be of other answers than the run's.
     *
     * @param results scored by this judge
     * @throws IllegalArgumentException if none has a verdict
     */
    public Interval correctedRate(List<CaseResult> results, double level) {
        MetricScores scores = MetricScores.of(judged(results), name());
        return JudgeCorrection.roganGladen(
                scores.values(), scores.clusters(), verdicts.people(), verdicts.verdicts(), verdicts.clusters(), level);
    }

    private List<CaseResult> judged(List<CaseResult> results) {
        List<CaseResult> judged = results.stream()
                .filter(result -> {
                    Score score = result.scores().get(name());
                    return score != null && score.passed() != null;
                })
                .toList();
        if (judged.isEmpty()) {
            SortedSet<String> others = new TreeSet<>();
            results.forEach(result -> others.addAll(result.scores().keySet()));
            throw new IllegalArgumentException("results: none of " + results.size() + " has a verdict of judge '"
                    + name() + "', they have scores of " + others
                    + " (expected: those of a run that this judge scored)");
        }
        return judged;
    }

    /**
     * The share of correct answers of a run of which a random part was labelled by people: narrower than {@link
     * #correctedRate} where that is the case ({@link JudgeCorrection#predictionPowered(double[], double[], int[], double[],
     * int[], double)}). Cases of a cluster count as depending on each other, repeats of a case without a label as one case.
     *
     * @param results scored by this judge, one for each case that has a label
     * @param people what people said of the answers of some of its cases, chosen by chance, by case id
     * @throws IllegalArgumentException if the cases with a label, or those without, are of less than two clusters, or a case
     *     with a label has several answers with a verdict: the label is of one of them
     */
    public Interval predictionPoweredRate(List<CaseResult> results, Map<String, Boolean> people, double level) {
        List<Double> labels = new ArrayList<>();
        List<Double> judged = new ArrayList<>();
        List<String> clusters = new ArrayList<>();
        List<Double> rest = new ArrayList<>();
        List<String> clustersOfRest = new ArrayList<>();
        for (CaseScore score : MetricScores.of(judged(results), name()).cases()) {
            Boolean label = people.get(score.caseId());
            if (label == null) {
                rest.add(score.mean());
                clustersOfRest.add(score.cluster());
                continue;
            }
            if (score.scored() > 1) {
                throw new IllegalArgumentException("people: one label for the " + score.scored() + " answers of case '"
                        + score.caseId() + "' (expected: one answer for each case with a label; give the results of one"
                        + " repeat)");
            }
            labels.add(label ? 1.0 : 0.0);
            judged.add(score.mean());
            clusters.add(score.cluster());
        }
        List<String> all = new ArrayList<>(clusters);
        all.addAll(clustersOfRest);
        int[] numbers = LabelledVerdicts.numbers(all);
        return JudgeCorrection.predictionPowered(
                array(labels),
                array(judged),
                Arrays.copyOf(numbers, labels.size()),
                array(rest),
                Arrays.copyOfRange(numbers, labels.size(), numbers.length),
                level);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * What the judge said of its labelled answers, the anchor set, when it last scored them: a digit for each label in their
     * order, 1 for passed, 0 for failed, a question mark where its words were unreadable. Each run keeps it, so that a
     * comparison of two runs can say whether the judge is still the same.
     */
    public String anchors() {
        return anchors;
    }

    /**
     * Lets the judge score its anchor set once more and compares with the calibration: a provider may change a model under its
     * name. A judge that was just made has scored it; one that lives longer should be rechecked before each run.
     */
    public JudgeDrift recheck() {
        anchors = LabelledVerdicts.of(judge, labels).anchors();
        return JudgeDrift.between(verdicts.anchors(), anchors);
    }

    /** The scorer that was measured. */
    Scorer judge() {
        return judge;
    }

    @Override
    public String toString() {
        return "CalibratedJudge(" + name() + ", kappa " + kappa.estimate() + ", " + labels.size() + " labels)";
    }
}
