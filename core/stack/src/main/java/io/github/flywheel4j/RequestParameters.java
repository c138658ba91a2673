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
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Parameters in one spelling, part by part, for keys and fingerprints: equal parameters are spelled alike in every JVM. Never
 * by {@code toString} of the whole, which is nobody's promise. A provider's own kind has parts that LangChain4j does not
 * know; they are read through their public accessors.
 *
 * @param lines one line for each part that is set, sorted: the accessor's name, a blank, the value; texts that are one of
 *     several are in quotes, so that one with a comma is no two
 * @param isWhole false if a value says nothing of itself but its class, so that two different ones are spelled alike: good
 *     enough to name a configuration, not to tell two requests apart
 */
public record RequestParameters(List<String> lines, boolean isWhole) {

    private static final Set<String> NO_PARTS = Set.of("toString", "hashCode", "getClass", "toBuilder");

    private static final ObjectMapper SORTED =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    /** The accessors of each kind of parameters, by name: looking for them takes longer than reading them. */
    private static final ClassValue<List<Method>> PARTS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> kind) {
            return Arrays.stream(kind.getMethods())
                    .filter(RequestParameters::isPart)
                    .filter(Method::trySetAccessible)
                    .sorted(Comparator.comparing(Method::getName))
                    .toList();
        }
    };

    /** What some objects are spelled like. */
    @FunctionalInterface
    public interface Spelled {

        /** The spelling of an object; null for the usual one. */
        @Nullable
        String spell(Object value);
    }

    /** Copies the lines. */
    public RequestParameters {
        lines = List.copyOf(lines);
    }

    /** Spells parameters. */
    public static RequestParameters spell(ChatRequestParameters parameters) {
        return spell(parameters, value -> null);
    }

    /**
     * Spells parameters, of which the caller spells the tools, formats and other objects that it has spelled before: they
     * take the longest.
     *
     * @param known what such an object is spelled like; null for the usual spelling
     */
    public static RequestParameters spell(ChatRequestParameters parameters, Spelled known) {
        Speller speller = new Speller(known);
        List<String> lines = new ArrayList<>();
        for (Method accessor : PARTS.get(parameters.getClass())) {
            String value = speller.spell(read(accessor, parameters));
            if (!value.isEmpty()) {
                lines.add(accessor.getName() + " " + value);
            }
        }
        return new RequestParameters(lines, speller.isWhole);
    }

    /** A tool in one spelling: name, description and schema. */
    public static String spell(ToolSpecification tool) {
        return sorted(tool.toJson());
    }

    /** A response format in one spelling. */
    public static String spell(ResponseFormat format) {
        return sorted(InteractionJson.format(format).toString());
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
            return accessor.invoke(parameters);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(
                    "the part " + accessor.getName() + " of "
                            + parameters.getClass().getName() + " cannot be read",
                    e);
        }
    }

    /** Maps, also those inside of tools and schemas, iterate differently in each JVM. */
    private static String sorted(String json) {
        try {
            return SORTED.writeValueAsString(SORTED.readValue(json, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("LangChain4j wrote no JSON", e);
        }
    }

    /** Spells the values of one request's parameters. */
    private static final class Speller {

        private final Spelled known;
        private boolean isWhole = true;

        Speller(Spelled known) {
            this.known = known;
        }

        String spell(@Nullable Object value) {
            if (value == null) {
                return "";
            }
            if (value instanceof String || value instanceof Number || value instanceof Enum<?>) {
                return value.toString(); // most of them
            }
            String before = known.spell(value);
            if (before != null) {
                return before;
            } else if (value instanceof ToolSpecification tool) {
                return RequestParameters.spell(tool);
            } else if (value instanceof ResponseFormat format) {
                return RequestParameters.spell(format);
            } else if (value instanceof Collection<?> all) {
                return all.isEmpty() ? "" : spellAll(all);
            } else if (value instanceof Map<?, ?> map) {
                return map.isEmpty() ? "" : spellAll(map);
            }
            String text = value.toString();
            if (!text.endsWith("@" + Integer.toHexString(System.identityHashCode(value)))) {
                return text;
            }
            isWhole = false; // Object's own text, which is different each time
            return value.getClass().getName();
        }

        private String spellAll(Collection<?> all) {
            return all.stream().map(this::spellOne).toList().toString();
        }

        private String spellAll(Map<?, ?> map) {
            TreeMap<String, String> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put(spellOne(key), spellOne(each)));
            return sorted.toString();
        }

        /** One of several, so that where it begins and ends is in its spelling: texts in quotes, as in JSON. */
        private String spellOne(@Nullable Object value) {
            if (value == null) {
                return "null";
            } else if (value instanceof Collection<?> all && all.isEmpty()) {
                return "[]";
            } else if (value instanceof Map<?, ?> map && map.isEmpty()) {
                return "{}";
            }
            String text = spell(value);
            return isOneByItself(value)
                    ? text
                    : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }

        private static boolean isOneByItself(Object value) {
            return value instanceof Number
                    || value instanceof Boolean
                    || value instanceof Enum<?>
                    || value instanceof Collection<?>
                    || value instanceof Map<?, ?>
                    || value instanceof ToolSpecification
                    || value instanceof ResponseFormat;
        }
    }
}
