package io.github.flywheel4j.evals;

import io.github.flywheel4j.UuidV7;
import io.github.flywheel4j.evals.EvalRun.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
    private final CaseAsker asker;
    private final Map<String, List<EvalCase>> cases;
    private final Journal journal;
    private final RunListeners listeners;
    private final EarlyLooks looks;
    private final long startedAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private final RunTally tally;
    private final Set<AskedCase> underWay = new HashSet<>();
    // Used for no result; it waits for a thread that nobody interrupts, which would close the journal.
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
        this.cases = cases;
        this.journal = journal;
        this.startedAt = runner.nanoTime().getAsLong();
        this.asker = new CaseAsker(
                UuidV7.at(runner.clock().millis()).toString(),
                candidate,
                scorers,
                runner.context(),
                runner.nanoTime(),
                journal.found());
        this.listeners = new RunListeners(runner.listeners());
        this.looks = new EarlyLooks(runner.earlyStop(), List.copyOf(cases.keySet()), journal.info());
        this.tally = new RunTally(cases, runner.repeats(), journal);
    }

    EvalRun run() {
        ExecutorService threads = RunThreads.create();
        ScheduledExecutorService timeouts = RunThreads.timer();
        try {
            Progress start = progress();
            listeners.tell(listener -> listener.onStart(start));
            Ending ending = askAll(threads, timeouts);
            Duration took = elapsed();
            Spent forNoResult = endCounting();
            journal.end(took, ending);
            EvalRun run = new EvalRun(journal.info().ended(took, ending), tally.results(), forNoResult);
            listeners.tell(listener -> listener.onEnd(run));
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
            List.copyOf(underWay).forEach(AskedCase::giveUp);
            while (!underWay.isEmpty()) {
                changed.awaitUninterruptibly(); // for another thread that gives it up
            }
            ended = true;
            writeSpent();
            return tally.apart();
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
        List<AskedCase> asked;
        lock.lock();
        try {
            cancelled = true;
            asked = List.copyOf(underWay);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        asked.forEach(AskedCase::giveUp);
    }

    private Ending askAll(ExecutorService threads, ScheduledExecutorService timeouts) throws IOException {
        Set<List<Object>> done = new HashSet<>();
        tally.results().forEach(each -> done.add(List.of(each.caseId(), each.repeat())));
        Pace pace = runner.pace();
        Ending ending = Ending.COMPLETE;
        asking:
        for (List<EvalCase> members : cases.values()) {
            for (EvalCase evalCase : members) {
                for (int repeat = 0; repeat < runner.repeats(); repeat++) {
                    if (done.contains(List.of(evalCase.id(), repeat))) {
                        continue;
                    }
                    Ending sooner = awaitPlace(pace);
                    if (sooner != null) {
                        ending = sooner;
                        break asking;
                    }
                    ask(evalCase, repeat, threads, timeouts);
                }
            }
        }
        return awaitEnd(ending);
    }

    /** Waits until another case may start; why none may any more, or null. */
    private @Nullable Ending awaitPlace(Pace pace) throws IOException {
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
            if (looks.areDecided(tally)) {
                return Ending.DECIDED_EARLY;
            }
            runner.budget().requireCounted(tally.spent(), tally.unpriced());
            String limit = runner.budget().reachedBy(tally.spent(), elapsed());
            if (limit != null) {
                LOG.info(
                        "the run ends after {} answers: its budget of {} is used up",
                        tally.results().size(),
                        limit);
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
            if (!cancelled) {
                // Also where all cases were under way before the first had ended.
                runner.budget().requireCounted(tally.spent(), tally.unpriced());
            }
            return cancelled ? Ending.CANCELLED : ending;
        } catch (InterruptedException e) {
            cancelled = true;
            return Ending.CANCELLED;
        } finally {
            lock.unlock();
        }
    }

    private void ask(EvalCase evalCase, int repeat, ExecutorService threads, ScheduledExecutorService timeouts) {
        PartialResult result = new PartialResult(evalCase, repeat, asker.scorers(), this::alsoSpent);
        AskedCase asked = new AskedCase(asker, result, this::add);
        lock.lock();
        try {
            underWay.add(asked);
        } finally {
            lock.unlock();
        }
        asked.start(threads, timeouts, runner.caseTimeout());
    }

    /** Takes note of a result, unless the run was cancelled before. */
    private void add(AskedCase asked, CaseResult result) {
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
                tally.add(result);
                Progress progress = progress();
                listeners.tell(listener -> listener.onResult(result, progress));
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

    /** Counts what a case used for no result: it was given up, and cost money nevertheless. */
    private void alsoSpent(Spent late) {
        lock.lock();
        try {
            if (!ended) {
                tally.addApart(late);
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
            return tally.progress(elapsed(), sinceStarted());
        } finally {
            lock.unlock();
        }
    }
}
