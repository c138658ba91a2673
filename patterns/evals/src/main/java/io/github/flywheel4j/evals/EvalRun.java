package io.github.flywheel4j.evals;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A finished run of a dataset against a candidate: what was compared with what, and what came of each case. Immutable.
 *
 * @param info what was run
 * @param results by case in the order of the dataset, and by repeat
 */
public record EvalRun(Info info, List<CaseResult> results) {

    /**
     * What was run: two runs can be compared only where these agree.
     *
     * @param candidate the name of what answered
     * @param candidateFingerprint the stack's fingerprint, or another hash of what makes the candidate what it is
     * @param promptHash a hash of the prompt version; two runs of one prompt compare models, two of one model prompts
     * @param dataset the dataset's name
     * @param datasetHash its content hash
     * @param scorers fingerprint by scorer's name, in order; judges among them
     * @param repeats how often each case was asked
     * @param started when the run began
     * @param took how long it ran, without pauses between resumed parts
     * @param complete false if it was cancelled or ran out of its budget
     */
    public record Info(
            String candidate,
            String candidateFingerprint,
            String promptHash,
            String dataset,
            String datasetHash,
            Map<String, String> scorers,
            int repeats,
            Instant started,
            Duration took,
            boolean complete) {

        /** Copies the scorers. */
        public Info {
            scorers = Collections.unmodifiableMap(new LinkedHashMap<>(scorers));
        }
    }

    /** Copies the results. */
    public EvalRun {
        results = List.copyOf(results);
    }
}
