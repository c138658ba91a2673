package io.github.flywheel4j;

/**
 * Carries a checked exception, which a provider may hand to {@code onError}, through layers that throw unchecked ones
 * only. The adapter unwraps it, so that the caller gets the provider's own instance.
 */
final class CheckedFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private CheckedFailure(Throwable cause) {
        super(cause);
    }

    static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new CheckedFailure(failure);
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure instanceof CheckedFailure ? failure.getCause() : failure;
        return cause == null ? failure : cause;
    }

    /** Throws any throwable as it is, to a caller of a method that declares no checked ones. */
    @SuppressWarnings("unchecked") // the compiler is told of an unchecked exception, which is the purpose
    static <T extends Throwable> RuntimeException asItIs(Throwable failure) throws T {
        throw (T) failure;
    }
}
