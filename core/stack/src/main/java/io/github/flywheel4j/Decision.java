package io.github.flywheel4j;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one layer decided about one call: the cache missed, the guard passed, the second attempt answered.
 *
 * @param layer the layer's name
 * @param outcome what it decided, one word: "hit", "miss", "blocked", "retried"
 * @param facts why, as JSON values (text, number, boolean, null, list or map of these); no prompt text unless the layer's
 *     job is that text; unmodifiable
 * @param took the layer's own time, without the layers further in; zero where it was not measured
 * @param branch the branch of the trace: empty for the call itself, "1" for its first fork, "1.2" for the second fork in it
 */
public record Decision(
        String layer, String outcome, Map<String, ? extends @Nullable Object> facts, Duration took, String branch) {

    /** Checks that the facts are JSON values and copies them. */
    public Decision {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        facts.forEach((name, fact) -> copy.put(name, JsonValues.copyOf(name, fact)));
        facts = Collections.unmodifiableMap(copy);
    }
}
