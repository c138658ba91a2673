package io.github.flywheel4j;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a call is still wanted, and who must know when it no longer is.
 *
 * <p>Thread-safe and stateful: it goes from wanted to cancelled once and never back. A child is cancelled with its
 * parent, never the other way round.
 */
public final class Cancellation {

    private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);
    private static final Registration NOTHING = () -> {};

    /** The state of a call that has ended: there is nothing left to cancel. */
    private static final Object ENDED = new Object();

    /**
     * Null: wanted, nobody listens. A {@link Listener}: the newest of a linked stack of them. Else {@link Cancelled} or
     * {@link #ENDED}, for ever.
     */
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    Cancellation() {}

    /** Removes an action that {@link #onCancel} registered; it may still be running when this returns. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether the call was cancelled. */
    public boolean isCancelled() {
        return state.get() instanceof Cancelled;
    }

    /** Throws {@link CallCancelled} if the call was cancelled. */
    public void throwIfCancelled() {
        if (state.get() instanceof Cancelled cancelled) {
            throw new CallCancelled(cancelled.reason);
        }
    }

    /**
     * Cancels; the first reason stays.
     *
     * @param reason who or what cancelled, for the message of {@link CallCancelled}; no prompt text
     * @return whether this call of the method was the one that cancelled
     */
    public boolean cancel(String reason) {
        return cancel(new Cancelled(reason, false));
    }

    /** Cancels on behalf of the one who waits for the answer: there is nobody to signal the end to. */
    boolean cancelByCaller(String reason) {
        return cancel(new Cancelled(reason, true));
    }

    private boolean cancel(Cancelled cancelled) {
        Object before;
        do {
            before = state.get();
            if (before instanceof Cancelled || before == ENDED) {
                return false;
            }
        } while (!state.compareAndSet(before, cancelled));
        for (Listener listener = (Listener) before; listener != null; listener = listener.next) {
            listener.run();
        }
        return true;
    }

    /**
     * Runs the action once when the call is cancelled, on the thread that cancels, or at once if it was already. The
     * action must be short and must not block.
     */
    public Registration onCancel(Runnable action) {
        while (true) {
            Object before = state.get();
            if (before instanceof Cancelled) {
                action.run();
                return NOTHING;
            }
            if (before == ENDED) {
                return NOTHING;
            }
            Listener listener = new Listener(this, action, (Listener) before);
            if (state.compareAndSet(before, listener)) {
                return listener;
            }
        }
    }

    /** A cancellation of its own for a part of the call, which also ends with this one. */
    Cancellation child() {
        Cancellation child = new Cancellation();
        onCancel(() -> child.cancel(reason()));
        return child;
    }

    /**
     * Ends the call, so that it can no longer be cancelled: a cancellation and an ending that meet agree on who was first.
     *
     * @return false if it was cancelled before
     */
    boolean end() {
        Object before;
        do {
            before = state.get();
            if (before instanceof Cancelled) {
                return false;
            }
        } while (!state.compareAndSet(before, ENDED));
        return true;
    }

    boolean isByCaller() {
        return state.get() instanceof Cancelled cancelled && cancelled.byCaller;
    }

    String reason() {
        return state.get() instanceof Cancelled cancelled ? cancelled.reason : "not cancelled";
    }

    @Override
    public String toString() {
        return isCancelled() ? "Cancellation(" + reason() + ")" : "Cancellation(none)";
    }

    private record Cancelled(String reason, boolean byCaller) {}

    private static final class Listener extends AtomicReference<@Nullable Runnable> implements Registration {

        private static final long serialVersionUID = 1L;

        private final transient Cancellation owner;
        private final transient @Nullable Listener next;

        Listener(Cancellation owner, Runnable action, @Nullable Listener next) {
            super(action);
            this.owner = owner;
            this.next = next;
        }

        void run() {
            Runnable action = getAndSet(null);
            if (action == null) {
                return;
            }
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.warn("an action registered with onCancel threw; the others still run", e);
            }
        }

        @Override
        public void close() {
            set(null);
            // Closed listeners leave the stack as soon as nothing open stands on them, so that a long call with many
            // waits does not collect them.
            while (owner.state.get() instanceof Listener newest && newest.get() == null) {
                owner.state.compareAndSet(newest, newest.next);
            }
        }
    }
}
