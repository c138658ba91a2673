package io.github.flywheel4j.benchmarks.feedback;

import java.util.Set;
import java.util.UUID;

/** A store under test, as the bench sees it from outside of the writing process. */
interface DurabilitySubject extends AutoCloseable {

    /** What {@link DurableStore#open} needs. */
    String where();

    /** What else happens half way through the kills; the events acknowledged on the way are added. */
    default void halfWay(Set<UUID> acknowledged) throws Exception {}

    /** What is there in the end. */
    Found found() throws Exception;

    @Override
    default void close() throws Exception {}

    /**
     * What is there in the end.
     *
     * @param events the interactions that the events are about
     * @param duplicates how many times an event is there besides the first
     * @param unreadable how many files, tables or partitions cannot be read
     * @param torn how many entries in them are no events
     */
    record Found(Set<UUID> events, long duplicates, long unreadable, long torn) {}
}
