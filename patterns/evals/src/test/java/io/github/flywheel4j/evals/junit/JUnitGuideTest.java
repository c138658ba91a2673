package io.github.flywheel4j.evals.junit;

import static io.github.flywheel4j.evals.junit.EvalAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.InconclusivePolicy;
import io.github.flywheel4j.evals.Scorer;
import io.github.flywheel4j.evals.Scorers;
import io.github.flywheel4j.evals.Varies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples on JUnit of core/docs/guide/evals.md and of this package, as they stand there. */
class JUnitGuideTest {

    private final Scorer exact = Scorers.exact();
    private final Dataset dataset = dataset();
    private final Function<EvalCase, String> assistant = new Function<>() {
        @Override
        public String apply(EvalCase evalCase) {
            return "yes";
        }
    };

    @TempDir
    Path folder;

    private static Dataset dataset() {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            cases.add(EvalCase.of("case-" + i, "Is it?", "yes"));
        }
        return Dataset.of("guide", cases);
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
