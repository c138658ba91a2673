package io.github.flywheel4j.evals;

import java.util.Map;
import java.util.TreeSet;

/** Results of tests, in one place, so that they change with the type. */
final class Results {

    private Results() {}

    static CaseResult of(String caseId, Output output, Map<String, Score> scores) {
        return new CaseResult(caseId, 0, caseId, new TreeSet<>(), output, null, scores, Map.of());
    }
}
