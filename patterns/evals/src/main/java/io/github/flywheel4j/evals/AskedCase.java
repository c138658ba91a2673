package io.github.flywheel4j.evals;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One case on its way: answered, timed out or given up, whichever comes first. Thread-safe. */
final class AskedCase implements Runnable {

    private final CaseAsker asker;
    private final PartialResult result;
    private final BiConsumer<AskedCase, CaseResult> whenEnded;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Future<?> task;
    private volatile @Nullable Future<?> timeout;

    /** A case; the consumer gets its result once, on the thread that ended it. */
    AskedCase(CaseAsker asker, PartialResult result, BiConsumer<AskedCase, CaseResult> whenEnded) {
        this.asker = asker;
        this.result = result;
        this.whenEnded = whenEnded;
    }

    void start(ExecutorService threads, ScheduledExecutorService timeouts, Duration atMost) {
        timeout =
                timeouts.schedule(() -> timeOut(atMost), TimeUnit.MILLISECONDS.convert(atMost), TimeUnit.MILLISECONDS);
        task = threads.submit(this);
    }

    @Override
    public void run() {
        if (ended.get()) {
            return; // given up before it began
        }
        try {
            asker.ask(result);
            end(null);
        } catch (Throwable e) {
            end(e);
        }
    }

    void giveUp() {
        if (ended.compareAndSet(false, true)) {
            interrupt();
            whenEnded.accept(this, result.tell(new IllegalStateException("the run was cancelled")));
        }
    }

    private void timeOut(Duration atMost) {
        if (end(new TimeoutException("no answer with all scores within " + atMost + " (see EvalRunner.caseTimeout)"))) {
            interrupt();
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
        whenEnded.accept(this, result.tell(error));
        return true;
    }
}
