package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.MetricScores.CaseScore;
import io.github.flywheel4j.stats.Agreement;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.JudgeCorrection;
import io.github.flywheel4j.stats.JudgeCorrection.Calibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A lossy scorer whose agreement with people was measured: the only kind that may gate a release. It scores as the judge
 * that it was made from, and knows how often that one errs, so that a pass rate can be corrected for it. Thread-safe as its
 * judge is.
 *
 * <pre>{@code
 * CalibratedJudge judge = CalibratedJudge.from(faithful, labels);
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

    private static final double LEVEL = 0.95;

    /** With fewer the jackknife's interval is too narrow, and has no width where all of them agree. */
    private static final int LEAST_CLUSTERS = 10;

    private final Scorer judge;
    private final List<HumanLabel> labels;
    private final String calibrated;
    private final List<Disagreement> disagreements;
    private final List<String> unreadable;
    private final Confusion confusion;
    private final Interval kappa;
    private final Labelled labelled;
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

    private CalibratedJudge(
            Scorer judge,
            List<HumanLabel> labels,
            String calibrated,
            List<Disagreement> disagreements,
            List<String> unreadable,
            Confusion confusion,
            Interval kappa,
            Labelled labelled) {
        this.judge = judge;
        this.labelled = labelled;
        this.labels = List.copyOf(labels);
        this.calibrated = calibrated;
        this.anchors = calibrated;
        this.disagreements = List.copyOf(disagreements);
        this.unreadable = List.copyOf(unreadable);
        this.confusion = confusion;
        this.kappa = kappa;
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
        List<HumanLabel> read = new ArrayList<>();
        List<Boolean> verdicts = new ArrayList<>();
        List<Disagreement> disagreements = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        StringBuilder anchors = new StringBuilder();
        for (HumanLabel label : labels) {
            try {
                Score score = judge.score(label.evalCase(), label.output());
                boolean verdict = passed(judge, score);
                read.add(label);
                verdicts.add(verdict);
                anchors.append(verdict ? JudgeDrift.PASSED : JudgeDrift.FAILED);
                if (verdict != label.correct()) {
                    disagreements.add(new Disagreement(label.evalCase().id(), label.correct(), score));
                }
            } catch (UnreadableVerdict e) {
                unreadable.add(label.evalCase().id());
                anchors.append(JudgeDrift.UNREADABLE);
            }
        }
        Confusion confusion = confusion(read, verdicts);
        requireBothKinds(judge, confusion);
        requireClusters(judge, read);
        Labelled labelled = Labelled.of(read, verdicts);
        Interval kappa = Agreement.cohenKappa(
                        read.stream().mapToInt(label -> label.correct() ? 1 : 0).toArray(),
                        verdicts.stream().mapToInt(verdict -> verdict ? 1 : 0).toArray(),
                        numbers(labelled.clusters),
                        Agreement.Weights.UNWEIGHTED,
                        LEVEL)
                .orElseThrow();
        if (!(kappa.low() > 0)) {
            throw new IllegalArgumentException("judge '" + judge.name() + "': kappa " + kappa.estimate() + " ["
                    + kappa.low() + ", " + kappa.high() + "] over " + read.size()
                    + " labels (expected: an interval above 0; this agreement may be chance, so take another judge or more"
                    + " labels)");
        }
        return new CalibratedJudge(
                judge, labels, anchors.toString(), disagreements, unreadable, confusion, kappa, labelled);
    }

    /** What people and the judge said of the labelled answers that have a verdict, as numbers, with their clusters. */
    private record Labelled(List<Double> people, List<Double> verdicts, List<String> clusters) {

        static Labelled of(List<HumanLabel> labels, List<Boolean> verdicts) {
            return new Labelled(
                    labels.stream().map(label -> label.correct() ? 1.0 : 0.0).toList(),
                    verdicts.stream().map(verdict -> verdict ? 1.0 : 0.0).toList(),
                    labels.stream()
                            .map(label -> label.evalCase().clusterOrSelf())
                            .toList());
        }
    }

    private static boolean passed(Scorer judge, Score score) {
        Boolean passed = score.passed();
        if (passed == null) {
            throw new IllegalArgumentException("judge '" + judge.name()
                    + "' says neither passed nor failed (expected: a scorer with a bar, see Scorers.atLeast)");
        }
        return passed;
    }

    private static Confusion confusion(List<HumanLabel> labels, List<Boolean> verdicts) {
        int[][] counts = new int[2][2];
        for (int i = 0; i < labels.size(); i++) {
            counts[labels.get(i).correct() ? 1 : 0][verdicts.get(i) ? 1 : 0]++;
        }
        return new Confusion(counts[1][1], counts[1][0], counts[0][1], counts[0][0]);
    }

    private static void requireBothKinds(Scorer judge, Confusion confusion) {
        int correct = confusion.bothPassed + confusion.onlyHuman;
        int incorrect = confusion.onlyJudge + confusion.bothFailed;
        if (correct == 0 || incorrect == 0) {
            throw new IllegalArgumentException("labels: " + correct + " correct and " + incorrect
                    + " incorrect with a verdict of judge '" + judge.name() + "' (expected: both kinds)");
        }
    }

    /** Twenty labels of one conversation tell hardly more than one. */
    private static void requireClusters(Scorer judge, List<HumanLabel> labels) {
        long correct = clusters(labels, true);
        long incorrect = clusters(labels, false);
        if (correct < LEAST_CLUSTERS || incorrect < LEAST_CLUSTERS) {
            throw new IllegalArgumentException("labels: correct ones of " + correct + " clusters and incorrect ones of "
                    + incorrect + " with a verdict of judge '" + judge.name() + "' (expected: of at least "
                    + LEAST_CLUSTERS + " each; a case without a cluster is one of its own)");
        }
    }

    private static long clusters(List<HumanLabel> labels, boolean correct) {
        return labels.stream()
                .filter(label -> label.correct() == correct)
                .map(label -> label.evalCase().clusterOrSelf())
                .distinct()
                .count();
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
        return disagreements;
    }

    /** The cases of labelled answers on which the judge's words were unreadable. */
    public List<String> unreadable() {
        return unreadable;
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
                scores.values(),
                scores.clusters(),
                array(labelled.people),
                array(labelled.verdicts),
                numbers(labelled.clusters),
                level);
    }

    private List<CaseResult> judged(List<CaseResult> results) {
        return results.stream()
                .filter(result -> {
                    Score score = result.scores().get(name());
                    return score != null && score.passed() != null;
                })
                .toList();
    }

    /** A number for each name, equal for equal ones. */
    private static int[] numbers(List<String> names) {
        Map<String, Integer> numbers = new HashMap<>();
        return names.stream()
                .mapToInt(name -> numbers.computeIfAbsent(name, each -> numbers.size()))
                .toArray();
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
        int[] numbers = numbers(all);
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
        StringBuilder now = new StringBuilder();
        for (HumanLabel label : labels) {
            try {
                boolean verdict = passed(judge, judge.score(label.evalCase(), label.output()));
                now.append(verdict ? JudgeDrift.PASSED : JudgeDrift.FAILED);
            } catch (UnreadableVerdict e) {
                now.append(JudgeDrift.UNREADABLE);
            }
        }
        anchors = now.toString();
        return JudgeDrift.between(calibrated, anchors);
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
