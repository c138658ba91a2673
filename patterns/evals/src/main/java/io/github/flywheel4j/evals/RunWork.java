package io.github.flywheel4j.evals;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.UuidV7;
import io.github.flywheel4j.evals.EvalRun.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run, done once: one thread starts cases as places become free, each case runs on a thread of its own, and what comes of
 * it goes to the journal and the listeners under one lock.
 */
final class RunWork {

    private static final Logger LOG = LoggerFactory.getLogger(RunWork.class);

    private final EvalRunner runner;
    private final Candidate candidate;
    private final List<Scorer> scorers;
    private final Map<String, List<EvalCase>> cases;
    private final Journal journal;
    private final Map<String, Set<String>> judgesBefore = new HashMap<>();
    private final String runId;
    private final long startedAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private final List<CaseResult> results = new ArrayList<>();
    private final Set<Asked> underWay = new HashSet<>();
    private final Map<String, Integer> missing = new HashMap<>();
    private final Set<RunListener> failedListeners = new HashSet<>();
    private final int resumed;
    private int errors;
    private int scorerErrors;
    private Spent spent = Spent.NOTHING;
    // Used for no result; what is unwritten waits for a thread that nobody interrupts, which would close the journal.
    private Spent apart;
    private Spent unwritten = Spent.NOTHING;
    private boolean ended;
    private boolean cancelled;
    private @Nullable IOException broken;

    RunWork(
            EvalRunner runner,
            Candidate candidate,
            List<Scorer> scorers,
            Map<String, List<EvalCase>> cases,
            Journal journal) {
        this.runner = runner;
        this.candidate = candidate;
        this.scorers = scorers;
        this.cases = cases;
        this.journal = journal;
        this.runId = UuidV7.at(runner.clock().millis()).toString();
        this.startedAt = runner.nanoTime().getAsLong();
        cases.forEach((cluster, members) -> missing.put(cluster, members.size() * runner.repeats()));
        journal.found().forEach(this::count);
        scorers.forEach(each -> judgesBefore.put(each.name(), SameJudges.models(journal.found(), each.name())));
        this.apart = journal.apart();
        this.spent = spent.plus(apart);
        this.resumed = journal.found().size();
    }

    EvalRun run() {
        ExecutorService threads = RunThreads.create();
        ScheduledThreadPoolExecutor timeouts = RunThreads.timer();
        try {
            Progress start = progress();
            tell(listener -> listener.onStart(start));
            Ending ending = askAll(threads, timeouts);
            Duration took = elapsed();
            Spent forNoResult = endCounting();
            journal.end(took, ending);
            EvalRun run = new EvalRun(
                    journal.info()
                            .ended(journal.info().planned(), journal.info().started(), took, ending),
                    results,
                    forNoResult);
            tell(listener -> listener.onEnd(run));
            return run;
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written", e);
        } finally {
            threads.shutdownNow();
            timeouts.shutdownNow();
            closeJournal();
        }
    }

    /** What was used for no result, once those that were cancelled have said what they know by now. */
    private Spent endCounting() throws IOException {
        lock.lock();
        try {
            List.copyOf(underWay).forEach(Asked::giveUp);
            while (!underWay.isEmpty()) {
                changed.awaitUninterruptibly(); // for another thread that gives it up
            }
            ended = true;
            writeSpent();
            return apart;
        } finally {
            lock.unlock();
        }
    }

    private void writeSpent() throws IOException {
        journal.add(unwritten);
        unwritten = Spent.NOTHING;
    }

    private void closeJournal() {
        try {
            journal.close();
        } catch (IOException e) {
            LOG.warn("the journal of a run could not be closed; its lines are written", e);
        }
    }

