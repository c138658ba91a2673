package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Info;
import java.util.ArrayList;
import java.util.List;

/** What a reader must know before trusting a comparison, in words. */
final class ComparisonWarnings {

    private static final double SATURATED = 0.99;

    private final PairedRuns runs;
    private final List<String> warnings = new ArrayList<>();

    private ComparisonWarnings(PairedRuns runs) {
        this.runs = runs;
    }

    static List<String> of(PairedRuns runs) {
        ComparisonWarnings warnings = new ComparisonWarnings(runs);
        warnings.warn();
        return warnings.warnings;
    }

    private void warn() {
        warnAboutEnding("baseline", runs.baseline().info());
        warnAboutEnding("candidate", runs.candidate().info());
        String parts = runs.unequalParts();
        if (parts != null) {
            warnings.add(parts);
        }
        warnAboutMoney();
        warnAboutErrors();
        for (String metric : runs.metrics()) {
            warnAboutScorer(metric);
            JudgeDrift drift = runs.drift(metric);
            if (drift != null && drift.hasMoved()) {
                warnings.add("judge '" + metric + "' has moved between the runs: " + drift.inWords()
                        + " (calibrate it anew and score both runs by it)");
            }
            String several = runs.severalJudges(metric);
            if (several != null) {
                warnings.add(several);
            }
            long failed = runs.candidate().failuresOf(metric);
            if (failed > 0) {
                warnings.add("scorer '" + metric + "' failed on " + failed + " of the candidate's answers");
            }
        }
    }

    private void warnAboutErrors() {
        long now = runs.candidate().errors();
        long then = runs.baseline().errors();
        if (now > 0 || then > 0) {
            warnings.add("errors are no answers and count neither way: " + now + " of "
                    + runs.candidate().results().size() + " results of the candidate, " + then + " of "
                    + runs.baseline().results().size() + " of the baseline");
        }
    }

    private void warnAboutMoney() {
        Spent then = Spent.byAnswers(runs.baseline());
        Spent now = Spent.byAnswers(runs.candidate());
        if (then.plus(now).isOfSeveralCurrencies()) {
            warnings.add("the candidate's answers cost " + now.moneyInWords() + ", the baseline's "
                    + then.moneyInWords() + ": amounts of several currencies are neither added nor compared");
        }
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

    private void warnAboutScorer(String metric) {
        String several = runs.severalCurrencies(metric);
        if (!several.isEmpty()) {
            warnings.add(several);
            return;
        }
        double[] now = runs.after(metric).values();
        double[] then = runs.before(metric).values();
        if (now.length < 2 || then.length < 2) {
            return;
        }
        boolean constant = isConstant(now, now[0]) && isConstant(then, now[0]);
        if (runs.after(metric).isRate() && mean(now) >= SATURATED && mean(then) >= SATURATED) {
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
