package io.github.flywheel4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Parameters in one spelling, part by part: never by {@code toString} of the whole, which is nobody's promise. A
 * provider's own kind has parts that LangChain4j does not know; they are read through their public accessors.
 */
final class RequestParameters {

    private static final Set<String> NO_PARTS = Set.of("toString", "hashCode", "getClass", "toBuilder");

    private static final ObjectMapper SORTED =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private RequestParameters() {}

    /** One line for each part that is set, sorted. */
    static List<String> lines(ChatRequestParameters parameters) {
        List<String> lines = new ArrayList<>();
        for (Method accessor : parameters.getClass().getMethods()) {
            if (isPart(accessor)) {
                String value = spell(read(accessor, parameters));
                if (!value.isEmpty()) {
                    lines.add(accessor.getName() + " " + value);
                }
            }
        }
        Collections.sort(lines);
        return lines;
    }

    private static boolean isPart(Method method) {
        return method.getParameterCount() == 0
                && method.getReturnType() != void.class
                && !method.isBridge() // its twin with the provider's own return type is there too
                && !Modifier.isStatic(method.getModifiers())
                && !NO_PARTS.contains(method.getName());
    }

    private static @Nullable Object read(Method accessor, ChatRequestParameters parameters) {
        try {
            return accessor.trySetAccessible() ? accessor.invoke(parameters) : null;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(
                    "the part " + accessor.getName() + " of "
                            + parameters.getClass().getName() + " cannot be read for the stack's fingerprint",
                    e);
        }
    }

    private static String spell(@Nullable Object value) {
        if (value == null) {
            return "";
        } else if (value instanceof ToolSpecification tool) {
            return sorted(tool.toJson());
        } else if (value instanceof ResponseFormat format) {
            return sorted(InteractionJson.format(format).toString());
        } else if (value instanceof Collection<?> all) {
            return all.isEmpty()
                    ? ""
                    : all.stream().map(RequestParameters::spell).toList().toString();
        } else if (value instanceof Map<?, ?> map) {
            TreeMap<String, String> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put(String.valueOf(key), spell(each)));
            return sorted.isEmpty() ? "" : sorted.toString();
        }
        return isSpelledByIdentity(value) ? value.getClass().getName() : value.toString();
    }

    /** Maps, also those inside of tools and schemas, iterate differently in each JVM. */
    private static String sorted(String json) {
        try {
            return SORTED.writeValueAsString(SORTED.readValue(json, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("LangChain4j wrote no JSON", e);
        }
    }

    /** Whether the text is {@link Object}'s own, which is different each time. */
    private static boolean isSpelledByIdentity(Object value) {
        return value.toString().endsWith("@" + Integer.toHexString(System.identityHashCode(value)));
    }
}
