package io.github.flywheel4j.evals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What there is of one result so far. Thread-safe: whoever gives the case up tells what there is while its candidate and its
 * scorers are still at work. What they use after that is told apart, since it cost money nevertheless.
 */
final class PartialResult {

    private final EvalCase evalCase;
    private final int repeat;
    private final List<Scorer> scorers;
    private final Consumer<Spent> late;

    private final Map<String, Score> scores = new LinkedHashMap<>();
    private final Map<String, CaseResult.Failure> scorerErrors = new LinkedHashMap<>();
    private @Nullable Output output;
    private Spent beside = Spent.NOTHING;
    private boolean isTold;

    PartialResult(EvalCase evalCase, int repeat, List<Scorer> scorers, Consumer<Spent> late) {
        this.evalCase = evalCase;
        this.repeat = repeat;
        this.scorers = scorers;
        this.late = late;
    }

    EvalCase evalCase() {
        return evalCase;
    }

    int repeat() {
        return repeat;
    }

    void answered(Output answer) {
        boolean isLate;
        synchronized (scores) {
            isLate = isTold;
            output = answer;
        }
        if (isLate) {
            late.accept(Spent.of(answer));
        }
    }

    /** Takes note of what was used beside the answer. */
    void used(Spent more) {
        boolean isLate;
        synchronized (scores) {
            isLate = isTold;
            beside = beside.plus(more);
        }
        if (isLate) {
            late.accept(more);
        }
    }

    void scored(Scorer scorer, Score score) {
        synchronized (scores) {
            scores.put(scorer.name(), score);
        }
    }

    void failed(Scorer scorer, Throwable error) {
        synchronized (scores) {
            scorerErrors.put(scorer.name(), CaseResult.Failure.of(error));
        }
    }

    /**
     * Tells what there is.
     *
     * @param error why it is not all; null if it is
     */
    CaseResult tell(@Nullable Throwable error) {
        synchronized (scores) {
            isTold = true;
            return new CaseResult(
                    evalCase.id(),
                    repeat,
                    evalCase.clusterOrSelf(),
                    evalCase.slices(),
                    output,
                    output == null ? whyNoAnswer(error) : null,
                    inOrder(),
                    failures(error),
                    beside);
        }
    }

    private static CaseResult.Failure whyNoAnswer(@Nullable Throwable error) {
        return CaseResult.Failure.of(error == null ? new IllegalStateException("the candidate gave no output") : error);
    }

    private Map<String, Score> inOrder() {
        Map<String, Score> inOrder = new LinkedHashMap<>();
        for (Scorer scorer : scorers) {
            Score score = scores.get(scorer.name());
            if (score != null) {
                inOrder.put(scorer.name(), score);
            }
        }
        return inOrder;
    }

    /** Where there is an answer, what ended the case early is an error of each scorer that had no say. */
    private Map<String, CaseResult.Failure> failures(@Nullable Throwable error) {
        Map<String, CaseResult.Failure> failures = new LinkedHashMap<>(scorerErrors);
        if (output != null && error != null) {
            for (Scorer scorer : scorers) {
                if (!scores.containsKey(scorer.name())) {
                    failures.putIfAbsent(scorer.name(), CaseResult.Failure.of(error));
                }
            }
        }
        return failures;
    }
}
