package io.github.flywheel4j;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final ConcurrentLinkedQueue<Attempt> started = new ConcurrentLinkedQueue<>();
    private final Set<Attempt> givenUp = new HashSet<>(4); // its own lock
    private volatile @Nullable Attempt chosen; // written under the lock of givenUp

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
        return chosen != null;
    }

    /** Chooses the attempt if none is chosen; whether it is the chosen one. */
    boolean choose(Attempt attempt) {
        if (chosen == null && chooseFirst(attempt)) {
            for (Attempt other : started) {
                if (other != attempt) {
                    other.cancel();
                }
            }
        }
        return chosen == attempt;
    }

    /** From now on the attempt is the chosen one or never will be: {@link #committed()} tells which. */
    void giveUp(Attempt attempt) {
        synchronized (givenUp) {
            givenUp.add(attempt);
        }
    }

    private boolean chooseFirst(Attempt attempt) {
        synchronized (givenUp) {
            if (chosen != null || givenUp.contains(attempt)) {
                return false;
            }
            chosen = attempt;
            return true;
        }
    }
}
