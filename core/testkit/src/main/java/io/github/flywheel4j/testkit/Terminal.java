package io.github.flywheel4j.testkit;

/**
 * A signal that ends a scripted call.
 *
 * <p>A correct provider gives exactly one. Shipped ones give several, or none: langchain4j-open-ai 1.19, for instance,
 * follows {@code onError} with {@code onCompleteResponse} when a connection breaks.
 */
public enum Terminal {
    /** {@code onCompleteResponse}; a blocking call returns the response. */
    COMPLETE,
    /** {@code onError} with the answer's failure; a blocking call throws it. */
    ERROR,
    /**
     * The failure is thrown out of the model's {@code chat} method, as HTTP clients do that fail before they send. All
     * events of such an answer are delivered on the caller's thread.
     */
    THROW
}
