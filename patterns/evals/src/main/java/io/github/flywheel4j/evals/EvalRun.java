package io.github.flywheel4j.evals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run of a dataset against a candidate: what was compared with what, and what came of each case. Immutable.
 *
 * @param info what was run
 * @param results by case id and repeat, whatever order they came in; without those that the run did not get to
 * @param apart what was used for no result: by answers that came after their time or were cancelled, and by results that were
 *     asked again
 */
public record EvalRun(Info info, List<CaseResult> results, Spent apart) {

    private static final Comparator<CaseResult> ORDER =
            Comparator.comparing(CaseResult::caseId).thenComparingInt(CaseResult::repeat);

    /** Why a run ended. */
    public enum Ending {
        /** Every case was asked as often as it should be. */
        COMPLETE,
        /** Somebody cancelled it. */
        CANCELLED,
        /** Money, tokens or time were used up. */
        OUT_OF_BUDGET,
        /** The verdict was clear before all cases were asked; see {@link Gate.Builder#earlyStopping()}. */
        DECIDED_EARLY,
        /** It never ended: the process died, and this was read from its journal. */
        BROKEN_OFF
    }

    /**
     * What was run: two runs can be compared only where these agree.
     *
     * @param candidate the name of what answered
     * @param candidateFingerprint the stack's fingerprint, or another hash of what makes the candidate what it is
     * @param model the model that answers; two runs of one model compare prompts
     * @param promptHash a hash of the prompt; two runs of one prompt compare models
     * @param dataset the dataset's name
     * @param datasetHash its content hash
     * @param scorers the scorers by name, in order; judges among them
     * @param repeats how often each case was to be asked
     * @param planned how many answers were to be asked for: cases times repeats, of the shard if it is one
     * @param whole how many answers the whole dataset has: as many as planned, but for shards
     * @param started when the run began
     * @param took how long it ran, without pauses between resumed parts
     * @param ending why it ended
     */
    public record Info(
            String candidate,
            String candidateFingerprint,
            String model,
            String promptHash,
            String dataset,
            String datasetHash,
            Map<String, ScorerInfo> scorers,
            int repeats,
            int planned,
            int whole,
            Instant started,
            Duration took,
            Ending ending) {

        /** Copies the scorers. */
        public Info {
            scorers = Collections.unmodifiableMap(new LinkedHashMap<>(scorers));
        }

        /** A run of the whole dataset. */
        public Info(
                String candidate,
                String candidateFingerprint,
                String model,
                String promptHash,
                String dataset,
                String datasetHash,
                Map<String, ScorerInfo> scorers,
                int repeats,
                int planned,
                Instant started,
                Duration took,
                Ending ending) {
            this(
                    candidate,
                    candidateFingerprint,
                    model,
                    promptHash,
                    dataset,
                    datasetHash,
                    scorers,
                    repeats,
                    planned,
                    planned,
                    started,
                    took,
                    ending);
        }

        /**
         * Whether every case of the dataset was asked as often as it should be. Some of the shards are no complete run,
         * whatever they ended with: whoever put them together may have seen what they found.
         */
        public boolean complete() {
            return ending == Ending.COMPLETE && planned >= whole;
        }

        /** Why it is not {@link #complete}, in words; of no meaning for one that is. */
        public String whyNotComplete() {
            return ending != Ending.COMPLETE
                    ? ending.name()
                    : "of shards with " + planned + " of the dataset's " + whole + " answers";
        }

        /** Whether it ended before its time for a reason that its results may have had a part in. */
        public boolean isCutShort() {
            return !complete() && ending != Ending.DECIDED_EARLY;
        }

        /** The same run, ended. */
        Info ended(Duration took, Ending ending) {
            return part(planned, whole, started, took, ending);
        }

        /** The same run of a part of a dataset. */
        Info part(int planned, int whole, Instant started, Duration took, Ending ending) {
            return new Info(
                    candidate,
                    candidateFingerprint,
                    model,
                    promptHash,
                    dataset,
                    datasetHash,
                    scorers,
                    repeats,
                    planned,
                    whole,
                    started,
                    took,
                    ending);
        }

        /** The same run of another part of the dataset; each part scored the judges' anchors for itself. */
        boolean isOfOneRunWith(Info other) {
            return candidate.equals(other.candidate)
                    && candidateFingerprint.equals(other.candidateFingerprint)
                    && model.equals(other.model)
                    && promptHash.equals(other.promptHash)
                    && dataset.equals(other.dataset)
                    && datasetHash.equals(other.datasetHash)
                    && repeats == other.repeats
                    && scorerSettings().equals(other.scorerSettings());
        }

        /** In their order. */
        private List<List<Object>> scorerSettings() {
            return scorers.entrySet().stream()
                    .map(each -> List.<Object>of(
                            each.getKey(),
                            each.getValue().fingerprint(),
                            each.getValue().lossy(),
                            each.getValue().higherIsBetter(),
                            each.getValue().mayGate()))
                    .toList();
        }

        /** Which scorers have other settings in another run, for a message; empty if none. */
        String otherScorers(Info other) {
            List<String> names = new ArrayList<>();
            scorers.forEach((name, scorer) -> {
                ScorerInfo same = other.scorers.get(name);
                if (same == null || !same.fingerprint().equals(scorer.fingerprint())) {
                    names.add("'" + name + "' is " + scorer.fingerprint() + " and "
                            + (same == null ? "absent" : same.fingerprint()));
                }
            });
            return names.isEmpty() ? "" : "; of the scorers " + String.join(", ", names);
        }
    }

