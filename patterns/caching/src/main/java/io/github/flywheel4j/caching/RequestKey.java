package io.github.flywheel4j.caching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a call is known by in the cache, or why it is not cached. */
sealed interface RequestKey {

    /** Not cached; the reason is a word or two for the trace. */
    record None(String reason) implements RequestKey {}

    /**
     * Cached.
     *
     * @param exact the whole request
     * @param partition all of it but the last user's text; null if there is no last user's text, or nobody asked for it
     * @param question the last user's text; null if the partition is
     * @param knowledgeVersions the states of the documents that the answer rests on, as the key has them
     */
    record Of(
            CacheKey exact,
            @Nullable Partition partition,
            @Nullable String question,
            List<String> knowledgeVersions) implements RequestKey {}
}
