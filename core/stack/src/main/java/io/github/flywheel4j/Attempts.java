package io.github.flywheel4j;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Several tries at one answer, of which the caller hears one: what retries, fallbacks and hedges take their calls from.
 *
 * <pre>{@code
 * Attempts attempts = call.attempts();
 * while (true) {
 *     Attempt attempt = attempts.start();
 *     try {
 *         return attempt.commit(next.proceed(attempt.call()));
 *     } catch (RetriableException e) {
 *         call.cancellation().throwIfCancelled();
 *         if (attempts.committed() || --triesLeft == 0) {
 *             throw e;
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Each attempt has a cancellation and a branch of the trace of its own. Its stream is mute until it is chosen: by its
 * first text, thinking or tool event, else by {@link Attempt#commit}. The first to get there is chosen; the others are
 * cancelled and stay mute, so that two attempts never mix. Provider events of no kind (raw) are held until then, because
 * some providers send one before the first token.
 *
 * <p>Thread-safe.
 */
public final class Attempts {

    private final ChatCall call;
    private final AtomicReference<@Nullable Attempt> chosen = new AtomicReference<>();
    private final ConcurrentLinkedQueue<Attempt> started = new ConcurrentLinkedQueue<>();

    Attempts(ChatCall call) {
        this.call = call;
    }

    /**
     * Starts an attempt. After one was chosen there is nothing left to try: the attempt is cancelled from the start, and
     * passing its call on throws {@link CallCancelled}.
     */
    public Attempt start() {
        Attempt attempt = new Attempt(this, call);
        started.add(attempt);
        if (committed()) {
            attempt.cancel();
        }
        return attempt;
    }

    /** Whether an attempt was chosen: the caller has heard from it, and no other may be tried. */
    public boolean committed() {
        return chosen.get() != null;
    }

    /** Chooses the attempt if none is chosen; whether it is the chosen one. */
    boolean choose(Attempt attempt) {
        Attempt current = chosen.get();
        if (current == null && chosen.compareAndSet(null, attempt)) {
            for (Attempt other : started) {
                if (other != attempt) {
                    other.cancel();
                }
            }
            return true;
        }
        return chosen.get() == attempt;
    }
}
