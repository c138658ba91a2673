package io.github.flywheel4j.evals;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks a candidate every case of a dataset and scores the answers.
 *
 * <pre>{@code
 * EvalRunner runner = EvalRunner.builder()
 *         .workers(16)
 *         .repeats(3)
 *         .budget(Budget.unlimited().withTokens(1_000_000))
 *         .journal(folder.resolve("run.jsonl"))
 *         .build();
 * EvalRun run = runner.run(dataset, candidate, List.of(exact, helpful));
 * }</pre>
 *
 * <p>A candidate or a scorer that throws makes an error of that case, kept apart from failures, and the run goes on. With a
 * journal, a run that died goes on where it was: what was answered is never asked again. Scores of a judge that is answered
 * for by another model than before the pause are errors of that scorer.
 *
 * <p>Cases are asked in an order that is random and the same for each run of the dataset; the results are in the order of
 * their ids, so that runs of any number of workers or shards are alike.
 *
 * <p>Immutable and thread-safe; one runner serves many runs, but a journal only one at a time.
 */
public final class EvalRunner {

    private final int workers;
    private final int repeats;
    private final double casesPerSecond;
    private final Budget budget;
    private final Duration caseTimeout;
    private final @Nullable Path journal;
    private final boolean retryErrors;
    private final Shard shard;
    private final List<RunListener> listeners;
    private final CallContext context;
    private final @Nullable EarlyStop earlyStop;
    private final Clock clock;
    private final LongSupplier nanoTime;

    private EvalRunner(Builder builder) {
        this.workers = builder.workers;
        this.repeats = builder.repeats;
        this.casesPerSecond = builder.casesPerSecond;
        this.budget = builder.budget;
        this.caseTimeout = builder.caseTimeout;
        this.journal = builder.journal;
        this.retryErrors = builder.retryErrors;
        this.shard = builder.shard;
        this.listeners = List.copyOf(builder.listeners);
        this.context = builder.context;
        this.earlyStop = builder.earlyStop;
        this.clock = builder.clock;
        this.nanoTime = builder.nanoTime;
    }

    /** A builder of runners. */
    public static Builder builder() {
        return new Builder();
    }

    /** A runner with the defaults of the {@link Builder}. */
    public static EvalRunner create() {
        return builder().build();
    }

    /**
     * Runs and waits. An interrupt cancels the run, which then returns what there is, with the thread's flag set.
     *
     * @param scorers at least one; each name once
     * @throws IllegalArgumentException if there is no scorer, two have one name, or a judge is of the candidate's own family of
     *     models without a reason for that
     * @throws IllegalStateException if the journal holds another run, or a calibrated judge has moved since it was begun, or the
     *     budget limits money and the answers have no price or one in another currency
     * @throws UncheckedIOException if the journal cannot be read or written
     */
    public EvalRun run(Dataset dataset, Candidate candidate, List<? extends Scorer> scorers) {
        return start(dataset, candidate, scorers).join();
    }

    /** Equal to {@link #run}, but does not wait. */
    public RunningEval start(Dataset dataset, Candidate candidate, List<? extends Scorer> scorers) {
        Map<String, ScorerInfo> infos = infos(scorers);
        scorers.forEach(scorer -> JudgeModel.requireOtherFamily(scorer, candidate.model()));
        Map<String, List<EvalCase>> cases = CaseOrder.cases(dataset, shard);
        int planned = repeats * cases.values().stream().mapToInt(List::size).sum();
        Info info = new Info(
                candidate.name(),
                candidate.fingerprint(),
                candidate.model(),
                candidate.promptHash(),
                dataset.name(),
                dataset.hash(),
                infos,
                repeats,
                planned,
                repeats * dataset.cases().size(),
                clock.instant(),
                Duration.ZERO,
                EvalRun.Ending.BROKEN_OFF);
        EarlyStop stop = earlyStop;
        if (stop != null) {
            stop.requireComparable(info);
        }
        try {
            Journal opened =
                    journal == null ? Journal.none(info) : Journal.open(journal, info, ids(cases), retryErrors);
            RunWork work = new RunWork(this, candidate, List.copyOf(scorers), cases, opened);
            return RunningEval.start(work);
        } catch (IOException e) {
            throw new UncheckedIOException(journal + ": cannot be used as a journal", e);
        }
    }

    private static Set<String> ids(Map<String, List<EvalCase>> cases) {
        return cases.values().stream().flatMap(List::stream).map(EvalCase::id).collect(Collectors.toSet());
    }

