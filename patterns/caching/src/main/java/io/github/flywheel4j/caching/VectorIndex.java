package io.github.flywheel4j.caching;

import java.util.List;
import java.util.UUID;

/** The vectors of one partition; all have length 1. Implementations are thread-safe. */
interface VectorIndex {

    /** Adds a vector, or replaces the one of this id. */
    void add(UUID id, float[] vector);

    /** Removes a vector; nothing happens when there is none of this id. */
    void remove(UUID id);

    /** The {@code k} nearest by cosine, the nearest first. */
    List<Neighbour> nearest(float[] vector, int k);

    /** An entry and the cosine of its vector with the one asked for. */
    record Neighbour(UUID id, double similarity) {}
}
