package io.github.flywheel4j.evals.junit;

import static io.github.flywheel4j.evals.junit.EvalAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.langchain4j.model.chat.ChatModel;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.evals.Budget;
import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Comparison;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.EvalInput;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.InconclusivePolicy;
import io.github.flywheel4j.evals.Output;
import io.github.flywheel4j.evals.Recording;
import io.github.flywheel4j.evals.Score;
import io.github.flywheel4j.evals.Scorer;
import io.github.flywheel4j.evals.Varies;
import io.github.flywheel4j.evals.Verdict;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of core/docs/guide/evals-runs.md and of this package, as they stand there. */
class RunsGuideTest {

    private final ChatModel model = ScriptedChatModel.saying("yes");
    private final ChatStack stack = ChatStack.builder().chatModel(model).build();
    private final Scorer exact = new Exact();
    private final Dataset dataset = dataset();
    private final Function<EvalCase, String> assistant = new Function<>() {
        @Override
        public String apply(EvalCase evalCase) {
            return "yes";
        }
    };
    private final AtomicInteger shown = new AtomicInteger();

    @TempDir
    Path folder;

    private static Dataset dataset() {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            cases.add(new EvalCase(
                    "case-" + i,
                    EvalInput.text("Is it?"),
                    "yes",
                    List.of(),
                    new TreeSet<>(List.of(i % 2 == 0 ? "unanswerable" : "easy")),
                    EvalCase.Origin.HAND,
                    null,
                    null));
        }
        return Dataset.of("guide", cases);
    }

    private record Exact() implements Scorer {

        @Override
        public String name() {
            return "exact";
        }

        @Override
        public String fingerprint() {
            return "1";
        }

        @Override
        public boolean lossy() {
            return false;
        }

        @Override
        public Score score(EvalCase evalCase, Output output) {
            return Score.of(output.text().equals(evalCase.expected()));
        }
    }

    private void show(int done, int planned, Optional<Duration> timeLeft) {
        Assertions.assertThat(done).isLessThanOrEqualTo(planned);
        timeLeft.ifPresent(left -> shown.incrementAndGet());
    }

    @Test
    void runs() {
        // snippet
        Candidate asShipped = Candidate.of(stack).withPrompt("v7");
        Candidate terse = Candidate.of(model, "small-model").withTemplate("Answer in one sentence: {{input}}");
        // end snippet
        // snippet
        EvalRunner runner = EvalRunner.builder()
                .workers(16)
                .repeats(3)
                .casesPerSecond(100)
                .budget(Budget.unlimited().withMoney("2.50", "USD").withTime(Duration.ofMinutes(20)))
                .journal(folder.resolve("run.jsonl"))
                .listener((result, progress) -> show(progress.done(), progress.planned(), progress.timeLeft()))
                .build();
        EvalRun run = runner.run(dataset, asShipped, List.of(exact));
        run.save(folder.resolve("baseline.jsonl"));
        // end snippet

        Assertions.assertThat(run.results()).hasSize(180);
        Assertions.assertThat(shown.get()).isPositive();
        Assertions.assertThat(terse.name()).isEqualTo("small-model");
    }

    @Test
    void records() {
        // snippet
        try (Recording recording = Recording.open(folder.resolve("answers.jsonl"), Recording.Mode.RECORD_MISSING)) {
            Candidate recorded = Candidate.of(recording.around(model), "small-model");
            EvalRunner.create().run(dataset, recorded, List.of(exact));
        }
        // end snippet

        Assertions.assertThat(folder.resolve("answers.jsonl")).isNotEmptyFile();
    }

    @Test
    void verdicts() {
        EvalRun baseline = EvalRunner.create()
                .run(dataset, Candidate.of("no", each -> "no").withModel("m"), List.of(exact));
        EvalRun candidate = EvalRunner.create()
                .run(dataset, Candidate.of("yes", each -> "yes").withModel("m"), List.of(exact));

        // snippet
        Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
        Verdict verdict = comparison.of("exact").verdict(); // BETTER, WORSE or INCONCLUSIVE
        OptionalLong cases = comparison.of("exact").casesToDecide();
        // end snippet
        // snippet
        Gate gate = Gate.builder()
                .notWorse("exact", 0.02)
                .slice("unanswerable")
                .onInconclusive(InconclusivePolicy.FAIL)
                .build();
        GateResult result = gate.check(baseline, candidate, Varies.PROMPT);
        // end snippet

        Assertions.assertThat(verdict).isEqualTo(Verdict.BETTER);
        Assertions.assertThat(cases).isEmpty();
        Assertions.assertThat(result.outcome()).isEqualTo(GateResult.Outcome.PASSED);
    }

    // snippet
    @Eval(dataset = "evals/small.jsonl")
    void answersTheCase(EvalCase evalCase) {
        assertEquals(evalCase.expected(), assistant.apply(evalCase));
    }

    @Eval(dataset = "evals/small.jsonl", baseline = "target/evals/small-baseline.jsonl")
    void isGoodEnough(Evaluation evaluation) {
        EvalRun run = evaluation.run(Candidate.of("assistant", assistant), List.of(exact));
        assertThat(run).hasErrorsAtMost(0).passRate("exact").isAtLeast(0.9);
    }
    // end snippet

    @Test
    void comparesWithTheBaseline() {
        Candidate candidate = Candidate.of("assistant", assistant);
        Gate gate = Gate.builder().notWorse("exact", 0.5).build();
        Path file = folder.resolve("baseline.jsonl");
        EvalRunner.create().run(dataset, candidate, List.of(exact)).save(file);
        Evaluation evaluation = new Evaluation(dataset, file, InconclusivePolicy.FAIL);

        // snippet
        EvalRun run = evaluation.run(candidate, List.of(exact));
        assertThat(run).passRate("exact").isAtLeast(0.9);
        assertThat(evaluation.check(run, gate, Varies.PROMPT)).passes();
        // end snippet
    }
}
