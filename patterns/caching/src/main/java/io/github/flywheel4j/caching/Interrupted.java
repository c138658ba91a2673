package io.github.flywheel4j.caching;

/**
 * Whether a failure of somebody else's code is the end of this thread's work. Clients wrap the interrupt in exceptions of any
 * kind and lose the flag; where the failure itself is not the caller's, the interrupt still is.
 */
final class Interrupted {

    private static final int DEEPEST = 16;

    private Interrupted() {}

    /** Says whether the thread was interrupted, and sets its flag again if so: the next wait ends the call. */
    static boolean by(Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < DEEPEST; depth++) {
            if (each instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            each = each.getCause();
        }
        return Thread.currentThread().isInterrupted();
    }
}