    /**
     * What a run remembers of a scorer.
     *
     * @param fingerprint see {@link Scorer#fingerprint()}
     * @param lossy see {@link Scorer#lossy()}
     * @param higherIsBetter see {@link Scorer#higherIsBetter()}
     * @param mayGate whether a release may depend on it: it is not lossy, or it is a judge calibrated on human labels
     * @param anchors what a calibrated judge said of its labelled answers when the run was started, see {@link
     *     CalibratedJudge#anchors}; null for other scorers
     * @param fromZeroToOne see {@link Scorer#fromZeroToOne()}
     */
    public record ScorerInfo(
            String fingerprint,
            boolean lossy,
            boolean higherIsBetter,
            boolean mayGate,
            @Nullable String anchors,
            boolean fromZeroToOne) {

        /** A scorer that does not declare its range. */
        public ScorerInfo(
                String fingerprint, boolean lossy, boolean higherIsBetter, boolean mayGate, @Nullable String anchors) {
            this(fingerprint, lossy, higherIsBetter, mayGate, anchors, false);
        }

        /** A scorer without anchors that does not declare its range. */
        public ScorerInfo(String fingerprint, boolean lossy, boolean higherIsBetter, boolean mayGate) {
            this(fingerprint, lossy, higherIsBetter, mayGate, null);
        }
    }

    /** A run in which nothing was used but for its results. */
    public EvalRun(Info info, List<CaseResult> results) {
        this(info, results, Spent.NOTHING);
    }

    /** Copies the results and puts them in order. */
    public EvalRun {
        results = results.stream().sorted(ORDER).toList();
    }

    /** What the results say: rates with intervals, slices, failures, errors, costs. Computed anew by each call. */
    public RunSummary summary() {
        return RunSummary.of(this);
    }

    /** Results that are no answers: the candidate failed. */
    long errors() {
        return results.stream().filter(result -> result.error() != null).count();
    }

    /** Scores that a scorer failed to give. */
    int scorerErrors() {
        return results.stream().mapToInt(result -> result.scorerErrors().size()).sum();
    }

    /** Scores of a metric that its scorer failed to give. */
    long failuresOf(String metric) {
        return results.stream()
                .filter(result -> result.scorerErrors().containsKey(metric))
                .count();
    }

    /**
     * Puts shards of one run together: the results are those of the run in one piece. As long as a shard is missing the run is
     * not {@link Info#complete complete}.
     *
     * @param shards runs of different shards, in any order
     * @throws IllegalArgumentException if there are none, they are not of one run, two have the same case, or a judge was not
     *     the same in all of them: by its hash, by its verdicts on its anchors, or by the model that says that it answered
     */
    public static EvalRun merge(List<EvalRun> shards) {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("shards: none (expected: at least one)");
        }
        List<EvalRun> inOrder =
                shards.stream().sorted(Comparator.comparing(EvalRun::firstCase)).toList();
        Info first = inOrder.get(0).info();
        List<CaseResult> results = new ArrayList<>();
        Set<List<Object>> seen = new HashSet<>();
        Spent apart = Spent.NOTHING;
        int planned = 0;
        int whole = 0;
        Instant started = first.started();
        Duration took = Duration.ZERO;
        Ending ending = Ending.COMPLETE;
        for (EvalRun shard : inOrder) {
            if (!shard.info().isOfOneRunWith(first)) {
                throw new IllegalArgumentException(
                        "shards of two runs (expected: one candidate, dataset, scorers and number of repeats; got '"
                                + first.candidate() + "' on " + first.datasetHash() + " and '"
                                + shard.info().candidate() + "' on "
                                + shard.info().datasetHash()
                                + first.otherScorers(shard.info()) + ")");
            }
            for (CaseResult result : shard.results()) {
                if (!seen.add(List.of(result.caseId(), result.repeat()))) {
                    throw new IllegalArgumentException("case '" + result.caseId() + "' is in two of the shards"
                            + " (expected: shards of one split; was one given twice?)");
                }
                results.add(result);
            }
            apart = apart.plus(shard.apart());
            planned += shard.info().planned();
            whole = Math.max(whole, shard.info().whole());
            started = shard.info().started().isBefore(started) ? shard.info().started() : started;
            took = shard.info().took().compareTo(took) > 0 ? shard.info().took() : took;
            ending = shard.info().ending().compareTo(ending) > 0 ? shard.info().ending() : ending;
        }
        requireSameJudges(inOrder);
        return new EvalRun(first.part(planned, Math.max(planned, whole), started, took, ending), results, apart);
    }

    /** Tells shards apart whatever order they come in; one without results is the first. */
    private String firstCase() {
        return results.isEmpty() ? "" : results.get(0).caseId();
    }

    private static void requireSameJudges(List<EvalRun> shards) {
        List<String> differences = SameJudges.differences(shards);
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("shards of two judges: " + String.join("; ", differences)
                    + " (expected: one judge for all shards; calibrate it anew and score them again)");
        }
    }

    /**
     * Writes the run as JSON Lines, in place of what the file held: first what was run, then a line for each result. Equal
     * runs give equal files, so that a stored baseline changes only where its results do.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void save(Path file) {
        try {
            RunFile.write(file, this);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    /**
     * Reads what {@link #save} wrote, or the journal of a run, finished or not.
     *
     * @throws IllegalArgumentException if it is no run
     * @throws UncheckedIOException if it cannot be read
     */
    public static EvalRun read(Path file) {
        try {
            return RunFile.read(file).run();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read as a run", e);
        }
    }

    /** Names the candidate and the counts only. */
    @Override
    public String toString() {
        return "EvalRun(" + info.candidate() + ", " + results.size() + " of " + info.planned() + " answers, "
                + info.ending() + ")";
    }
}
