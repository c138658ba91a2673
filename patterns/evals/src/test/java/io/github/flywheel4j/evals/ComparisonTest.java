package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import io.github.flywheel4j.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private final EvalRun baseline = run("old", i -> i % 2);

    private static EvalRun run(String name, ToDoubleFunction<Integer> passes) {
        return Runs.of(name, 100, 1, Map.of("exact", passes));
    }

    @Test
    void callsBetterWhatIsBetterBeyondChance() {
        EvalRun candidate = run("new", i -> i % 2 == 1 || i % 10 == 0 ? 1 : 0);

        Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);

        assertThat(comparison.of("exact").verdict()).isEqualTo(Verdict.BETTER);
        assertThat(comparison.of("exact").difference().estimate()).isEqualTo(0.1);
        assertThat(comparison.of("exact").isRate()).isTrue();
        assertThat(Comparison.compare(candidate, baseline, Varies.PROMPT)
                        .of("exact")
                        .verdict())
                .isEqualTo(Verdict.WORSE);
    }

    @Test
    void claimsNothingFromAHandfulOfCasesThatDifferAndSaysHowManyWouldDecide() {
        EvalRun candidate = run("new", i -> i % 2 == 1 || i == 10 || i == 20 || i == 30 || i == 40 ? 1 : 0);

        Comparison.Row row =
                Comparison.compare(baseline, candidate, Varies.PROMPT).of("exact");

        // Four to none: the t test alone would claim it (p = 0.045), the signs do not (p = 0.125).
        assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(row.pValue()).isEqualTo(0.125);
        assertThat(row.casesToDecide().getAsLong()).isBetween(100L, 400L);
        assertThat(row.detectable()).isBetween(0.03, 0.1);
    }

    @Test
    void countsAClusterOnceHoweverManyCasesItHas() {
        // Twelve cases that change, in two clusters of six.
        EvalRun clustered = Runs.of("old", 102, 6, Map.of("exact", i -> 0));
        EvalRun better = Runs.of("new", 102, 6, Map.of("exact", i -> i < 12 ? 1 : 0));

        assertThat(Comparison.compare(clustered, better, Varies.PROMPT)
                        .of("exact")
                        .verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void correctsForSeveralMetrics() {
        Map<String, ToDoubleFunction<Integer>> metrics = new LinkedHashMap<>();
        Map<String, ToDoubleFunction<Integer>> changed = new LinkedHashMap<>();
        for (int m = 0; m < 10; m++) {
            metrics.put("m" + m, i -> i % 2);
            changed.put("m" + m, i -> i % 2);
        }
        // Seven to none has p = 0.0156: enough alone, not as the best of ten.
        changed.put("m0", i -> i % 2 == 1 || (i % 10 == 0 && i < 70) ? 1 : 0);

        Comparison.Row row = Comparison.compare(
                        Runs.of("old", 100, 1, metrics), Runs.of("new", 100, 1, changed), Varies.PROMPT)
                .of("m0");

        assertThat(row.pValue()).isBetween(0.01, 0.02);
        assertThat(row.adjustedPValue()).isGreaterThan(0.1);
        assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void knowsWhichWayAMetricIsBetter() {
        ScorerInfo latency = new ScorerInfo("1", false, false, true);
        EvalRun slow = values("old", latency, 2.0);
        EvalRun fast = values("new", latency, 1.0);

        Comparison.Row row = Comparison.compare(slow, fast, Varies.PROMPT).of("latency");

        assertThat(row.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(row.difference().estimate()).isNegative();
    }

    private static EvalRun values(String name, ScorerInfo scorer, double value) {
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            results.add(Runs.result(i, 1, Map.of("latency", Score.of(value + 0.01 * (i % 7)))));
        }
        return new EvalRun(Runs.info(name, Map.of("latency", scorer), 30), results);
    }

    @Test
    void putsTheWorstSliceIntoTheSummaryWhateverItsVerdict() {
        EvalRun candidate = run("new", i -> i % 2 == 1 ? (i % 20 == 1 ? 0 : 1) : i % 4 == 0 ? 1 : 0);

        Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);

        assertThat(comparison.worstSlice())
                .get()
                .extracting(Comparison.Row::slice)
                .isEqualTo("odd");
        assertThat(comparison.toString()).contains("worst slice: exact in odd");
        assertThat(comparison.of("exact", "even").inFirstFamily()).isFalse();
    }

    /** A quarter of a second is not worse than a tenth of the answers. */
    @Test
    void doesNotWeighSecondsAndMoneyAgainstRates() {
        EvalRun before = slow("old", i -> i % 2 == 0 ? 1 : 0, 0.2);
        EvalRun after = slow("new", i -> i % 2 == 0 && i % 10 != 0 ? 1 : 0, 0.9);

        assertThat(Comparison.compare(before, after, Varies.PROMPT).worstSlice())
                .map(row -> row.metric() + " " + row.slice())
                .hasValue("exact even");
    }

    private static EvalRun slow(String name, ToDoubleFunction<Integer> exact, double seconds) {
        EvalRun run = Runs.of(name, 100, 1, Map.of("exact", exact, "latency", i -> seconds));
        return new EvalRun(
                Runs.info(name, Map.of("exact", Runs.exact(), "latency", new ScorerInfo("1", false, false, true)), 100),
                run.results());
    }

    @Test
    void doesNotPassWhenAShardIsMissing() {
        EvalRun better = run("new", i -> i % 2 == 1 || i % 10 == 0 ? 1 : 0);
        EvalRun most = new EvalRun(
                Runs.info("new", better.info().scorers(), 90), better.results().subList(0, 90));
        Gate gate = Gate.builder().better("exact").build();

        assertThat(gate.check(baseline, better, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.PASSED);
        GateResult result = gate.check(baseline, most, Varies.PROMPT);
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
        assertThat(result.reasons()).anyMatch(reason -> reason.contains("of 90 cases, the baseline's of 100"));
        assertThat(Comparison.compare(baseline, most, Varies.PROMPT).warnings())
                .anyMatch(warning -> warning.contains("is a shard missing?"));
    }

    @Test
    void saysWhenTheJudgeHasMovedBetweenTheRuns() {
        EvalRun before = judged("old", "1".repeat(50) + "0".repeat(50), i -> i % 2);
        EvalRun same =
                judged("new", "1".repeat(49) + "00" + "1" + "0".repeat(48), i -> i % 2 == 1 || i % 10 == 0 ? 1 : 0);
        EvalRun moved = judged("new", "1".repeat(58) + "0".repeat(42), i -> i % 2 == 1 || i % 10 == 0 ? 1 : 0);
        Gate gate = Gate.builder().better("exact").build();

        assertThat(Comparison.compare(before, same, Varies.PROMPT).warnings()).isEmpty();
        assertThat(gate.check(before, same, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.PASSED);
        assertThat(Comparison.compare(before, moved, Varies.PROMPT).warnings())
                .anyMatch(
                        warning -> warning.contains("judge 'exact' has moved between the runs: of 100 anchors 8 pass"));
        GateResult result = gate.check(before, moved, Varies.PROMPT);
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
        assertThat(result.reasons()).anyMatch(reason -> reason.contains("is not the one that scored the baseline"));
    }

    private static EvalRun judged(String name, String anchors, ToDoubleFunction<Integer> passes) {
        ScorerInfo judge = new ScorerInfo("1", true, true, true, anchors);
        return new EvalRun(
                Runs.info(name, Map.of("exact", judge), 100), run(name, passes).results());
    }

    @Test
    void refusesRunsThatDifferInWhatMustAgree() {
        Info other = new Info(
                "new",
                "f",
                "other model",
                "other prompt",
                "data",
                "other hash",
                Map.of("exact", new ScorerInfo("2", false, true, true)),
                1,
                100,
                Instant.EPOCH,
                Duration.ZERO,
                Ending.COMPLETE);
        EvalRun candidate = new EvalRun(other, baseline.results());

        assertThatThrownBy(() -> Comparison.compare(baseline, candidate, Varies.PROMPT))
                .isInstanceOf(RunsNotComparable.class)
                .hasMessageContaining("dataset has the hashes hash and other hash")
                .hasMessageContaining("scorer 'exact'")
                .hasMessageContaining("the model is 'model' and 'other model'");
        assertThatThrownBy(() -> Comparison.compare(baseline, candidate, Varies.MODEL))
                .hasMessageContaining("the prompt differs");
        assertThatThrownBy(() -> Comparison.compare(baseline, candidate, Varies.EVERYTHING))
                .hasMessageContaining("dataset")
                .hasMessageNotContaining("prompt");
    }

    @Test
    void leavesErrorsOutAndSaysSo() {
        List<CaseResult> results = new ArrayList<>(baseline.results());
        for (int i = 0; i < 50; i++) {
            CaseResult before = results.get(i);
            results.set(
                    i,
                    new CaseResult(
                            before.caseId(),
                            0,
                            before.cluster(),
                            before.slices(),
                            null,
                            new CaseResult.Failure("java.io.IOException", "down"),
                            Map.of(),
                            Map.of()));
        }
        EvalRun half = new EvalRun(Runs.info("new", baseline.info().scorers(), 100), results);

        Comparison comparison = Comparison.compare(baseline, half, Varies.PROMPT);
        GateResult gate = Gate.builder().notWorse("exact", 0.1).build().check(baseline, half, Varies.PROMPT);

        assertThat(comparison.of("exact").cases()).isEqualTo(50);
        assertThat(comparison.answers().candidateErrorRate()).isEqualTo(0.5);
        assertThat(comparison.warnings()).anyMatch(warning -> warning.contains("50 of 100 results of the candidate"));
        assertThat(gate.outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
        assertThat(gate.reasons()).anyMatch(reason -> reason.contains("50 of 100 results of the candidate are errors"));
    }

    @Test
    void warnsOfMetricsThatCannotTell() {
        EvalRun perfect = run("old", i -> 1);
        EvalRun other = run("new", i -> 1);
        EvalRun useless = run("old", i -> 0);

        assertThat(Comparison.compare(perfect, other, Varies.PROMPT).warnings())
                .anyMatch(warning -> warning.contains("'exact' is saturated"));
        assertThat(Comparison.compare(useless, useless, Varies.PROMPT).warnings())
                .anyMatch(warning -> warning.contains("never distinguishes"));
        assertThat(Comparison.compare(perfect, other, Varies.PROMPT).of("exact").pValue())
                .isEqualTo(1);
    }

    @Test
    void gatePassesFailsOrDoesNotKnow() {
        EvalRun better = run("new", i -> i % 2 == 1 || i % 10 == 0 ? 1 : 0);
        EvalRun alike = run("new", i -> i == 0 ? 1 : i == 1 ? 0 : i % 2);
        Gate gate = Gate.builder().better("exact").build();

        assertThat(gate.check(baseline, better, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.PASSED);
        assertThat(gate.check(better, baseline, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.FAILED);
        GateResult open = gate.check(baseline, alike, Varies.PROMPT);
        assertThat(open.outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
        assertThat(open.mayShip()).isFalse();
        assertThat(open.reasons()).hasSize(1);
        assertThat(Gate.builder()
                        .notWorse("exact", 0.1)
                        .build()
                        .check(baseline, alike, Varies.PROMPT)
                        .outcome())
                .isEqualTo(GateResult.Outcome.PASSED);
        assertThat(Gate.builder()
                        .better("exact")
                        .onInconclusive(InconclusivePolicy.WARN)
                        .build()
                        .check(baseline, alike, Varies.PROMPT)
                        .mayShip())
                .isTrue();
    }

    @Test
    void doesNotTakeTheAbsenceOfDifferencesForProofThatThereAreFew() {
        // If 2 of 100 were lost, none among 60 would come as often as one time in three.
        EvalRun few = Runs.of("old", 60, 1, Map.of("exact", i -> 1));
        EvalRun many = Runs.of("old", 400, 1, Map.of("exact", i -> 1));
        Gate gate = Gate.builder().notWorse("exact", 0.02).build();

        assertThat(gate.check(few, few, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
        assertThat(gate.check(many, many, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.PASSED);
    }

    @Test
    void onlyWhatIsRightAboutWhatItStandsForMayGate() {
        ScorerInfo opinion = new ScorerInfo("1", true, true, false);
        EvalRun judged = values("old", opinion, 0.5);

        assertThatThrownBy(() -> Gate.builder().better("latency").build().check(judged, judged, Varies.PROMPT))
                .hasMessageContaining("CalibratedJudge");
        assertThatThrownBy(() -> Gate.builder().better("speed").build().check(judged, judged, Varies.PROMPT))
                .hasMessageContaining("no metric 'speed'");
        assertThatThrownBy(() -> Gate.builder().build()).hasMessageContaining("no requirement");
    }

    @Test
    void namesTheFailuresThatSurviveEveryPrompt() {
        EvalRun first = categories("a", "no", "no", "off", "");
        EvalRun second = categories("b", "no", "", "off", "off");

        FailureMatrix matrix = FailureMatrix.of("exact", List.of(first, second));

        assertThat(matrix.survivors()).containsExactly("case-00000", "case-00002");
        assertThat(matrix.rows())
                .extracting(FailureMatrix.Row::category, FailureMatrix.Row::failures)
                .containsExactlyInAnyOrder(tuple("no", List.of(2, 1)), tuple("off", List.of(1, 2)));
        assertThat(Comparison.compare(first, second, Varies.PROMPT).categories())
                .extracting(Comparison.CategoryCount::category)
                .containsExactly("no", "off");
    }

    private static EvalRun categories(String name, String... categories) {
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < categories.length; i++) {
            boolean passed = categories[i].isEmpty();
            Score score = new Score(passed ? 1 : 0, passed, passed ? null : categories[i], Map.of());
            results.add(new CaseResult(
                    "case-0000" + i,
                    0,
                    "cluster-" + i,
                    new TreeSet<>(),
                    Output.of("x"),
                    null,
                    Map.of("exact", score),
                    Map.of()));
        }
        return new EvalRun(Runs.info(name, Map.of("exact", Runs.exact()), categories.length), results);
    }

    @Test
    void endsARunAsSoonAsTheGateIsDecidedAndDoesNotTestItAgain() {
        Dataset dataset = Runs.dataset(400, 1);
        Candidate bad = Candidate.of("bad", evalCase -> "no idea").withModel("m");
        Candidate good = Candidate.of("good", EvalCase::expected).withModel("m");
        List<Scorer> scorers = List.of(
                Runs.contains(),
                Runs.scorer(
                        "knows",
                        false,
                        (evalCase, output) -> Score.of(!output.text().contains("no idea"))));
        EvalRun before = EvalRunner.create().run(dataset, bad, scorers);
        Gate gate = Gate.builder().better("contains").earlyStopping().build();

        EvalRun run = EvalRunner.builder()
                .workers(1)
                .stopEarly(before, gate, Varies.PROMPT)
                .build()
                .run(dataset, good, scorers);
        GateResult result = gate.check(before, run, Varies.PROMPT);

        assertThat(run.info().ending()).isEqualTo(Ending.DECIDED_EARLY);
        assertThat(run.results()).hasSizeLessThan(60);
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.PASSED);
        assertThat(result.comparison().of("contains").note()).contains("confidence sequence");
        // As plain a difference, but nobody decided beforehand to look at it early.
        assertThat(result.comparison().of("knows").pValue()).isLessThan(0.001);
        assertThat(result.comparison().of("knows").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(result.comparison().of("knows").note()).contains("ended early for other metrics");
    }

    @Test
    void paysForTheChanceToStopEarlyAtTheEnd() {
        // Thirteen to four has p = 0.049: enough for a test that nobody looked before, not for nine tenths of alpha.
        EvalRun candidate = run("new", i -> i % 2 == 0 ? (i < 26 ? 1 : 0) : (i < 8 ? 0 : 1));
        Gate.Builder gate = Gate.builder().better("exact");

        assertThat(gate.build().check(baseline, candidate, Varies.PROMPT).outcome())
                .isEqualTo(GateResult.Outcome.PASSED);
        assertThat(gate.earlyStopping()
                        .build()
                        .check(baseline, candidate, Varies.PROMPT)
                        .outcome())
                .isEqualTo(GateResult.Outcome.INCONCLUSIVE);
    }

    @Test
    void looksOnlyUpToTheFirstClusterThatIsMissing() {
        EvalRun good = run("new", i -> 1);
        PairedDifference difference = new PairedDifference(
                MetricScores.of(run("old", i -> 0), "exact"), MetricScores.of(good, "exact"), true, false, null);
        List<String> order = good.results().stream().map(CaseResult::cluster).toList();
        String first = order.get(0);

        assertThat(difference.isDecidedAnytime(0, 0.995, order, cluster -> true))
                .isTrue();
        // Quick cases may be the ones that pass, so what is there after a gap is no fair sample.
        assertThat(difference.isDecidedAnytime(0, 0.995, order, cluster -> !cluster.equals(first)))
                .isFalse();
    }

    @Test
    void doesNotLookEarlyAtValuesWhoseRangeItDoesNotKnow() {
        Dataset dataset = Runs.dataset(400, 1);
        List<Scorer> unbounded = List.of(share(false));
        List<Scorer> bounded = List.of(share(true));
        Candidate bad = Candidate.of("bad", evalCase -> "no idea").withModel("m");
        Candidate good = Candidate.of("good", EvalCase::expected).withModel("m");
        Gate gate = Gate.builder().better("share").earlyStopping().build();
        EvalRun before = EvalRunner.create().run(dataset, bad, unbounded);
        EvalRun after = EvalRunner.create().run(dataset, good, unbounded);

        // All of them are from 0 to 1 so far, but nobody said that the next one is.
        assertThatThrownBy(() -> gate.check(before, after, Varies.PROMPT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("early stopping by metric 'share', which has no bar and no range");
        assertThatThrownBy(() -> EvalRunner.builder()
                        .stopEarly(before, gate, Varies.PROMPT)
                        .build()
                        .run(dataset, good, unbounded))
                .hasMessageContaining("no bar and no range");
        EvalRun run = EvalRunner.builder()
                .workers(1)
                .stopEarly(EvalRunner.create().run(dataset, bad, bounded), gate, Varies.PROMPT)
                .build()
                .run(dataset, good, bounded);
        assertThat(run.info().ending()).isEqualTo(Ending.DECIDED_EARLY);
    }

    /** A number without a bar: 0.9 where the answer is right, else 0.1. */
    private static Scorer share(boolean saysItsRange) {
        return new Scorer() {
            @Override
            public String name() {
                return "share";
            }

            @Override
            public String fingerprint() {
                return "share-1";
            }

            @Override
            public boolean lossy() {
                return false;
            }

            @Override
            public boolean fromZeroToOne() {
                return saysItsRange;
            }

            @Override
            public Score score(EvalCase evalCase, Output output) {
                return Score.of(output.text().equals(evalCase.expected()) ? 0.9 : 0.1);
            }
        };
    }

    @Test
    void refusesToStopAShardOrByAGateThatDoesNotAllowForLooks() {
        Gate plain = Gate.builder().better("exact").build();
        Gate looking = Gate.builder().better("exact").earlyStopping().build();

        assertThatThrownBy(() -> EvalRunner.builder().stopEarly(baseline, plain, Varies.PROMPT))
                .hasMessageContaining("without early stopping");
        assertThatThrownBy(() -> EvalRunner.builder()
                        .stopEarly(baseline, looking, Varies.PROMPT)
                        .shard(Shard.of(1, 2))
                        .build())
                .hasMessageContaining("stopEarly with shard 1/2");
    }

    /** The rate of false claims over 400 comparisons of equals: three metrics, clusters of four that stick together. */
    @Test
    void claimsADifferenceBetweenEqualsInAtMostOneOfTwentyComparisons() {
        Random random = Seeds.of(20_261).random();
        int claims = 0;
        for (int i = 0; i < 400; i++) {
            EvalRun one = stuckTogether("old", random);
            EvalRun other = stuckTogether("new", random);
            claims += Comparison.compare(one, other, Varies.PROMPT).rows().stream()
                            .anyMatch(row -> row.inFirstFamily() && row.verdict() != Verdict.INCONCLUSIVE)
                    ? 1
                    : 0;
        }
        // 5 % and three standard errors.
        assertThat(claims).isBetween(1, 33);
    }

    private static EvalRun stuckTogether(String name, Random random) {
        Map<String, ToDoubleFunction<Integer>> metrics = new LinkedHashMap<>();
        for (int m = 0; m < 3; m++) {
            double[] passes = new double[80];
            for (int i = 0; i < passes.length; i++) {
                boolean alike = i % 4 > 0 && random.nextDouble() < 0.7;
                passes[i] = alike ? passes[i - 1] : random.nextDouble() < 0.8 ? 1 : 0;
            }
            metrics.put("m" + m, i -> passes[i]);
        }
        return Runs.of(name, 80, 4, metrics);
    }
}
