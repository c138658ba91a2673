package io.github.flywheel4j.evals.junit;

import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.InconclusivePolicy;
import io.github.flywheel4j.evals.Scorer;
import io.github.flywheel4j.evals.Varies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a test with {@link Eval} works with: its dataset, its baseline, its policy. Immutable. */
public final class Evaluation {

    /** The system property that writes baselines: {@code true}. */
    public static final String UPDATE = "flywheel4j.evals.update";

    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);

    private final Dataset dataset;
    private final @Nullable Path baseline;
    private final InconclusivePolicy policy;

    Evaluation(Dataset dataset, @Nullable Path baseline, InconclusivePolicy policy) {
        this.dataset = dataset;
        this.baseline = baseline;
        this.policy = policy;
    }

    /** The dataset, or the slice of it that was asked for. */
    public Dataset dataset() {
        return dataset;
    }

    /** What the build makes of verdicts that the cases do not allow. */
    public InconclusivePolicy policy() {
        return policy;
    }

    /** Runs the dataset with the defaults of a runner. */
    public EvalRun run(Candidate candidate, List<? extends Scorer> scorers) {
        return run(EvalRunner.create(), candidate, scorers);
    }

    /** Runs the dataset. */
    public EvalRun run(EvalRunner runner, Candidate candidate, List<? extends Scorer> scorers) {
        return runner.run(dataset, candidate, scorers);
    }

    /**
     * The stored baseline. With {@code -Dflywheel4j.evals.update=true} the given run is stored first and becomes it.
     *
     * @throws IllegalStateException if the annotation names no file, or there is none yet
     */
    public EvalRun baseline(EvalRun run) {
        Path file = baseline;
        if (file == null) {
            throw new IllegalStateException("@Eval names no baseline (expected: baseline = \"path/to/file.jsonl\")");
        }
        if (Boolean.getBoolean(UPDATE)) {
            if (!run.info().complete()) {
                throw new IllegalStateException("the run is not complete ("
                        + run.info().whyNotComplete() + ") and cannot be a baseline (expected: a complete one)");
            }
            run.save(file);
            LOG.info("the baseline {} was written", file);
        } else if (!Files.exists(file)) {
            throw new IllegalStateException(
                    file + ": no baseline yet (expected: one in the repository; write it with -D" + UPDATE
                            + "=true and commit it)");
        }
        return EvalRun.read(file);
    }

    /** Checks a run against the stored baseline; the policy of the test replaces the gate's. */
    public GateResult check(EvalRun run, Gate gate, Varies varies) {
        GateResult result = gate.check(baseline(run), run, varies);
        return new GateResult(result.outcome(), result.reasons(), policy, result.comparison());
    }
}
