package io.github.flywheel4j.evals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A pairwise judge that compares each answer with another one to the same case.
 *
 * @param judge compares
 * @param baseline the other answer of each case
 * @param fingerprint of the judge and of what it compares with
 */
record PairwiseScorer(PairwiseJudge judge, Function<EvalCase, Output> baseline, String fingerprint) implements Scorer {

    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public boolean lossy() {
        return true;
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        Set<String> models = new TreeSet<>();
        PairVerdict verdict = judge.compare(evalCase, output, baseline.apply(evalCase), models);
        Preference outcome = verdict.outcome();
        if (outcome == null) {
            throw new UnreadableVerdict(name(), "A, B or tie in both orders", 0);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("forward", String.valueOf(verdict.forward()));
        facts.put("reverse", String.valueOf(verdict.reverse()));
        // A tie that comes of the order is no failure of the answer, so it is no category of failures.
        facts.put("flip", verdict.isFlip());
        facts.put(SameJudges.MODEL, List.copyOf(models));
        facts.put("length", verdict.lengthA());
        facts.put("baselineLength", verdict.lengthB());
        return new Score(outcome == Preference.A ? 1 : outcome == Preference.B ? 0 : 0.5, null, null, facts);
    }

    @Override
    public String toString() {
        return "Scorer(" + name() + ")";
    }
}
