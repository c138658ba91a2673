package io.github.flywheel4j.evals;

import io.github.flywheel4j.CallContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Asks a candidate a case and lets the scorers say what they think of the answer, on the caller's thread. Thread-safe. */
final class CaseAsker {

    private final String runId;
    private final Candidate candidate;
    private final List<Scorer> scorers;
    private final CallContext context;
    private final LongSupplier nanoTime;
    private final Map<String, Set<String>> judgesBefore = new HashMap<>();

    /**
     * Asks for one run.
     *
     * @param context what each call's context says beside the case
     * @param found what earlier parts of the run had: its judges must be answered for by the same models still
     */
    CaseAsker(
            String runId,
            Candidate candidate,
            List<Scorer> scorers,
            CallContext context,
            LongSupplier nanoTime,
            List<CaseResult> found) {
        this.runId = runId;
        this.candidate = candidate;
        this.scorers = scorers;
        this.context = context;
        this.nanoTime = nanoTime;
        scorers.forEach(each -> judgesBefore.put(each.name(), SameJudges.models(found, each.name())));
    }

    List<Scorer> scorers() {
        return scorers;
    }

    /** Throws what the candidate throws; what a scorer throws is an error of that score alone. */
    void ask(PartialResult result) {
        CallContext here = context.toBuilder()
                .attribute(CallContext.FRESH, true)
                .attribute(
                        Candidate.ATTRIBUTE,
                        Map.<String, Object>of(
                                "run", runId, "case", result.evalCase().id(), "repeat", result.repeat()))
                .build();
        Output answer = candidate.answer(result.evalCase(), here, nanoTime, result::used);
        result.answered(answer);
        for (Scorer scorer : scorers) {
            score(scorer, answer, here, result);
        }
    }

    private void score(Scorer scorer, Output answer, CallContext here, PartialResult result) {
        try (JudgeUse heard = JudgeUse.tell(result::used)) {
            Attempt<Score> attempt = Attempt.of(here, () -> scorer.score(result.evalCase(), answer));
            result.used(attempt.spent());
            Score score = attempt.get();
            ResultJson.requireJson(score);
            SameJudges.requireSame(scorer.name(), judgesBefore.getOrDefault(scorer.name(), Set.of()), score);
            result.scored(scorer, score);
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
            result.failed(scorer, e);
        }
    }
}
