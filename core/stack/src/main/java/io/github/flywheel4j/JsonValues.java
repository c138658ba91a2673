package io.github.flywheel4j;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as plain Java values (text, number, boolean, null, list or map of these), copied so that nobody changes them. */
final class JsonValues {

    private JsonValues() {}

    /**
     * An unmodifiable copy, all the way down.
     *
     * @param name what the message calls the value
     * @throws IllegalArgumentException if it is no JSON value
     */
    static @Nullable Object copyOf(String name, @Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(each -> copy.add(copyOf(name, each)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(requireText(name, key), copyOf(name, each)));
            return Collections.unmodifiableMap(copy);
        }
        throw noJson(name, value);
    }

    private static String requireText(String name, @Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw noJson(name + "'s key", key);
    }

    private static IllegalArgumentException noJson(String name, @Nullable Object value) {
        return new IllegalArgumentException(name + ": a "
                + (value == null ? "null" : value.getClass().getName())
                + " (expected: a JSON value: text, number, boolean, null, list or map of these)");
    }
}
