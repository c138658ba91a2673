package io.github.flywheel4j.evals.junit;

import io.github.flywheel4j.evals.CaseResult;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.InconclusivePolicy;
import io.github.flywheel4j.evals.RunSummary;
import io.github.flywheel4j.evals.Score;
import io.github.flywheel4j.stats.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assertions that know three answers: a rate is surely high enough, surely too low, or the cases do not tell. What the build
 * makes of the last is a {@link InconclusivePolicy}: fail, skip (unless told) or warn.
 */
public final class EvalAssertions {

    private static final Logger LOG = LoggerFactory.getLogger(EvalAssertions.class);

    /** As a gate has it. */
    private static final double MOST_ERRORS = 0.05;

    private EvalAssertions() {}

    /** Assertions on a run. */
    public static RunAssert assertThat(EvalRun run) {
        return new RunAssert(run, InconclusivePolicy.configured(), MOST_ERRORS);
    }

    /** Assertions on what a gate says. */
    public static GateAssert assertThat(GateResult result) {
        return new GateAssert(result);
    }

    /**
     * A test for each case of a run, for a {@code @TestFactory}: it fails if an answer to the case failed by any scorer with a
     * bar, and is skipped if the case has none but errors.
     */
    public static Stream<DynamicTest> casesOf(EvalRun run) {
        Map<String, List<CaseResult>> byCase = new LinkedHashMap<>();
        run.results()
                .forEach(result -> byCase.merge(
                        result.caseId(), List.of(result), (some, more) -> Stream.concat(some.stream(), more.stream())
                                .toList()));
        return byCase.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> check(each.getValue())));
    }

    private static void check(List<CaseResult> results) {
        StringJoiner failures = new StringJoiner("; ");
        StringJoiner errors = new StringJoiner("; ");
        for (CaseResult result : results) {
            result.scores().forEach((scorer, score) -> {
                if (Boolean.FALSE.equals(score.passed())) {
                    failures.add(scorer + " failed in repeat " + result.repeat() + named(score));
                }
            });
            if (result.error() != null) {
                errors.add("no answer in repeat " + result.repeat() + ": "
                        + result.error().type());
            }
            result.scorerErrors().forEach((scorer, error) -> errors.add(scorer + " could not score: " + error.type()));
        }
        if (failures.length() > 0) {
            Assertions.fail(failures.toString());
        }
        if (errors.length() > 0) {
            Assumptions.abort(errors.toString());
        }
    }

    private static String named(Score score) {
        return score.category() == null ? "" : " (" + score.category() + ")";
    }

    /** What the policy makes of a verdict that the cases do not allow. */
    private static void inconclusive(InconclusivePolicy policy, String message) {
        switch (policy) {
            case FAIL -> Assertions.fail(message);
            case SKIP -> Assumptions.abort(message);
            case WARN -> LOG.warn("{}", message);
        }
    }

    /** Assertions on a run. */
    public static final class RunAssert {

        private final EvalRun run;
        private final InconclusivePolicy policy;
        private final double mostErrors;

        private RunAssert(EvalRun run, InconclusivePolicy policy, double mostErrors) {
            this.run = run;
            this.policy = policy;
            this.mostErrors = mostErrors;
        }

        /** The same under another policy. */
        public RunAssert onInconclusive(InconclusivePolicy policy) {
            return new RunAssert(run, policy, mostErrors);
        }

        /**
         * The same with another share of results that may have no score; 0.05 unless told. What they would have said is not
         * known, so with more of them a rate that seems high enough is inconclusive.
         *
         * @param share from 0 to 1
         */
        public RunAssert allowingErrors(double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("allowingErrors: " + share + " (expected: 0 to 1)");
            }
            return new RunAssert(run, policy, share);
        }

        /**
         * The pass rate of the only scorer.
         *
         * @throws IllegalArgumentException if there are several
         */
        public RateAssert passRate() {
            if (run.info().scorers().size() != 1) {
                throw new IllegalArgumentException("passRate() of "
                        + run.info().scorers().keySet() + " (expected: one scorer, or its name: passRate(\"...\"))");
            }
            return passRate(run.info().scorers().keySet().iterator().next());
        }

        /**
         * The pass rate of a scorer.
         *
         * @throws IllegalArgumentException if there is no such scorer, or it has no bar
         */
        public RateAssert passRate(String scorer) {
            RunSummary.Metric metric = run.summary().metric(scorer);
            if (metric.cases() > 0 && !metric.isRate()) {
                throw new IllegalArgumentException("scorer '" + scorer
                        + "' has no bar, so nothing passes or fails (expected: one with a bar; use mean(...))");
            }
            return rate(metric, "pass rate of '" + scorer + "'");
        }

        /**
         * The mean of a scorer's values.
         *
         * @throws IllegalArgumentException if there is no such scorer
         */
        public RateAssert mean(String scorer) {
            return rate(run.summary().metric(scorer), "mean of '" + scorer + "'");
        }

        private RateAssert rate(RunSummary.Metric metric, String what) {
            long unscored = run.results().stream()
                    .filter(result -> !result.scores().containsKey(metric.name()))
                    .count();
            String missing = unscored == 0
                    ? ""
                    : "; " + unscored + " of " + run.results().size() + " results have no score, for errors";
            if (!run.info().complete()) {
                missing += "; the run is not complete (" + run.info().whyNotComplete() + ")";
            }
            // A run that was decided early ended because it looked good, and so its rate is no fair sample either.
            boolean tooMany =
                    unscored > mostErrors * run.results().size() || !run.info().complete();
            return new RateAssert(metric, policy, what, missing, tooMany);
        }

        /** Fails if a larger share of the results than this are errors, no answers. */
        public RunAssert hasErrorsAtMost(double share) {
            RunSummary summary = run.summary();
            if (summary.errors() > share * summary.results()) {
                Assertions.fail(summary.errors() + " of " + summary.results()
                        + " results are errors, no answers (expected: at most " + share + " of them)");
            }
            return this;
        }
    }

    /** Assertions on a rate or a mean, by its 95 % interval. */
    public static final class RateAssert {

        private final RunSummary.Metric metric;
        private final InconclusivePolicy policy;
        private final String what;
        private final String missing;
        private final boolean tooManyMissing;

        private RateAssert(
                RunSummary.Metric metric,
                InconclusivePolicy policy,
                String what,
                String missing,
                boolean tooManyMissing) {
            this.metric = metric;
            this.policy = policy;
            this.what = what;
            this.missing = missing;
            this.tooManyMissing = tooManyMissing;
        }

        /**
         * Passes if the whole interval is at or above the bar, the run is complete and not too many results are errors, fails if
         * it is below, and is inconclusive otherwise.
         */
        public void isAtLeast(double bar) {
            Interval interval = metric.interval();
            if (interval != null && interval.low() >= bar && !tooManyMissing) {
                return;
            }
            if (interval != null && interval.high() < bar) {
                Assertions.fail(message("at least", bar));
            }
            inconclusive(policy, message("at least", bar) + ": the cases do not tell");
        }

        /**
         * Passes if the whole interval is at or below the bar, the run is complete and not too many results are errors, fails if
         * it is above, and is inconclusive otherwise.
         */
        public void isAtMost(double bar) {
            Interval interval = metric.interval();
            if (interval != null && interval.high() <= bar && !tooManyMissing) {
                return;
            }
            if (interval != null && interval.low() > bar) {
                Assertions.fail(message("at most", bar));
            }
            inconclusive(policy, message("at most", bar) + ": the cases do not tell");
        }

        private String message(String relation, double bar) {
            Interval interval = metric.interval();
            String range = interval == null
                    ? "no interval"
                    : String.format(Locale.ROOT, "95 %% interval %.3f to %.3f", interval.low(), interval.high());
            return String.format(
                    Locale.ROOT,
                    "%s: %.3f (%s) over %d cases in %d clusters%s (expected: %s %s)",
                    what,
                    metric.estimate(),
                    range,
                    metric.cases(),
                    metric.clusters(),
                    missing,
                    relation,
                    bar);
        }
    }

    /** Assertions on what a gate says. */
    public static final class GateAssert {

        private final GateResult result;

        private GateAssert(GateResult result) {
            this.result = result;
        }

        /** Passes if the gate did, fails if it failed; if it is inconclusive, its policy says. */
        public void passes() {
            switch (result.outcome()) {
                case PASSED -> {}
                case FAILED -> Assertions.fail(result.toString());
                case INCONCLUSIVE -> inconclusive(result.policy(), result.toString());
            }
        }
    }
}
