package io.github.flywheel4j.caching;

import io.github.flywheel4j.caching.AnswerJudge.Verdict;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has answers compared away from the calls. Nothing that the judge does reaches a call: where it fails, is unsure or has too
 * much to do there is no verdict, and that is counted. Thread-safe.
 */
final class BackgroundJudge {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundJudge.class);

    private static final int QUEUE = 1_000;

    private final AnswerJudge judge;
    private final Executor executor;
    private final LongAdder withoutVerdict = new LongAdder();

    BackgroundJudge(AnswerJudge judge, @Nullable Executor executor) {
        this.judge = judge;
        this.executor = executor == null ? backgroundThreads() : executor;
    }

    /** @param onVerdict hears whether the answers are the same, if the judge can tell */
    void compare(String question, String cached, String fresh, Consumer<Boolean> onVerdict) {
        try {
            executor.execute(() -> {
                Verdict verdict = verdict(question, cached, fresh);
                if (verdict == Verdict.UNSURE) {
                    withoutVerdict.increment();
                } else {
                    onVerdict.accept(verdict == Verdict.SAME);
                }
            });
        } catch (RejectedExecutionException e) {
            withoutVerdict.increment();
            LOG.debug("the judge has too much to do; a verdict is left out", e);
        }
    }

    private Verdict verdict(String question, String cached, String fresh) {
        try {
            return judge.compare(question, cached, fresh);
        } catch (RuntimeException | Error e) {
            // Without the exception: its message may quote an answer.
            LOG.warn(
                    "the judge of the semantic tier threw {}; nothing is learned from it",
                    e.getClass().getName());
            return Verdict.UNSURE;
        }
    }

    /** How many comparisons brought no verdict. */
    long withoutVerdict() {
        return withoutVerdict.sum();
    }

    String name() {
        return judge.name();
    }

    private static Executor backgroundThreads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(2, 2, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "flywheel4j-cache-judge");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
