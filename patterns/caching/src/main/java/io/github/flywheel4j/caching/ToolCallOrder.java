package io.github.flywheel4j.caching;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of a history by their place in it: their ids are other ones each time and stand for their order alone. Some
 * providers begin anew in each round, so an id means its latest call. Not thread-safe.
 */
final class ToolCallOrder {

    private static final int UNKNOWN = -1;

    private final Map<String, Integer> places = new HashMap<>(0);
    private int calls;

    void made(@Nullable String id) {
        if (id != null) {
            places.put(id, calls);
        }
        calls++;
    }

    /** The place of the call that a result with this id is for; -1 if there is none. */
    int answeredBy(@Nullable String id) {
        return id == null ? UNKNOWN : places.getOrDefault(id, UNKNOWN);
    }
}
