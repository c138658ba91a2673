package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.CalibratedJudge.Confusion;
import io.github.flywheel4j.evals.CalibratedJudge.Disagreement;
import io.github.flywheel4j.stats.Agreement;
import io.github.flywheel4j.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a judge says of answers that people have labelled. Not thread-safe while it is being made, immutable after that. */
final class LabelledVerdicts {

    private static final double LEVEL = 0.95;

    /** With fewer the jackknife's interval is too narrow, and has no width where all of them agree. */
    private static final int LEAST_CLUSTERS = 10;

    private final Scorer judge;
    private final List<HumanLabel> read = new ArrayList<>();
    private final List<Boolean> verdicts = new ArrayList<>();
    private final List<Disagreement> disagreements = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();
    private final StringBuilder anchors = new StringBuilder();

    private LabelledVerdicts(Scorer judge) {
        this.judge = judge;
    }

    /**
     * Lets the judge score every labelled answer. Those on which its words are unreadable are left out and listed.
     *
     * @throws IllegalArgumentException if the judge has no bar
     */
    static LabelledVerdicts of(Scorer judge, List<HumanLabel> labels) {
        LabelledVerdicts all = new LabelledVerdicts(judge);
        labels.forEach(all::judge);
        return all;
    }

    private void judge(HumanLabel label) {
        try {
            Score score = judge.score(label.evalCase(), label.output());
            Boolean passed = score.passed();
            if (passed == null) {
                throw new IllegalArgumentException("judge '" + judge.name()
                        + "' says neither passed nor failed (expected: a scorer with a bar, see Scorers.atLeast)");
            }
            read.add(label);
            verdicts.add(passed);
            anchors.append(passed ? JudgeDrift.PASSED : JudgeDrift.FAILED);
            if (passed != label.correct()) {
                disagreements.add(new Disagreement(label.evalCase().id(), label.correct(), score));
            }
        } catch (UnreadableVerdict e) {
            unreadable.add(label.evalCase().id());
            anchors.append(JudgeDrift.UNREADABLE);
        }
    }

    /** Every label's verdict, as {@link CalibratedJudge#anchors} has them. */
    String anchors() {
        return anchors.toString();
    }

    List<Disagreement> disagreements() {
        return disagreements;
    }

    /** The cases of the answers that have no verdict. */
    List<String> unreadable() {
        return unreadable;
    }

    /** What people said of the answers that have a verdict: 1 for correct. */
    double[] people() {
        return read.stream().mapToDouble(label -> label.correct() ? 1 : 0).toArray();
    }

    /** What the judge said of them: 1 for passed. */
    double[] verdicts() {
        return verdicts.stream().mapToDouble(verdict -> verdict ? 1 : 0).toArray();
    }

    int[] clusters() {
        return numbers(
                read.stream().map(label -> label.evalCase().clusterOrSelf()).toList());
    }

    /** A number for each name, equal for equal ones. */
    static int[] numbers(List<String> names) {
        Map<String, Integer> numbers = new HashMap<>();
        return names.stream()
                .mapToInt(name -> numbers.computeIfAbsent(name, each -> numbers.size()))
                .toArray();
    }

    Confusion confusion() {
        int[][] counts = new int[2][2];
        for (int i = 0; i < read.size(); i++) {
            counts[read.get(i).correct() ? 1 : 0][verdicts.get(i) ? 1 : 0]++;
        }
        return new Confusion(counts[1][1], counts[1][0], counts[0][1], counts[0][0]);
    }

    /**
     * Cohen's kappa of judge and people, with an interval that takes labels of a cluster as depending on each other.
     *
     * @throws IllegalArgumentException if there are too few labels to tell, or it may be chance
     */
    Interval kappa() {
        requireBothKinds();
        requireClusters();
        Interval kappa = Agreement.cohenKappa(
                        whole(people()), whole(verdicts()), clusters(), Agreement.Weights.UNWEIGHTED, LEVEL)
                .orElseThrow();
        if (!(kappa.low() > 0)) {
            throw new IllegalArgumentException("judge '" + judge.name() + "': kappa " + kappa.estimate() + " ["
                    + kappa.low() + ", " + kappa.high() + "] over " + read.size()
                    + " labels (expected: an interval above 0; this agreement may be chance, so take another judge or more"
                    + " labels)");
        }
        return kappa;
    }

    private static int[] whole(double[] zerosAndOnes) {
        return Arrays.stream(zerosAndOnes).mapToInt(each -> (int) each).toArray();
    }

    private void requireBothKinds() {
        long correct = read.stream().filter(HumanLabel::correct).count();
        if (correct == 0 || correct == read.size()) {
            throw new IllegalArgumentException("labels: " + correct + " correct and " + (read.size() - correct)
                    + " incorrect with a verdict of judge '" + judge.name() + "' (expected: both kinds)");
        }
    }

    /** Twenty labels of one conversation tell hardly more than one. */
    private void requireClusters() {
        long correct = clusters(true);
        long incorrect = clusters(false);
        if (correct < LEAST_CLUSTERS || incorrect < LEAST_CLUSTERS) {
            throw new IllegalArgumentException("labels: correct ones of " + correct + " clusters and incorrect ones of "
                    + incorrect + " with a verdict of judge '" + judge.name() + "' (expected: of at least "
                    + LEAST_CLUSTERS + " each; a case without a cluster is one of its own)");
        }
    }

    private long clusters(boolean correct) {
        return read.stream()
                .filter(label -> label.correct() == correct)
                .map(label -> label.evalCase().clusterOrSelf())
                .distinct()
                .count();
    }
}