    private static Map<String, ScorerInfo> infos(List<? extends Scorer> scorers) {
        Map<String, ScorerInfo> infos = new LinkedHashMap<>();
        for (Scorer scorer : scorers) {
            boolean mayGate = !scorer.lossy() || Gate.isCalibrated(scorer);
            ScorerInfo before = infos.put(
                    scorer.name(),
                    new ScorerInfo(
                            scorer.fingerprint(),
                            scorer.lossy(),
                            scorer.higherIsBetter(),
                            mayGate,
                            scorer instanceof CalibratedJudge judge ? judge.anchors() : null,
                            scorer.fromZeroToOne()));
            if (before != null) {
                throw new IllegalArgumentException(
                        "scorers: '" + scorer.name() + "' twice (expected: each name once; give one another name)");
            }
        }
        if (infos.isEmpty()) {
            throw new IllegalArgumentException("scorers: none (expected: at least one)");
        }
        return infos;
    }

    int workers() {
        return workers;
    }

    int repeats() {
        return repeats;
    }

    Pace pace() {
        return Pace.of(casesPerSecond);
    }

    Budget budget() {
        return budget;
    }

    Duration caseTimeout() {
        return caseTimeout;
    }

    List<RunListener> listeners() {
        return listeners;
    }

    CallContext context() {
        return context;
    }

    @Nullable
    EarlyStop earlyStop() {
        return earlyStop;
    }

    Clock clock() {
        return clock;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** Builds runners. Not thread-safe. */
    public static final class Builder {

        private static final int MOST_WORKERS = 10_000;
        private static final int MOST_REPEATS = 1_000;

        private int workers = 8;
        private int repeats = 1;
        private double casesPerSecond = Double.POSITIVE_INFINITY;
        private Budget budget = Budget.unlimited();
        private Duration caseTimeout = Duration.ofMinutes(5);
        private @Nullable Path journal;
        private boolean retryErrors;
        private Shard shard = Shard.whole();
        private final List<RunListener> listeners = new ArrayList<>();
        private CallContext context = CallContext.empty();
        private @Nullable EarlyStop earlyStop;
        private Clock clock = Clock.systemUTC();
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /**
         * How many cases are under way at once, each on a thread of its own (virtual where the JDK has them); 8 unless told,
         * which most providers let through.
         */
        public Builder workers(int workers) {
            this.workers = workers;
            return this;
        }

        /** How often each case is asked; once unless told. Several answers tell how flaky a case is. */
        public Builder repeats(int repeats) {
            this.repeats = repeats;
            return this;
        }

        /** The most cases to start per second; no limit unless told. */
        public Builder casesPerSecond(double casesPerSecond) {
            this.casesPerSecond = casesPerSecond;
            return this;
        }

        /** The most to use; unlimited unless told. */
        public Builder budget(Budget budget) {
            this.budget = budget;
            return this;
        }

        /**
         * The most time for one answer with its scores; 5 minutes unless told, longer than any provider's timeout. Then the
         * thread is interrupted and the case counts as an error.
         */
        public Builder caseTimeout(Duration caseTimeout) {
            this.caseTimeout = caseTimeout;
            return this;
        }

        /**
         * The file that each result is appended to as soon as it is there; none unless told. If it exists, the run in it goes
         * on. It survives the end of the process at any moment, not that of the machine.
         */
        public Builder journal(Path journal) {
            this.journal = journal;
            return this;
        }

        /** Asks again what the journal has as an error; otherwise an error is a result like any other. */
        public Builder retryErrors() {
            this.retryErrors = true;
            return this;
        }

        /** The part of the dataset to run; the whole unless told. */
        public Builder shard(Shard shard) {
            this.shard = shard;
            return this;
        }

        /** Adds a listener. */
        public Builder listener(RunListener listener) {
            listeners.add(listener);
            return this;
        }

        /** What else the calls' context says, such as a tenant; nothing unless told. */
        public Builder context(CallContext context) {
            this.context = context;
            return this;
        }

        /**
         * Ends the run as soon as the gate's verdict is clear. Not for shards.
         *
         * @param gate built with {@link Gate.Builder#earlyStopping()}
         */
        public Builder stopEarly(EvalRun baseline, Gate gate, Varies varies) {
            this.earlyStop = new EarlyStop(baseline, gate, varies);
            return this;
        }

        /** The clock of the run's date; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** What latencies, rates and the time budget are measured with, in nanoseconds; the system's unless told. */
        public Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            return this;
        }

        /**
         * Builds the runner.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public EvalRunner build() {
            within("workers", workers, MOST_WORKERS);
            within("repeats", repeats, MOST_REPEATS);
            if (!(casesPerSecond > 0)) {
                throw new IllegalArgumentException("casesPerSecond: " + casesPerSecond + " (expected: > 0)");
            }
            if (caseTimeout.isNegative() || caseTimeout.isZero()) {
                throw new IllegalArgumentException("caseTimeout: " + caseTimeout + " (expected: > 0)");
            }
            if (earlyStop != null && shard.of() > 1) {
                throw new IllegalArgumentException("stopEarly with shard " + shard
                        + " (expected: the whole run; a part of it does not know what the others found)");
            }
            return new EvalRunner(this);
        }

        private static void within(String name, int value, int most) {
            if (value < 1 || value > most) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + most + ")");
            }
        }
    }
}
