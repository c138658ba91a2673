package io.github.flywheel4j.caching;

/** The embedding store of a semantic tier threw, or is left alone because it did; that is counted and logged already. */
final class StoreFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Without its stack trace: the tier catches each, and many are thrown while a store is down. */
    StoreFailed() {
        super("the embedding store is not to be had", null, false, false);
    }
}
