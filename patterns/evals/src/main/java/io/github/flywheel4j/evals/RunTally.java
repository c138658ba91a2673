package io.github.flywheel4j.evals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run has so far: its results, what was used, and which clusters are complete. Not thread-safe: the run's lock guards it. */
final class RunTally {

    private final List<CaseResult> results = new ArrayList<>();
    private final Map<String, Integer> missing = new HashMap<>();
    private final String model;
    private final int planned;
    private final int resumed;
    private int errors;
    private int scorerErrors;
    private @Nullable String unpriced;
    private Spent spent = Spent.NOTHING;
    private Spent apart;

    /** Begins with what the journal has of earlier parts. */
    RunTally(Map<String, List<EvalCase>> cases, int repeats, Journal journal) {
        cases.forEach((cluster, members) -> missing.put(cluster, members.size() * repeats));
        this.model = journal.info().model();
        journal.found().forEach(this::add);
        this.planned = journal.info().planned();
        this.resumed = results.size();
        this.apart = journal.apart();
        this.spent = spent.plus(apart);
    }

    void add(CaseResult result) {
        results.add(result);
        missing.merge(result.cluster(), -1, Integer::sum);
        errors += result.error() == null ? 0 : 1;
        scorerErrors += result.scorerErrors().size();
        spent = spent.plus(result.spent());
        Output output = result.output();
        if (output != null && hasNoPrice(output, result.beside())) {
            unpriced = output.model() == null ? model : output.model();
        }
    }

    /** The cost of an answer that was paid in two currencies stands beside it. */
    private static boolean hasNoPrice(Output output, Spent beside) {
        return output.cost() == null && Spent.of(output).tokens() > 0 && !beside.isOfSeveralCurrencies();
    }

    /** Counts what was used for no result. */
    void addApart(Spent late) {
        spent = spent.plus(late);
        apart = apart.plus(late);
    }

    List<CaseResult> results() {
        return results;
    }

    boolean isComplete(String cluster) {
        return missing.getOrDefault(cluster, 0) <= 0;
    }

    /** The model of answers that used tokens and have no price; null if there is none. */
    @Nullable
    String unpriced() {
        return unpriced;
    }

    /** All that was used. */
    Spent spent() {
        return spent;
    }

    /** What was used for no result. */
    Spent apart() {
        return apart;
    }

    Progress progress(Duration elapsed, Duration ofThisPart) {
        return new Progress(
                results.size(),
                planned,
                resumed,
                errors,
                scorerErrors,
                elapsed,
                ofThisPart,
                spent.tokens(),
                spent.cost());
    }
}
