package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards and resumed parts of a run are scored by one judge, or are no run. */
class SameJudgesTest {

    private static final String JUDGE = "judge-large-2026-05-01";

    @TempDir
    Path folder;

    private final Dataset dataset = Runs.dataset(20, 1);
    private final Candidate candidate = Candidate.of("right", evalCase -> "right");

    @Test
    void refusesShardsBetweenWhichAJudgeHasMoved() {
        EvalRun first = shard(1, calibrated(0));
        EvalRun slipped = shard(2, calibrated(1));
        EvalRun moved = shard(2, calibrated(8));

        assertThat(EvalRun.merge(List.of(first, slipped)).results()).hasSize(20);
        assertThatThrownBy(() -> EvalRun.merge(List.of(first, moved)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "shards of two judges: judge 'judge' has moved between them: of 40 anchors 0 pass and 8 fail"
                                + " that did not, 0 became unreadable (expected: one judge for all shards; calibrate it anew and"
                                + " score them again)");
    }

    @Test
    void doesNotGoOnWithAJudgeThatHasMoved() {
        EvalRunner runner = EvalRunner.builder()
                .journal(folder.resolve("run.jsonl"))
                .budget(Budget.unlimited().withTime(Duration.ofNanos(1)))
                .build();
        runner.run(dataset, candidate, List.of(calibrated(0)));

        runner.run(dataset, candidate, List.of(calibrated(1)));
        assertThatThrownBy(() -> runner.run(dataset, candidate, List.of(calibrated(8))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("scored by another judge, judge 'judge' has moved")
                .hasMessageContaining("begin another journal");
    }

    @Test
    void doesNotMixTheScoresOfTwoVersionsOfTheJudgesModelInOneRun() {
        EvalRunner.Builder runner = EvalRunner.builder().workers(1).journal(folder.resolve("run.jsonl"));
        Budget some = Budget.unlimited().withTokens(60);
        EvalRun first = runner.budget(some).build().run(dataset, candidate, List.of(rubric("Is it right?", JUDGE)));

        EvalRun goneOn = runner.budget(Budget.unlimited())
                .build()
                .run(dataset, candidate, List.of(rubric("Is it right?", JUDGE + "-20260901")));

        assertThat(first.results()).hasSize(4);
        assertThat(goneOn.results()).hasSize(20);
        assertThat(SameJudges.models(goneOn.results(), "right")).containsExactly(JUDGE);
        assertThat(goneOn.summary().scorerErrors()).isEqualTo(16);
        assertThat(goneOn.results())
                .anySatisfy(result -> assertThat(result.scorerErrors().values()).anyMatch(error -> error.message()
                        .startsWith("judge 'right' was answered for by [" + JUDGE
                                + "-20260901], in an earlier part of the run by [" + JUDGE + "]")));
        EvalRun right = runner.retryErrors().build().run(dataset, candidate, List.of(rubric("Is it right?", JUDGE)));
        assertThat(right.summary().scorerErrors()).isZero();
    }

    @Test
    void refusesShardsOfJudgesThatAreAskedOtherwiseAndNamesThem() {
        EvalRun first = shard(1, rubric("Is it right?", JUDGE));
        EvalRun other = shard(2, rubric("Is it true?", JUDGE));

        assertThatThrownBy(() -> EvalRun.merge(List.of(first, other)))
                .hasMessageStartingWith("shards of two runs")
                .hasMessageContaining("of the scorers 'right' is right " + JUDGE);
    }

    @Test
    void refusesShardsThatTwoVersionsOfTheJudgesModelScored() {
        EvalRun first = shard(1, rubric("Is it right?", JUDGE));
        EvalRun other = shard(2, rubric("Is it right?", JUDGE + "-20260901"));

        assertThatThrownBy(() -> EvalRun.merge(List.of(first, other)))
                .hasMessageContaining(
                        "judge 'right' was answered for by [" + JUDGE + "] and by [" + JUDGE + "-20260901]");
    }

    @Test
    void holdsEachShardAgainstTheFirstThatNamesAModel() {
        Scorer unreadable = rubric("Is it right?", "who knows", JUDGE);
        List<EvalRun> shards = List.of(
                shard(1, 3, unreadable),
                shard(2, 3, rubric("Is it right?", JUDGE)),
                shard(3, 3, rubric("Is it right?", JUDGE + "-20260901")));

        for (List<EvalRun> order : List.of(shards, List.of(shards.get(2), shards.get(1), shards.get(0)))) {
            assertThatThrownBy(() -> EvalRun.merge(order)).hasMessageContaining("judge 'right' was answered for by [");
        }
        assertThat(EvalRun.merge(shards.subList(0, 2)).results()).isNotEmpty();
    }

    @Test
    void knowsEachOfTheModelsThatGaveOneScore() {
        AtomicInteger asked = new AtomicInteger();
        ScriptedChatModel model = ScriptedChatModel.answering(request ->
                Answer.text("VERDICT: YES").modelName(JUDGE + (asked.incrementAndGet() == 1 ? "" : "-20260901")));
        Scorer judge = RubricJudge.yesOrNo("right", "Is it right?")
                .model(model, JUDGE)
                .candidateModel("small-chat")
                .repeats(3)
                .build();

        EvalRun run = EvalRunner.create().run(Runs.dataset(1, 1), candidate, List.of(judge));
        run.save(folder.resolve("run.jsonl"));

        for (EvalRun each : List.of(run, EvalRun.read(folder.resolve("run.jsonl")))) {
            assertThat(SameJudges.models(each.results(), "right")).containsExactly(JUDGE, JUDGE + "-20260901");
        }
    }

    @Test
    void readsTheNamesOfModelsAsTheyOnceWereWritten() {
        Score score = new Score(1, true, null, Map.of(SameJudges.MODEL, "a, b"));

        assertThat(SameJudges.models(List.of(Runs.result(0, 1, Map.of("right", score))), "right"))
                .containsExactly("a", "b");
    }

    @Test
    void saysInAComparisonThatTwoVersionsOfTheJudgesModelScored() {
        EvalRun before = EvalRunner.create().run(dataset, candidate, List.of(rubric("Is it right?", JUDGE)));
        EvalRun after =
                EvalRunner.create().run(dataset, candidate, List.of(rubric("Is it right?", JUDGE + "-20260901")));

        assertThat(Comparison.compare(before, after, Varies.PROMPT).warnings())
                .anyMatch(each -> each.startsWith("judge 'right' was answered for by [" + JUDGE + "-20260901], in the"
                        + " baseline by [" + JUDGE + "]"));
    }

    private EvalRun shard(int number, Scorer judge) {
        return shard(number, 2, judge);
    }

    private EvalRun shard(int number, int of, Scorer judge) {
        return EvalRunner.builder().shard(Shard.of(number, of)).build().run(dataset, candidate, List.of(judge));
    }

    private static RubricJudge rubric(String question, String answering) {
        return rubric(question, "VERDICT: YES", answering);
    }

    private static RubricJudge rubric(String question, String says, String answering) {
        ScriptedChatModel model = ScriptedChatModel.answering(
                request -> Answer.text(says).modelName(answering).usage(10, 5));
        return RubricJudge.yesOrNo("right", question)
                .model(model, JUDGE)
                .candidateModel("small-chat")
                .build();
    }

    /** A judge that fails so many of the right anchors that it passed when it was calibrated. */
    private static CalibratedJudge calibrated(int slips) {
        Scorer judge = new Scorer() {
            private int asked;

            @Override
            public String name() {
                return "judge";
            }

            @Override
            public String fingerprint() {
                return "judge-1";
            }

            @Override
            public boolean lossy() {
                return true;
            }

            @Override
            public Score score(EvalCase evalCase, Output output) {
                return Score.of(output.text().equals("right") && asked++ >= slips);
            }
        };
        List<HumanLabel> labels = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            EvalCase evalCase = EvalCase.of("label " + i, "q", null);
            labels.add(new HumanLabel(evalCase, Output.of(i % 2 == 0 ? "right" : "wrong"), i % 2 == 0));
        }
        return CalibratedJudge.from(judge, labels);
    }
}
