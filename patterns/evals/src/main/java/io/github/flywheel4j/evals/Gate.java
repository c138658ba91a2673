package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.Comparison.Row;
import io.github.flywheel4j.evals.ComparisonWork.Looks;
import io.github.flywheel4j.evals.ComparisonWork.Question;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a change must show before it ships.
 *
 * <pre>{@code
 * Gate gate = Gate.builder()
 *         .better("exact") // must be shown to be better
 *         .notWorse("helpful", 0.02) // must be shown to lose less than two points
 *         .slice("unanswerable") // both there too
 *         .build();
 * GateResult result = gate.check(baseline, candidate, Varies.PROMPT);
 * }</pre>
 *
 * <p>Each requirement is a two-sided test of the difference against minus its margin: it holds if the candidate is shown to be
 * above, and is broken if it is shown to be below. The gate fails if one is broken, passes if all hold, and is inconclusive
 * otherwise; {@link #policy} says what a build makes of that. All requirements, with their slices, are the family that Holm's
 * correction goes over: the chance that any of them is decided the wrong way is at most {@link Builder#alpha}.
 *
 * <p>Only metrics that are right about what they stand for may gate: scorers that are not lossy, and judges that were
 * calibrated on human labels. The gate refuses others. Runs in which too many answers are missing or of which one lacks a
 * shard, or between which a judge's verdicts on its anchor set have moved, cannot pass: the gate is then inconclusive at best.
 *
 * <p>Immutable and thread-safe.
 */
public final class Gate {

    /** The part of alpha that looks before the end may use up. */
    private static final double SHARE_OF_LOOKS = 0.1;

    private final Map<String, Double> margins;
    private final Set<String> slices;
    private final double alpha;
    private final double mostErrors;
    private final InconclusivePolicy policy;
    private final boolean earlyStopping;

    private Gate(Builder builder) {
        this.margins = new LinkedHashMap<>(builder.margins);
        this.slices = new LinkedHashSet<>(builder.slices);
        this.alpha = builder.alpha;
        this.mostErrors = builder.mostErrors;
        this.policy = builder.policy;
        this.earlyStopping = builder.earlyStopping;
    }

    /** A builder of gates. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks a candidate's run against a baseline's.
     *
     * @throws RunsNotComparable as {@link Comparison#compare} does, and if a gating metric is an amount of money in several
     *     currencies
     * @throws IllegalArgumentException if a gating metric or slice is not in the runs, or may not gate, or
     *     may not end a run early though the gate looks
     */
    public GateResult check(EvalRun baseline, EvalRun candidate, Varies varies) {
        PairedRuns runs = new PairedRuns(baseline, candidate, varies);
        requireMayGate(candidate.info());
        requireSlices(baseline, candidate);
        Comparability.requireOneCurrency(margins.keySet(), runs);
        requireRange(baseline, candidate.info());
        Comparison comparison = new ComparisonWork(runs).compare(alpha, questions(), looks());
        List<String> reasons = new ArrayList<>();
        boolean broken = false;
        boolean open = false;
        for (Row row : comparison.rows()) {
            if (row.inFirstFamily()) {
                broken |= row.verdict() == Verdict.WORSE;
                open |= row.verdict() == Verdict.INCONCLUSIVE;
                if (row.verdict() != Verdict.BETTER) {
                    reasons.add(reason(row));
                }
            }
        }
        open |= tooManyErrors(baseline, candidate, reasons);
        open |= hasMoved(runs, reasons);
        open |= isCutShort("baseline", baseline, reasons);
        open |= isCutShort("candidate", candidate, reasons);
        String parts = runs.unequalParts();
        if (parts != null) {
            reasons.add(parts);
            open = true;
        }
        GateResult.Outcome outcome =
                broken ? GateResult.Outcome.FAILED : open ? GateResult.Outcome.INCONCLUSIVE : GateResult.Outcome.PASSED;
        return new GateResult(outcome, reasons, policy, comparison);
    }

    /** Whoever ends a run when it looks good has chosen its result. */
    private static boolean isCutShort(String which, EvalRun run, List<String> reasons) {
        EvalRun.Info info = run.info();
        if (!info.isCutShort()) {
            return false;
        }
        reasons.add("the " + which + "'s run is not complete (" + info.whyNotComplete() + "): "
                + run.results().size() + " of " + info.planned() + " results");
        return true;
    }

    /** Whether the looks so far decide each requirement. */
    boolean isDecided(EvalRun baseline, EvalRun soFar, Varies varies) {
        Looks looks = looks();
        return looks != null
                && new ComparisonWork(new PairedRuns(baseline, soFar, varies)).isDecided(questions(), looks);
    }

    boolean looksEarly() {
        return earlyStopping;
    }

    /** What can be known before the candidate is asked. */
    void requireMayGate(EvalRun baseline, EvalRun.Info info) {
        requireMayGate(info);
        requireSlices(baseline);
        Comparability.requireOneCurrency(margins.keySet(), baseline);
        requireRange(baseline, info);
    }

    /** A misspelt slice has no cases, and would be inconclusive for ever. */
    private void requireSlices(EvalRun... runs) {
        SortedSet<String> known = new TreeSet<>();
        for (EvalRun run : runs) {
            run.results().forEach(result -> known.addAll(result.slices()));
        }
        for (String slice : slices) {
            if (!known.contains(slice)) {
                throw new IllegalArgumentException(
                        "gate: no slice '" + slice + "' in the run (expected: one of " + known + ")");
            }
        }
    }

    /** A look before the end holds only for values whose range was known before. */
    private void requireRange(EvalRun baseline, EvalRun.Info info) {
        for (String metric : margins.keySet()) {
            ScorerInfo scorer = info.scorers().get(metric);
            boolean isKnown = scorer != null && scorer.fromZeroToOne();
            if (earlyStopping && !isKnown && !MetricScores.of(baseline, metric).isRate()) {
                throw new IllegalArgumentException("gate: early stopping by metric '" + metric
                        + "', which has no bar and no range (expected: a bar, see Scorers.atLeast, or a scorer that says"
                        + " that it is fromZeroToOne(); or a gate without early stopping)");
            }
        }
    }

    private void requireMayGate(EvalRun.Info info) {
        for (String metric : margins.keySet()) {
            ScorerInfo scorer = info.scorers().get(metric);
            if (scorer == null) {
                throw new IllegalArgumentException("gate: no metric '" + metric + "' in the run (expected: one of "
                        + info.scorers().keySet() + ")");
            }
            if (!scorer.mayGate()) {
                throw new IllegalArgumentException("gate: metric '" + metric
                        + "' may be wrong about what it stands for and was never held against people's labels"
                        + " (expected: a scorer that is not lossy, or a CalibratedJudge)");
            }
        }
    }

    static boolean isCalibrated(Scorer scorer) {
        return scorer instanceof CalibratedJudge;
    }

    private List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        margins.forEach((metric, margin) -> {
            questions.add(new Question(metric, null, margin));
            slices.forEach(slice -> questions.add(new Question(metric, slice, margin)));
        });
        return questions;
    }

    private @Nullable Looks looks() {
        return earlyStopping ? new Looks(alpha * SHARE_OF_LOOKS) : null;
    }

    private static String reason(Row row) {
        String where = row.slice() == null ? "" : " in slice '" + row.slice() + "'";
        String margin = row.margin() > 0 ? " by more than " + row.margin() : "";
        if (row.verdict() == Verdict.WORSE) {
            return "'" + row.metric() + "'" + where + " is worse" + margin;
        }
        String need = row.casesToDecide().isPresent() && row.casesToDecide().getAsLong() > row.cases()
                ? "; about " + Roughly.inWords(row.casesToDecide().getAsLong())
                        + " cases would, if the difference is what it seems"
                : "";
        return "'" + row.metric() + "'" + where + ": " + row.cases() + " cases do not tell whether it is "
                + (row.margin() > 0 ? "worse" + margin : "better") + need
                + (row.note().isEmpty() ? "" : " (" + row.note() + ")");
    }

    private boolean hasMoved(PairedRuns runs, List<String> reasons) {
        boolean moved = false;
        for (String metric : margins.keySet()) {
            JudgeDrift drift = runs.drift(metric);
            if (drift != null && drift.hasMoved()) {
                reasons.add("judge '" + metric + "' is not the one that scored the baseline: " + drift.inWords());
                moved = true;
            }
            String several = runs.severalJudges(metric);
            if (several != null) {
                reasons.add(several);
                moved = true;
            }
        }
        return moved;
    }

    private boolean tooManyErrors(EvalRun baseline, EvalRun candidate, List<String> reasons) {
        boolean tooMany = tooManyErrors("the candidate", candidate, reasons);
        return tooManyErrors("the baseline", baseline, reasons) || tooMany;
    }

    private boolean tooManyErrors(String who, EvalRun run, List<String> reasons) {
        int results = Math.max(1, run.results().size());
        long errors = run.errors();
        boolean tooMany = errors > mostErrors * results;
        if (tooMany) {
            reasons.add(errors + " of " + results + " results of " + who + " are errors, no answers (allowed: "
                    + mostErrors + " of them)");
        }
        for (String metric : margins.keySet()) {
            long unscored = run.failuresOf(metric);
            if (unscored > mostErrors * results) {
                reasons.add("scorer '" + metric + "' failed on " + unscored + " of " + results + " results of " + who
                        + " (allowed: " + mostErrors + " of them)");
                tooMany = true;
            }
        }
        return tooMany;
    }

    /** Builds gates. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Double> margins = new LinkedHashMap<>();
        private final Set<String> slices = new LinkedHashSet<>();
        private double alpha = Comparison.ALPHA;
        private double mostErrors = 0.05;
        private InconclusivePolicy policy = InconclusivePolicy.SKIP;
        private boolean earlyStopping;

        private Builder() {}

        /** Requires the metric to be better than the baseline's. */
        public Builder better(String metric) {
            return notWorse(metric, 0);
        }

        /**
         * Requires the metric to be worse by less than the margin, if at all.
         *
         * @param margin in the metric's unit, such as 0.02 for two points of a rate; 0 asks for better
         */
        public Builder notWorse(String metric, double margin) {
            margins.put(metric, margin);
            return this;
        }

        /** Asks the same in a slice too. */
        public Builder slice(String slice) {
            slices.add(slice);
            return this;
        }

        /** The chance of deciding any requirement the wrong way; 0.05 unless told. */
        public Builder alpha(double alpha) {
            this.alpha = alpha;
            return this;
        }

        /**
         * The share of results that may be errors; 0.05 unless told. They are left out of the comparison, and what they would
         * have said is not known.
         */
        public Builder mostErrors(double mostErrors) {
            this.mostErrors = mostErrors;
            return this;
        }

        /** What a build makes of an inconclusive gate; {@link InconclusivePolicy#SKIP} unless told. */
        public Builder onInconclusive(InconclusivePolicy policy) {
            this.policy = policy;
            return this;
        }

        /**
         * Lets a run end as soon as all requirements are decided ({@link EvalRunner.Builder#stopEarly}). The looks take a
         * tenth of alpha, so the test at the end has nine tenths. For metrics with a bar, and
         * those whose scorer says that its values are {@link Scorer#fromZeroToOne()}: the gate refuses others.
         */
        public Builder earlyStopping() {
            this.earlyStopping = true;
            return this;
        }

        /**
         * Builds the gate.
         *
         * @throws IllegalArgumentException if there is no requirement or a setting is out of its range
         */
        public Gate build() {
            if (margins.isEmpty()) {
                throw new IllegalArgumentException(
                        "gate: no requirement (expected: better(...) or notWorse(...); without one everything passes)");
            }
            margins.forEach((metric, margin) -> {
                if (!(margin >= 0 && margin < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("margin of '" + metric + "': " + margin + " (expected: >= 0)");
                }
            });
            if (!(alpha > 0 && alpha < 0.5)) {
                throw new IllegalArgumentException("alpha: " + alpha + " (expected: above 0 and below 0.5)");
            }
            if (!(mostErrors >= 0 && mostErrors <= 1)) {
                throw new IllegalArgumentException("mostErrors: " + mostErrors + " (expected: 0 to 1)");
            }
            return new Gate(this);
        }
    }
}
