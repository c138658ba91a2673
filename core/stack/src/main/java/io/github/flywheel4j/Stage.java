package io.github.flywheel4j;

/**
 * A place in the stack, outermost first. Stages fix the order of layers, because the order is what makes patterns safe
 * together: guards stand outside the cache, so that keys hold no secrets, and retries stand inside tool loops, so that no
 * side effect runs twice.
 */
public enum Stage {
    /** Records what happened: sees hits, blocks, failures and abandoned streams. */
    CAPTURE,
    /** Turns what is left of an error into a typed, honest answer. */
    EXPERIENCE,
    /** Refuses before anything costs money. */
    BUDGET,
    /** Checks and rewrites what goes in, before any key or store sees it. */
    INPUT,
    /** Answers from what was answered before; a hit saves everything further in. */
    CACHE,
    /** Checks what comes out; inside the cache, so that only vetted answers are stored. */
    OUTPUT,
    /** Adds knowledge and examples to the request; saved on a hit. */
    AUGMENT,
    /** Chooses a model. */
    ROUTE,
    /** Timeouts, retries, breakers and hedges of one model call. */
    RESILIENCE,
    /**
     * No fixed place. Such a layer is added with {@link ChatStack.Builder#layerBefore} or
     * {@link ChatStack.Builder#layerAfter}; in a stack of nothing but custom layers the order of adding counts.
     */
    CUSTOM
}
