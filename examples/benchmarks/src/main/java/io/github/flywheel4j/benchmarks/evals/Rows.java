package io.github.flywheel4j.benchmarks.evals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects of a file of JSON Lines, each with its place for messages. */
record Rows(List<Row> all) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One object and where it stands. */
    record Row(String place, JsonNode json) {

        /**
         * A field that must be a text.
         *
         * @throws BadInput if it is not
         */
        String text(String field) {
            JsonNode value = json.path(field);
            if (!value.isTextual()) {
                throw bad(field, "a text");
            }
            return value.textValue();
        }

        BadInput badOption(String option, String expected) {
            return new BadInput(place + ": option " + option + " is something else (expected: " + expected + ")");
        }

        BadInput bad(String field, String expected) {
            return new BadInput(place + ": " + field + (json.has(field) ? " is something else" : " is missing")
                    + " (expected: " + expected + ")");
        }
    }

    static Rows read(@Nullable Path file, String expected) {
        if (file == null) {
            throw new BadInput("--file: missing (expected: " + expected + ")");
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new BadInput(file + ": no such file (expected: " + expected + ")", e);
        } catch (IOException e) {
            throw new BadInput(file + ": not readable as a text in UTF-8 (" + e + ")", e);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                rows.add(new Row(file + ":" + (i + 1), object(file + ":" + (i + 1), lines.get(i), expected)));
            }
        }
        if (rows.isEmpty()) {
            throw new BadInput(file + ": no line (expected: " + expected + ")");
        }
        return new Rows(rows);
    }

    private static JsonNode object(String place, String line, String expected) {
        try {
            JsonNode json = JSON.readTree(line);
            if (json.isObject()) {
                return json;
            }
            throw new BadInput(place + ": no JSON object (expected: " + expected + ")");
        } catch (JsonProcessingException e) {
            throw new BadInput(
                    place + ": not readable as JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
    }
}
