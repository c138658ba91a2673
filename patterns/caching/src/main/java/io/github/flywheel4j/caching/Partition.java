package io.github.flywheel4j.caching;

/**
 * What must be identical before two texts may share an answer: a digest of everything in a request but its last user turn
 * (scope, system prompt, history, parameters, tools, format, versions). The vectors of one partition are never compared with
 * those of another.
 *
 * @param digest the digest, in any form in which equal requests give equal texts
 * @param askers a digest of scope and workload alone, equal wherever the first one is: what is known of two questions outlives
 *     a change of the documents, the prompt or the model
 */
record Partition(String digest, String askers) {

    Partition {
        if (digest.isEmpty()) {
            throw new IllegalArgumentException("digest: empty (expected: the digest of the rest of the request)");
        }
    }

    /** One that has its askers for itself. */
    Partition(String digest) {
        this(digest, digest);
    }
}
