package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.flywheel4j.evals.EvalRun.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run promises whoever ends it, interrupts it or reads it meanwhile. */
class RunPromisesTest {

    @TempDir
    Path folder;

    private final Dataset dataset = Runs.dataset(8, 1);
    private final List<Scorer> scorers = List.of(Runs.contains());

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CANCELLED", "OUT_OF_BUDGET", "BROKEN_OFF"})
    void aRunThatWasCutShortPassesNoGate(Ending ending) {
        EvalRun baseline = Runs.of("old", 400, 1, Map.of("right", i -> i % 2));
        EvalRun whole = Runs.of("new", 400, 1, Map.of("right", i -> 1));
        EvalRun cut =
                new EvalRun(whole.info().part(500, 400, Instant.EPOCH, Duration.ofSeconds(1), ending), whole.results());
        Gate gate = Gate.builder().notWorse("right", 0.02).build();

        assertThat(gate.check(baseline, whole, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.PASSED);
        GateResult result = gate.check(baseline, cut, Varies.PROMPT);
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
        assertThat(result.reasons())
                .contains("the candidate's run is not complete (" + ending + "): 400 of 500 results");
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CANCELLED", "OUT_OF_BUDGET", "BROKEN_OFF"})
    void nothingIsClaimedFromARunThatWasCutShort(Ending ending) {
        EvalRun whole = Runs.of("old", 400, 1, Map.of("right", i -> 1));
        EvalRun worse = Runs.of("new", 400, 1, Map.of("right", i -> i % 2));
        EvalRun cut =
                new EvalRun(worse.info().part(500, 400, Instant.EPOCH, Duration.ofSeconds(1), ending), worse.results());

        Comparison comparison = Comparison.compare(whole, cut, Varies.PROMPT);

        assertThat(Comparison.compare(whole, worse, Varies.PROMPT).of("right").verdict())
                .isEqualTo(Verdict.WORSE);
        assertThat(comparison.of("right").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(comparison.of("right").note()).contains("not complete (" + ending + ")");
        assertThat(comparison.warnings()).anyMatch(each -> each.contains("not complete (" + ending + ")"));
        assertThat(Comparison.compare(cut, whole, Varies.PROMPT).of("right").verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void aRunThatWasDecidedEarlyIsNotTestableWhenItGoesOnWithASpentBudget() {
        Dataset many = Runs.dataset(400, 1);
        EvalRun before = EvalRunner.create()
                .run(many, Candidate.of("bad", each -> "no idea").withModel("m"), scorers);
        Candidate good = Candidate.of("good", EvalCase::expected).withModel("m");
        Gate gate = Gate.builder().better("contains").earlyStopping().build();
        EvalRunner.Builder runner = EvalRunner.builder().workers(1).journal(folder.resolve("run.jsonl"));
        runner.stopEarly(before, gate, Varies.PROMPT);
        EvalRun first = runner.build().run(many, good, scorers);
        Budget spent = Budget.unlimited().withTime(Duration.ofNanos(1));

        EvalRun resumed = runner.budget(spent).build().run(many, good, scorers);

        assertThat(first.info().ending()).isEqualTo(Ending.DECIDED_EARLY);
        assertThat(resumed.results()).isEqualTo(first.results());
        assertThat(resumed.info().ending()).isEqualTo(Ending.DECIDED_EARLY);
        assertThat(Comparison.compare(before, resumed, Varies.PROMPT)
                        .of("contains")
                        .verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
        // Without looks nothing decides any more, but what there is was chosen by them.
        EvalRun goneOn = EvalRunner.builder()
                .workers(1)
                .journal(folder.resolve("run.jsonl"))
                .budget(spent)
                .build()
                .run(many, good, scorers);
        assertThat(goneOn.info().ending()).isEqualTo(Ending.OUT_OF_BUDGET);
        assertThat(Comparison.compare(before, goneOn, Varies.PROMPT)
                        .of("contains")
                        .verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(gate.check(before, goneOn, Varies.PROMPT).outcome()).isEqualTo(GateResult.Outcome.INCONCLUSIVE);
    }

    @Test
    void aRunOfErrorsAloneHasNoNumberThatIsNone() {
        EvalRun good = EvalRunner.create()
                .run(dataset, Candidate.of("good", EvalCase::expected).withModel("m"), scorers);
        Candidate away = Candidate.of("away", evalCase -> {
                    throw new IllegalStateException("down");
                })
                .withModel("m");
        EvalRun bad = EvalRunner.create().run(dataset, away, scorers);
        Comparison comparison = Comparison.compare(good, bad, Varies.PROMPT);
        EvalReport report = EvalReport.of(dataset, good, bad, comparison);

        assertThat(bad.summary().toString())
                .contains("contains: no score of any case")
                .doesNotContain("NaN");
        assertThat(comparison.toString())
                .contains("contains: INCONCLUSIVE (no case has a score in both runs)")
                .doesNotContain("NaN");
        assertThat(report.json()).doesNotContain("NaN");
        assertThat(report.markdown()).doesNotContain("NaN");
    }

    @Test
    void takesACaseTimeoutThatNeverComes() {
        EvalRunner runner = EvalRunner.builder()
                .caseTimeout(ChronoUnit.FOREVER.getDuration())
                .build();

        EvalRun run = runner.run(dataset, Candidate.of("right", EvalCase::expected), scorers);

        assertThat(run.info().complete()).isTrue();
    }

    @Test
    void aGateOnASliceThatNobodyHasIsAMistakeAndNotInconclusive() {
        EvalRun baseline = Runs.of("old", 40, 1, Map.of("right", i -> i % 2));
        EvalRun candidate = Runs.of("new", 40, 1, Map.of("right", i -> 1));
        Gate gate = Gate.builder().better("right").slice("evne").build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> gate.check(baseline, candidate, Varies.PROMPT))
                .withMessageContaining("no slice 'evne'")
                .withMessageContaining("[even, odd]");
    }

    @Test
    void aRunDoesNotBeginToStopEarlyByASliceThatNobodyHas() {
        Candidate right = Candidate.of("right", EvalCase::expected).withModel("m");
        EvalRun baseline = EvalRunner.create().run(dataset, right, scorers);
        Gate gate =
                Gate.builder().better("contains").slice("evne").earlyStopping().build();
        EvalRunner runner =
                EvalRunner.builder().stopEarly(baseline, gate, Varies.PROMPT).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> runner.start(dataset, right, scorers))
                .withMessageContaining("no slice 'evne'");
    }

    @Test
    void whoeverReadsAJournalLeavesItLocked() throws InterruptedException {
        Path journal = folder.resolve("run.jsonl");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Candidate slow = Candidate.of("slow", evalCase -> {
            asked.countDown();
            awaitQuietly(mayEnd);
            return evalCase.expected();
        });
        EvalRunner runner = EvalRunner.builder().workers(1).journal(journal).build();
        RunningEval running = runner.start(dataset, slow, scorers);
        asked.await();
        try {
            EvalRun.read(journal);

            assertThatIllegalStateException()
                    .isThrownBy(() -> runner.start(dataset, slow, scorers))
                    .withMessageContaining("another run writes this journal");
        } finally {
            mayEnd.countDown();
            running.join();
        }
    }

    @Test
    void aCandidateThatLeavesItsThreadInterruptedEndsNoRun() {
        Candidate rude = Candidate.of("rude", evalCase -> {
            Thread.currentThread().interrupt();
            return evalCase.expected();
        });

        EvalRun run = EvalRunner.builder()
                .workers(2)
                .journal(folder.resolve("run.jsonl"))
                .build()
                .run(dataset, rude, scorers);

        assertThat(run.info().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(run.results()).hasSize(8);
    }

    @Test
    void anAnswerThatWasCutOffWithinACharacterCanBeSaved() {
        EvalRun run = EvalRunner.create().run(dataset, Candidate.of("cut", evalCase -> "half \uD83D"), scorers);

        run.save(folder.resolve("run.jsonl"));

        assertThat(EvalRun.read(folder.resolve("run.jsonl")).results()).allSatisfy(result -> assertThat(result.output())
                .isNotNull()
                .satisfies(output -> assertThat(output.text()).isEqualTo("half \uFFFD")));
    }

    @Test
    void aShardDoesNotTakeUpTheJournalOfAnother() throws IOException {
        Path journal = folder.resolve("run.jsonl");
        Candidate candidate = Candidate.of("it", EvalCase::expected);
        EvalRunner.builder().shard(Shard.parse("1/2")).journal(journal).build().run(dataset, candidate, scorers);
        Files.copy(journal, folder.resolve("copy.jsonl"), StandardCopyOption.REPLACE_EXISTING);

        assertThatIllegalStateException()
                .isThrownBy(() -> EvalRunner.builder()
                        .shard(Shard.parse("2/2"))
                        .journal(folder.resolve("copy.jsonl"))
                        .build()
                        .run(dataset, candidate, scorers))
                .withMessageContaining("expected: one of this");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
