package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalReportTest {

    private static final int CASES = 60;
    private static final String HOSTILE = "</script><script>alert('x')</script><!--";

    private final Dataset dataset = Dataset.of("assistant", cases());
    private final EvalRun weak = run("prompt-a", "a", index -> index % 2 == 0);
    private final EvalRun strong = run("prompt-b", "b", index -> index % 10 != 0);

    @Test
    void givesTheVerdictOfTheMetricsThatMayGate() throws Exception {
        EvalReport report = compared();
        JsonNode json = JsonMapper.builder().build().readTree(report.json());

        assertThat(report.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(report.summary()).startsWith("exact +0.400 (").contains("Worst slice: ");
        assertThat(json.at("/metrics/0/candidate/estimate").asDouble()).isEqualTo(0.9);
        assertThat(json.at("/metrics/0/baseline/estimate").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/metrics/0/difference/low").asDouble()).isGreaterThan(0);
        assertThat(json.get("cases")).hasSize(CASES);
        assertThat(json.get("slices").valueStream().filter(slice -> slice.get("worst")
                        .asBoolean()))
                .hasSize(1);
    }

    @Test
    void sitsBesideTheGateThatWasAsked() {
        GateResult gate = Gate.builder().better("exact").build().check(weak, strong, Varies.PROMPT);

        EvalReport report = compared().withGate(gate);

        assertThat(report.markdown())
                .startsWith("### Gate PASSED: prompt-b against prompt-a on assistant (metrics: BETTER)\n");
        assertThat(report.json()).contains("\"gate\":{\"outcome\":\"PASSED\",\"mayShip\":true");
    }

    @Test
    void givesTheReasonsOfAGateThatDidNotPass() {
        GateResult gate = Gate.builder().better("exact").build().check(strong, weak, Varies.PROMPT);

        EvalReport report = EvalReport.of(dataset, strong, weak, Comparison.compare(strong, weak, Varies.PROMPT))
                .withGate(gate);

        assertThat(report.markdown())
                .startsWith("### Gate FAILED: prompt-a against prompt-b on assistant (metrics: WORSE)\n")
                .contains("\nGate: **FAILED**\n- ");
    }

    @Test
    void tellsTwoRunsOfOneNameApart() {
        EvalRun later = startedAt(named(strong, "assistant"), Instant.parse("2026-11-26T16:53:20Z"));
        Comparison comparison = Comparison.compare(named(weak, "assistant"), later, Varies.PROMPT);
        String sides = "candidate assistant (2026-11-26 16:53) against baseline assistant (1970-01-01 00:00) on dataset"
                + " assistant\n";

        assertThat(comparison.toString()).startsWith(sides);
        assertThat(EvalReport.of(dataset, named(weak, "assistant"), later, comparison)
                        .markdown())
                .startsWith("### BETTER: " + sides);
    }

    @Test
    void saysNothingOfJudgesAndFailedCallsWhereThereAreNone() {
        Output priced = new Output(
                "It is right.",
                List.of(),
                List.of(),
                Outcome.ANSWERED,
                new TokenUsage(10, 5),
                new Cost(BigDecimal.ONE, "USD"),
                Duration.ofMillis(1),
                null);
        EvalRun plain = new EvalRun(strong.info(), List.of(Results.of("case-00", priced, passed(Map.of()))));
        EvalRun judged = new EvalRun(
                strong.info(),
                List.of(Results.of("case-00", priced, passed(Map.of("judgedBy", List.of("judge-large"))))));

        assertThat(EvalReport.of(dataset, plain).markdown()).contains("\nCost of the candidate: answers 1 USD.\n");
        assertThat(EvalReport.of(dataset, judged).markdown())
                .contains("\nCost of the candidate: answers 1 USD, judges and failed calls unknown.\n");
    }

    private static Map<String, Score> passed(Map<String, Object> facts) {
        return Map.of("exact", new Score(1, true, null, facts));
    }

    @Test
    void refusesAGateOrAJudgeOfAnotherRun() {
        GateResult other = Gate.builder().better("exact").build().check(weak, named(strong, "prompt-c"), Varies.PROMPT);
        GateResult reversed = Gate.builder().better("exact").build().check(strong, weak, Varies.PROMPT);
        CalibratedJudge judge = CalibratedJudge.from(Scorers.normalized(), labels());
        CalibratedJudge another = CalibratedJudge.from(Scorers.exact(), labels());
        EvalRun judged = with(
                strong,
                "judged",
                Map.of(judge.name(), new ScorerInfo(judge.fingerprint(), true, true, true, judge.anchors())));

        assertThatThrownBy(() -> compared().withGate(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "gate: of 'prompt-c' against 'prompt-a' (expected: of the report's own runs, 'prompt-b' against"
                                + " 'prompt-a')");
        assertThatThrownBy(() -> compared().withGate(reversed)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EvalReport.of(dataset, weak).withGate(other))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> compared().withJudge(judge, judged))
                .hasMessage("run of 'judged' (expected: the report's own candidate, 'prompt-b')");
        assertThatThrownBy(() -> EvalReport.of(dataset, judged).withJudge(another, judged))
                .hasMessageContaining("did not score the run");
    }

    private static List<HumanLabel> labels() {
        List<HumanLabel> labels = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            EvalCase evalCase = EvalCase.of("label " + i, "q", "right");
            labels.add(new HumanLabel(evalCase, Output.of(i % 2 == 0 ? "right" : "wrong"), i % 2 == 0));
        }
        return labels;
    }

    @Test
    void tellsNumbersOfCasesAsRoughlyAsTheyAreKnown() {
        EvalRun likely = run("prompt-c", "c", index -> index % 2 == 0 || index == 1);
        EvalReport report = EvalReport.of(dataset, weak, likely, Comparison.compare(weak, likely, Varies.PROMPT));
        GateResult gate = Gate.builder().better("exact").build().check(weak, likely, Varies.PROMPT);

        assertThat(Roughly.inWords(125_074)).isEqualTo("130,000");
        assertThat(Roughly.inWords(473)).isEqualTo("480");
        assertThat(Roughly.inWords(7)).isEqualTo("7");
        assertThat(Roughly.inWords(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807");
        assertThat(report.summary()).containsPattern("about \\d{1,2}0 cases would decide");
        assertThat(gate.reasons().get(0)).containsPattern("about \\d{1,2}0 cases would,");
        assertThat(report.markdown()).containsPattern("INCONCLUSIVE \\| \\d{1,2}0 \\|");
    }

    @Test
    void callsNothingBetterThatIsOnlyNotWorse() {
        GateResult gate = Gate.builder().notWorse("exact", 0.2).build().check(strong, strong, Varies.PROMPT);

        assertThat(gate.outcome()).isEqualTo(GateResult.Outcome.PASSED);
        assertThat(gate.toString())
                .contains("exact: not worse by 0.2 or more (0.900 -> 0.900")
                .doesNotContain("BETTER");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvalReport.of(dataset, strong, strong, gate.comparison()))
                .withMessageContaining("a gate's, with margins");
        assertThat(EvalReport.of(dataset, strong, strong, Comparison.compare(strong, strong, Varies.PROMPT))
                        .withGate(gate)
                        .verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void hasNoVerdictWithoutABaseline() {
        EvalReport report = EvalReport.of(dataset, strong);

        assertThat(report.verdict()).isNull();
        assertThat(report.summary()).isEqualTo("exact 0.900.");
        assertThat(report.markdown()).startsWith("### no verdict: prompt-b on assistant");
    }

    @Test
    void hasNoVerdictWhenNoMetricMayGate() {
        EvalRun before = lossy(weak);
        EvalRun after = lossy(strong);

        EvalReport report = EvalReport.of(dataset, before, after, Comparison.compare(before, after, Varies.PROMPT));

        assertThat(report.verdict()).isNull();
        assertThat(report.summary()).startsWith("No metric that may gate");
        assertThat(report.markdown()).contains("exact (advisory)");
    }

    @Test
    void keepsErrorsApartFromFailures() throws Exception {
        EvalRun changed =
                with(strong, 0, null, new CaseResult.Failure("java.io.IOException", "down"), Map.of(), Map.of());
        JsonNode json = JsonMapper.builder()
                .build()
                .readTree(EvalReport.of(dataset, changed).json());

        assertThat(json.at("/candidate/errors").asInt()).isEqualTo(1);
        assertThat(json.at("/cases/0/candidate/error").asText()).isEqualTo("java.io.IOException: down");
        assertThat(json.at("/cases/0/candidate/failed").asBoolean()).isFalse();
        assertThat(json.at("/metrics/0/cases").asInt()).isEqualTo(CASES - 1);
        assertThat(json.get("warnings").toString()).contains("1 of 60 results are errors");
    }

    @Test
    void noTextCanBecomePartOfThePage() {
        String html = compared().html();

        assertThat(html).doesNotContain("alert('x')</script>").doesNotContain("@data@");
        // The one of the page itself, and the end of the data.
        assertThat(html.split("</script>", -1)).hasSize(3);
        assertThat(html).doesNotContainPattern("(src|href)=\"(?!data:|#)");
    }

    @Test
    void showsWhichWordsChanged() throws Exception {
        JsonNode json = JsonMapper.builder().build().readTree(compared().json());
        JsonNode changed = json.get("cases")
                .valueStream()
                .filter(each -> each.get("id").asText().equals("case-03"))
                .findFirst()
                .orElseThrow();

        assertThat(changed.get("difference"))
                .hasToString("[[\"=\",\"The answer is \"],[\"-\",\"wrong\"],[\"+\",\"right\"],[\"=\",\".\"]]");
    }

    @Test
    void listsNewlyFailingCasesInMarkdown() {
        EvalReport report = EvalReport.of(dataset, strong, weak, Comparison.compare(strong, weak, Varies.PROMPT));

        assertThat(report.verdict()).isEqualTo(Verdict.WORSE);
        assertThat(report.markdown())
                .contains("Newly failing: `case-01`, `case-03`")
                .contains(" more.");
    }

    @Test
    void callsNoCaseNewlyFailingOfWhichAScorerCouldNotSayThatItPassed() {
        EvalRun changed = with(
                strong,
                1,
                strong.results().get(1).output(),
                null,
                Map.of(),
                Map.of("exact", new CaseResult.Failure("java.io.IOException", "down")));

        String markdown = EvalReport.of(dataset, changed, weak, Comparison.compare(changed, weak, Varies.PROMPT))
                .markdown();

        assertThat(markdown).contains("Newly failing: `case-03`");
    }

    @Test
    void namesCannotBreakTheTable() {
        EvalRun odd = named(strong, "a|b\n# c");

        assertThat(EvalReport.of(dataset, odd).markdown()).startsWith("### no verdict: a\\|b \\# c on assistant");
    }

    @Test
    void refusesAComparisonOfOtherRuns() {
        Comparison comparison = Comparison.compare(weak, strong, Varies.PROMPT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvalReport.of(dataset, strong, weak, comparison))
                .withMessageContaining("expected: of the two runs given");
    }

    @Test
    void writesOnePage(@TempDir Path folder) throws Exception {
        Path page = folder.resolve("report.html");

        compared().saveHtml(page);

        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("prompt-b");
    }

    @Test
    void writesAnAnswerThatWasCutOffWithinACharacter(@TempDir Path folder) throws Exception {
        Path page = folder.resolve("report.html");
        EvalRun changed = with(
                strong,
                0,
                Output.of("Well done \uD83D"),
                null,
                strong.results().get(0).scores(),
                Map.of());

        EvalReport.of(dataset, changed).saveHtml(page);

        assertThat(Files.readString(page)).contains("Well done \uFFFD");
    }

    @Test
    void tellsTheFactsOfAScoreAsJson() throws Exception {
        Score score = new Score(0, false, "wrong number", Map.of("found", List.of(7, 8)));
        EvalRun changed = with(strong, 0, strong.results().get(0).output(), null, Map.of("exact", score), Map.of());

        JsonNode json = JsonMapper.builder()
                .build()
                .readTree(EvalReport.of(dataset, changed).json());

        assertThat(json.at("/cases/0/candidate/scores/exact/facts")).hasToString("{\"found\":[7,8]}");
        assertThat(json.at("/cases/1/candidate/scores/exact/facts").isNull()).isTrue();
    }

    private EvalReport compared() {
        return EvalReport.of(dataset, weak, strong, Comparison.compare(weak, strong, Varies.PROMPT));
    }

    private static List<EvalCase> cases() {
        List<EvalCase> cases = new ArrayList<>();
        for (int index = 0; index < CASES; index++) {
            cases.add(new EvalCase(
                    id(index),
                    EvalInput.text("Question " + index + " " + HOSTILE),
                    "right",
                    List.of(),
                    slices(index),
                    EvalCase.Origin.HAND,
                    null,
                    null));
        }
        return cases;
    }

    private EvalRun run(String name, String prompt, IntPredicate passes) {
        List<CaseResult> results = new ArrayList<>();
        for (int index = 0; index < CASES; index++) {
            boolean passed = passes.test(index);
            results.add(new CaseResult(
                    id(index),
                    0,
                    id(index),
                    slices(index),
                    Output.of(passed ? "The answer is right." : "The answer is wrong."),
                    null,
                    Map.of("exact", new Score(passed ? 1 : 0, passed, passed ? null : "wrong word", Map.of())),
                    Map.of()));
        }
        EvalRun.Info info = new EvalRun.Info(
                name,
                "f-" + prompt,
                "model",
                prompt,
                dataset.name(),
                dataset.hash(),
                Map.of("exact", new ScorerInfo("exact:1", false, true, true)),
                1,
                CASES,
                Instant.EPOCH,
                Duration.ofSeconds(1),
                Ending.COMPLETE);
        return new EvalRun(info, results);
    }

    /** The run with another result of one case. */
    private static EvalRun with(
            EvalRun run,
            int index,
            @Nullable Output output,
            CaseResult.@Nullable Failure error,
            Map<String, Score> scores,
            Map<String, CaseResult.Failure> scorerErrors) {
        List<CaseResult> results = new ArrayList<>(run.results());
        CaseResult before = results.get(index);
        results.set(
                index,
                new CaseResult(
                        before.caseId(), 0, before.cluster(), before.slices(), output, error, scores, scorerErrors));
        return new EvalRun(run.info(), results);
    }

    private static EvalRun lossy(EvalRun run) {
        return with(run, run.info().candidate(), Map.of("exact", new ScorerInfo("exact:1", true, true, false)));
    }

    private static EvalRun named(EvalRun run, String name) {
        return with(run, name, run.info().scorers());
    }

    private static EvalRun startedAt(EvalRun run, Instant started) {
        EvalRun.Info info = run.info();
        return new EvalRun(info.part(info.planned(), info.whole(), started, info.took(), info.ending()), run.results());
    }

    private static EvalRun with(EvalRun run, String name, Map<String, ScorerInfo> scorers) {
        EvalRun.Info info = run.info();
        return new EvalRun(
                new EvalRun.Info(
                        name,
                        info.candidateFingerprint(),
                        info.model(),
                        info.promptHash(),
                        info.dataset(),
                        info.datasetHash(),
                        scorers,
                        info.repeats(),
                        info.planned(),
                        info.started(),
                        info.took(),
                        info.ending()),
                run.results());
    }

    private static String id(int index) {
        return "case-%02d".formatted(index);
    }

    private static SortedSet<String> slices(int index) {
        return new TreeSet<>(List.of(index % 3 == 0 ? "threes" : "others"));
    }
}
