package io.github.flywheel4j.evals;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A run under way. Thread-safe. */
public final class RunningEval {

    private final RunWork work;
    private final CompletableFuture<EvalRun> end = new CompletableFuture<>();

    private RunningEval(RunWork work) {
        this.work = work;
    }

    static RunningEval start(RunWork work) {
        RunningEval running = new RunningEval(work);
        Thread thread = new Thread(running::run, "flywheel4j-eval");
        thread.setDaemon(true);
        thread.start();
        return running;
    }

    private void run() {
        try {
            end.complete(work.run());
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    /**
     * Asks no further case, interrupts those under way and forgets them; a run with a journal can go on later. Does not wait.
     */
    public void cancel() {
        work.cancel();
    }

    /** How far it is. */
    public Progress progress() {
        return work.progress();
    }

    /** Whether it has ended. */
    public boolean isDone() {
        return end.isDone();
    }

    /**
     * Waits for the end. An interrupt cancels the run; what there is then is returned, with the thread's flag set.
     *
     * @throws java.io.UncheckedIOException if the journal could not be written
     */
    public EvalRun join() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return end.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException unchecked) {
                        throw unchecked;
                    }
                    if (e.getCause() instanceof Error error) {
                        throw error;
                    }
                    throw new CompletionException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
