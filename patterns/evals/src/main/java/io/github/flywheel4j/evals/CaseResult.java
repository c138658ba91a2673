package io.github.flywheel4j.evals;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What came of one case in one repeat of a run. Errors are kept apart from scores: a case that could not be answered or
 * scored is neither passed nor failed. Immutable.
 *
 * @param caseId the case
 * @param repeat from 0
 * @param cluster what it shares with cases that it depends on; its own id if it stands alone
 * @param slices the named parts of the dataset that the case belongs to
 * @param output the answer; null if the candidate failed
 * @param error why there is no answer; null if there is one
 * @param scores what the scorers said, by name, in the order of the scorers
 * @param scorerErrors why a scorer said nothing, by its name
 * @param beside what was used and is not in the answer: by judges, and by calls of a candidate that failed
 */
public record CaseResult(
        String caseId,
        int repeat,
        String cluster,
        SortedSet<String> slices,
        @Nullable Output output,
        @Nullable Failure error,
        Map<String, Score> scores,
        Map<String, Failure> scorerErrors,
        Spent beside) {

    /**
     * Why there is no answer or no score.
     *
     * @param type the exception's class name
     * @param message its message; null if it had none
     */
    public record Failure(String type, @Nullable String message) {

        /** What an exception says. */
        public static Failure of(Throwable error) {
            return new Failure(error.getClass().getName(), error.getMessage());
        }
    }

    /** A result beside whose answer nothing was used. */
    public CaseResult(
            String caseId,
            int repeat,
            String cluster,
            SortedSet<String> slices,
            @Nullable Output output,
            @Nullable Failure error,
            Map<String, Score> scores,
            Map<String, Failure> scorerErrors) {
        this(caseId, repeat, cluster, slices, output, error, scores, scorerErrors, Spent.NOTHING);
    }

    /** All that was used for it. */
    Spent spent() {
        return Spent.of(output).plus(beside);
    }

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException unless there is either an answer or an error
     */
    public CaseResult {
        if ((output == null) == (error == null)) {
            throw new IllegalArgumentException("case '" + caseId + "' has "
                    + (output == null ? "neither an answer nor an error" : "both an answer and an error")
                    + " (expected: one of them)");
        }
        slices = Collections.unmodifiableSortedSet(new TreeSet<>(slices));
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
        scorerErrors = Collections.unmodifiableMap(new LinkedHashMap<>(scorerErrors));
    }
}
