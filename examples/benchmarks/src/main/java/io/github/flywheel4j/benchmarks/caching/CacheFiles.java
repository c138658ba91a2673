package io.github.flywheel4j.benchmarks.caching;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.caching.LabelledPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the files of the cache benches: JSON Lines. */
final class CacheFiles {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private CacheFiles() {}

    /** A question of a stream; questions of one cluster may share an answer. */
    record Query(String text, String cluster) {}

    /** Lines {@code {"a": ..., "b": ..., "same": ...}}. */
    static List<LabelledPair> pairs(Path file) {
        return read(file, "{\"a\", \"b\", \"same\"}", line -> {
            JsonNode a = line.get("a");
            JsonNode b = line.get("b");
            JsonNode same = line.get("same");
            boolean complete =
                    a != null && a.isTextual() && b != null && b.isTextual() && same != null && same.isBoolean();
            return complete ? new LabelledPair(a.textValue(), b.textValue(), same.booleanValue()) : null;
        });
    }

    /** Lines {@code {"text": ..., "cluster": ...}}; {@code intent} is taken for a cluster. */
    static List<Query> stream(Path file) {
        return read(file, "{\"text\", \"cluster\"}", line -> {
            JsonNode text = line.get("text");
            JsonNode cluster = line.hasNonNull("cluster") ? line.get("cluster") : line.get("intent");
            boolean complete = text != null && text.isTextual() && cluster != null && cluster.isValueNode();
            return complete ? new Query(text.textValue(), cluster.asText()) : null;
        });
    }

    private static <T> List<T> read(Path file, String form, Function<JsonNode, @Nullable T> row) {
        List<T> rows = new ArrayList<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    T value = row.apply(JSON.readTree(line));
                    if (value == null) {
                        throw new BadInput(file + ", line " + number + ": not as expected (expected: " + form + ")");
                    }
                    rows.add(value);
                }
            }
        } catch (NoSuchFileException e) {
            throw new BadInput(file + ": no such file (expected: JSON Lines of " + form + ")", e);
        } catch (JsonProcessingException e) {
            throw new BadInput(file + ", line " + number + ": not readable as JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BadInput(file + ": not readable as a text in UTF-8 (" + e + ")", e);
        }
        if (rows.isEmpty()) {
            throw new BadInput(file + ": empty (expected: JSON Lines of " + form + ")");
        }
        return rows;
    }
}
