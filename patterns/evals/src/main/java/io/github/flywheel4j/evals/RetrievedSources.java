package io.github.flywheel4j.evals;

import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the last call that retrieved anything got, best first, as a layer's decision says it. */
final class RetrievedSources {

    /** The fact that names what was retrieved. */
    private static final String SOURCES = "sources";

    private RetrievedSources() {}

    static List<String> ids(List<Interaction> interactions) {
        return sources(interactions).stream().map(RetrievedSources::id).toList();
    }

    /** As the decision says it: ids, or maps with an id and a text. */
    static List<?> sources(List<Interaction> interactions) {
        for (int i = interactions.size() - 1; i >= 0; i--) {
            for (Decision decision : interactions.get(i).decisions()) {
                if (decision.facts().get(SOURCES) instanceof List<?> sources) {
                    return sources;
                }
            }
        }
        return List.of();
    }

    /** The texts of what was retrieved: told with the source itself, or by its id. */
    static List<String> passages(Interaction interaction, Function<String, Optional<String>> byId) {
        List<String> passages = new ArrayList<>();
        for (Object source : sources(List.of(interaction))) {
            if (source instanceof Map<?, ?> map && map.get("text") instanceof String text) {
                passages.add(text);
            } else {
                byId.apply(id(source)).ifPresent(passages::add);
            }
        }
        return passages;
    }

    /** A source is named by its id, or is a map with one. */
    static String id(@Nullable Object source) {
        return String.valueOf(source instanceof Map<?, ?> map && map.get("id") != null ? map.get("id") : source);
    }
}
