package io.github.flywheel4j;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways in which a layer's thread may wait: each ends with cancellation, deadline and interrupt. */
final class Waits {

    private Waits() {}

    static void sleep(ChatCall call, Duration duration) {
        long end = System.nanoTime() + Deadline.nanos(duration);
        Thread sleeper = Thread.currentThread();
        try (Cancellation.Registration wake = call.cancellation().onCancel(() -> LockSupport.unpark(sleeper))) {
            parkUntil(call, () -> false, () -> end - System.nanoTime(), "a pause of " + duration);
        }
    }

    static <T> T await(ChatCall call, Future<T> task) {
        try {
            // What interrupted the task's own thread is no interrupt of this one.
            return interruptibly(call, "a task", () -> get(task), failure -> false);
        } finally {
            task.cancel(true); // no effect on a task that is done
        }
    }

    private static <T> T get(Future<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallCancelled("its thread was interrupted");
        } catch (CancellationException e) {
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw CheckedFailure.unchecked(cause == null ? e : cause);
        }
    }

    static <T> T interruptibly(ChatCall call, String what, Supplier<T> action) {
        return interruptibly(call, what, action, Waits::causedByInterrupt);
    }

    private static <T> T interruptibly(
            ChatCall call, String what, Supplier<T> action, Predicate<Throwable> causedByInterrupt) {
        requireWanted(call, what);
        Interrupter interrupter = new Interrupter();
        CompletableFuture<?> timer = timer(call.deadline(), interrupter);
        RuntimeException failure;
        try (Cancellation.Registration wake = call.cancellation().onCancel(interrupter::fire)) {
            // A cancel since the check above found nobody to wake.
            call.cancellation().throwIfCancelled();
            return action.get();
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            interrupter.disarm();
            if (timer != null) {
                timer.cancel(false);
            }
        }
        // Cancellation first: clients wrap the interrupt that it caused in exceptions of any kind.
        if (call.cancellation().isCancelled()) {
            CallCancelled cancelled = new CallCancelled(call.cancellation().reason());
            cancelled.addSuppressed(failure);
            throw cancelled;
        }
        if (interrupter.hasFired()) {
            throw new DeadlineExceeded(what, failure);
        }
        if (Thread.currentThread().isInterrupted() || causedByInterrupt.test(failure)) {
            // Somebody told this thread to stop. Nothing further in the call may wait or try again.
            Thread.currentThread().interrupt();
            call.run().interrupted(call.cancellation());
        }
        throw failure;
    }

    /**
     * Parks until done, or until the time left (nanoseconds) is used up.
     *
     * @return whether it is done
     */
    static boolean parkUntil(ChatCall call, BooleanSupplier done, Left left, String what) {
        while (true) {
            if (done.getAsBoolean()) {
                return true;
            }
            requireWanted(call, what);
            long nanos = left.nanos();
            if (nanos <= 0) {
                return false;
            }
            LockSupport.parkNanos(call, Math.min(nanos, call.deadline().remainingNanos()));
        }
    }

    /** The time left of a wait. */
    @FunctionalInterface
    interface Left {
        long nanos();
    }

    /** Fails if the call was cancelled, the thread interrupted or the deadline passed. */
    static void requireWanted(ChatCall call, String what) {
        call.cancellation().throwIfCancelled();
        if (Thread.currentThread().isInterrupted()) {
            call.run().interrupted(call.cancellation());
            throw new CallCancelled("its thread was interrupted");
        }
        if (call.deadline().isExpired()) {
            throw new DeadlineExceeded(what, null);
        }
    }

    private static @Nullable CompletableFuture<?> timer(Deadline deadline, Interrupter interrupter) {
        return deadline.isNone() ? null : timer(Math.max(0, deadline.remainingNanos()), interrupter::fire);
    }

    /** Runs the action after that many nanoseconds, unless the result is cancelled first; on the JDK's own timer. */
    static CompletableFuture<?> timer(long nanos, Runnable action) {
        CompletableFuture<Void> timer = new CompletableFuture<>();
        CompletableFuture<?> unused = timer.thenRun(action);
        unused = timer.completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
        return timer;
    }

    /** Clients wrap an interrupt and lose the flag. Where a wait further in has judged its interrupt, that is that. */
    private static boolean causedByInterrupt(Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 16; depth++) {
            if (each instanceof CallCancelled || each instanceof DeadlineExceeded) {
                return false;
            }
            if (each instanceof InterruptedException) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