    void cancel() {
        List<Asked> asked;
        lock.lock();
        try {
            cancelled = true;
            asked = List.copyOf(underWay);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        asked.forEach(Asked::giveUp);
    }

    private Ending askAll(ExecutorService threads, ScheduledThreadPoolExecutor timeouts) throws IOException {
        Set<List<Object>> done = new HashSet<>();
        results.forEach(each -> done.add(List.of(each.caseId(), each.repeat())));
        Pace pace = runner.pace();
        Looks looks = new Looks(List.copyOf(cases.keySet()));
        Ending ending = Ending.COMPLETE;
        asking:
        for (List<EvalCase> members : cases.values()) {
            for (EvalCase evalCase : members) {
                for (int repeat = 0; repeat < runner.repeats(); repeat++) {
                    if (done.contains(List.of(evalCase.id(), repeat))) {
                        continue;
                    }
                    Ending sooner = awaitPlace(pace, looks);
                    if (sooner != null) {
                        ending = sooner;
                        break asking;
                    }
                    ask(new Asked(evalCase, repeat), threads, timeouts);
                }
            }
        }
        return awaitEnd(ending);
    }

    /** Waits until another case may start; why none may any more, or null. */
    private @Nullable Ending awaitPlace(Pace pace, Looks looks) throws IOException {
        lock.lock();
        try {
            long left = pace.beforeNext(runner.nanoTime().getAsLong()).toNanos();
            while (!cancelled && broken == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            while (!cancelled && broken == null && underWay.size() >= runner.workers()) {
                changed.await();
            }
            if (cancelled) {
                return Ending.CANCELLED;
            }
            if (broken != null) {
                throw broken;
            }
            // First: a run that was decided has ended for that reason, whatever is left of its budget when it is taken
            // up again.
            if (looks.isDecided()) {
                return Ending.DECIDED_EARLY;
            }
            String limit = runner.budget().reachedBy(spent, elapsed());
            if (limit != null) {
                LOG.info("the run ends after {} answers: its budget of {} is used up", results.size(), limit);
                return Ending.OUT_OF_BUDGET;
            }
            return null;
        } catch (InterruptedException e) {
            cancelled = true;
            return Ending.CANCELLED;
        } finally {
            lock.unlock();
        }
    }

    private Ending awaitEnd(Ending ending) throws IOException {
        lock.lock();
        try {
            while (!cancelled && broken == null && !underWay.isEmpty()) {
                changed.await();
            }
            if (broken != null) {
                throw broken;
            }
            return cancelled ? Ending.CANCELLED : ending;
        } catch (InterruptedException e) {
            cancelled = true;
            return Ending.CANCELLED;
        } finally {
            lock.unlock();
        }
    }

    private void ask(Asked asked, ExecutorService threads, ScheduledThreadPoolExecutor timeouts) {
        lock.lock();
        try {
            underWay.add(asked);
        } finally {
            lock.unlock();
        }
        asked.start(threads, timeouts);
    }

    /** Takes note of a result, unless the run was cancelled before. */
    private void add(Asked asked, CaseResult result) {
        // A candidate that left its thread interrupted would close the journal's file with the next write.
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            underWay.remove(asked);
            if (cancelled || broken != null) {
                alsoSpent(result.spent());
            } else {
                writeSpent();
                journal.add(result, sinceStarted());
                count(result);
                Progress progress = progress();
                tell(listener -> listener.onResult(result, progress));
            }
        } catch (IOException e) {
            broken = e;
        } finally {
            changed.signalAll();
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void count(CaseResult result) {
        results.add(result);
        missing.merge(result.cluster(), -1, Integer::sum);
        errors += result.error() == null ? 0 : 1;
        scorerErrors += result.scorerErrors().size();
        spent = spent.plus(result.spent());
    }

    /** Counts what a case used for no result: it was given up, and cost money nevertheless. */
    private void alsoSpent(Spent late) {
        lock.lock();
        try {
            if (!ended) {
                spent = spent.plus(late);
                apart = apart.plus(late);
                unwritten = unwritten.plus(late);
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration sinceStarted() {
        return Duration.ofNanos(runner.nanoTime().getAsLong() - startedAt);
    }

    private Duration elapsed() {
        return journal.took().plus(sinceStarted());
    }

    Progress progress() {
        lock.lock();
        try {
            return new Progress(
                    results.size(),
                    journal.info().planned(),
                    resumed,
                    errors,
                    scorerErrors,
                    elapsed(),
                    sinceStarted(),
                    spent.tokens(),
                    spent.cost());
        } finally {
            lock.unlock();
        }
    }

    private void tell(Consumer<RunListener> event) {
        for (RunListener listener : runner.listeners()) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                if (failedListeners.add(listener)) {
                    LOG.warn(
                            "run listener {} threw {}; the run goes on, further failures of it are not logged",
                            listener.getClass().getName(),
                            e.getClass().getName(),
                            e);
                }
            }
        }
    }

    private CallContext context(EvalCase evalCase, int repeat) {
        return runner.context().toBuilder()
                .attribute(CallContext.FRESH, true)
                .attribute(
                        Candidate.ATTRIBUTE,
                        Map.<String, Object>of("run", runId, "case", evalCase.id(), "repeat", repeat))
                .build();
    }

    /** Looks at the clusters that are complete, in their order and without a gap, so that quick cases do not come first. */
    private final class Looks {

        private final List<String> order;
        private int complete;
        private int nextLook = 1;

        Looks(List<String> order) {
            this.order = order;
        }

        boolean isDecided() {
            EarlyStop stop = runner.earlyStop();
            if (stop == null) {
                return false;
            }
            while (complete < order.size() && missing.getOrDefault(order.get(complete), 0) <= 0) {
                complete++;
            }
            if (complete < nextLook) {
                return false;
            }
            // A look takes longer the more there is, so looks become rarer; none of them costs confidence.
            nextLook = complete + 1 + complete / 20;
            return stop.isDecided(new EvalRun(journal.info(), results));
        }
    }

    /** One case on its way: answered, timed out or given up, whichever comes first. */
    private final class Asked implements Runnable {

        private final EvalCase evalCase;
        private final int repeat;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Map<String, Score> scores = new LinkedHashMap<>();
        private final Map<String, CaseResult.Failure> scorerErrors = new LinkedHashMap<>();
        private @Nullable Output output;
        private Spent beside = Spent.NOTHING;
        private boolean isTold;
        private volatile @Nullable Future<?> task;
        private volatile @Nullable Future<?> timeout;

        Asked(EvalCase evalCase, int repeat) {
            this.evalCase = evalCase;
            this.repeat = repeat;
        }

        void start(ExecutorService threads, ScheduledThreadPoolExecutor timeouts) {
            timeout = timeouts.schedule(this::timeOut, runner.caseTimeout().toMillis(), TimeUnit.MILLISECONDS);
            task = threads.submit(this);
        }

        @Override
        public void run() {
            if (ended.get()) {
                return; // given up before it began
            }
            CallContext context = context(evalCase, repeat);
            try {
                Output answer = candidate.answer(evalCase, context, runner.nanoTime(), this::use);
                take(answer);
                for (Scorer scorer : scorers) {
                    score(scorer, answer, context);
                }
                end(null);
            } catch (Throwable e) {
                end(e);
            }
        }

        private void take(Output answer) {
            boolean isLate;
            synchronized (scores) {
                isLate = isTold;
                output = answer;
            }
            if (isLate) {
                alsoSpent(Spent.of(answer));
            }
        }

        private void use(Spent more) {
            boolean isLate;
            synchronized (scores) {
                isLate = isTold;
                beside = beside.plus(more);
            }
            if (isLate) {
                alsoSpent(more);
            }
        }

        private void score(Scorer scorer, Output answer, CallContext context) {
            try (JudgeUse heard = JudgeUse.tell(this::use)) {
                Attempt<Score> attempt = Attempt.of(context, () -> scorer.score(evalCase, answer));
                use(attempt.spent());
                Score score = attempt.get();
                RunFile.requireJson(score);
                SameJudges.requireSame(scorer.name(), judgesBefore.getOrDefault(scorer.name(), Set.of()), score);
                synchronized (scores) {
                    scores.put(scorer.name(), score);
                }
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                synchronized (scores) {
                    scorerErrors.put(scorer.name(), CaseResult.Failure.of(e));
                }
            }
        }

        private void timeOut() {
            TimeoutException late = new TimeoutException(
                    "no answer with all scores within " + runner.caseTimeout() + " (see EvalRunner.caseTimeout)");
            if (end(late)) {
                interrupt();
            }
        }

        void giveUp() {
            if (ended.compareAndSet(false, true)) {
                interrupt();
                add(this, result(new IllegalStateException("the run was cancelled")));
            }
        }

        private void interrupt() {
            Future<?> started = task;
            if (started != null) {
                started.cancel(true);
            }
        }

        private boolean end(@Nullable Throwable error) {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            Future<?> waiting = timeout;
            if (waiting != null) {
                waiting.cancel(false);
            }
            add(this, result(error));
            return true;
        }

        private CaseResult result(@Nullable Throwable error) {
            synchronized (scores) {
                Output answer = output;
                isTold = true;
                Map<String, CaseResult.Failure> failures = new LinkedHashMap<>(scorerErrors);
                if (answer != null && error != null) {
                    for (Scorer scorer : scorers) {
                        if (!scores.containsKey(scorer.name())) {
                            failures.putIfAbsent(scorer.name(), CaseResult.Failure.of(error));
                        }
                    }
                }
                Map<String, Score> inOrder = new LinkedHashMap<>();
                for (Scorer scorer : scorers) {
                    Score score = scores.get(scorer.name());
                    if (score != null) {
                        inOrder.put(scorer.name(), score);
                    }
                }
                return new CaseResult(
                        evalCase.id(),
                        repeat,
                        evalCase.clusterOrSelf(),
                        evalCase.slices(),
                        answer,
                        answer != null
                                ? null
                                : CaseResult.Failure.of(
                                        error == null
                                                ? new IllegalStateException("the candidate gave no output")
                                                : error),
                        inOrder,
                        failures,
                        beside);
            }
        }
    }
}
