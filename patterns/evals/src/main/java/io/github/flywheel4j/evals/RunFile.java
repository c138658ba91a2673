package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.evals.EvalRun.Info;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as JSON Lines. A saved run and the journal of a running one have the same lines: {@code run} (what is run), {@code
 * result} (one answer and its scores), {@code spent} (what was used for no result), {@code part} (the run goes on after a pause)
 * and {@code end}. A journal whose last line was torn by a crash is read up to the line before.
 */
final class RunFile {

    /** What each file begins with. */
    static final String HEADER_START = "{\"run\":";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final List<String> KINDS = List.of("run", "result", "spent", "part", "end");

    private RunFile() {}

    /**
     * What a file holds.
     *
     * @param run the run; {@link Ending#BROKEN_OFF} if the file does not tell its end
     * @param intactBytes the length of the file without a torn last line
     */
    record Content(EvalRun run, long intactBytes) {}

    static void write(Path file, EvalRun run) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try (BufferedWriter out = Files.newBufferedWriter(written, StandardCharsets.UTF_8)) {
            out.write(header(run.info()));
            for (CaseResult result : run.results()) {
                out.write(result(result, null));
            }
            if (!run.apart().equals(Spent.NOTHING)) {
                out.write(spent(run.apart()));
            }
            out.write(end(run.info().took(), run.info().ending()));
        }
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }

    static Content read(Path file) throws IOException {
        // By bytes: a line that was torn within a character is no text, and must not stop the lines before it.
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Reading reading = new Reading(file);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                line.write(next);
                if (next == '\n') {
                    reading.line(line.toByteArray());
                    line.reset();
                }
            }
            return reading.content();
        }
    }

    static String header(Info info) {
        return line("run", RunInfoJson.write(info));
    }

    static String spent(Spent spent) {
        return line("spent", UsageJson.of(spent));
    }

    static String part() {
        return line("part", JSON.createObjectNode());
    }

    static String end(Duration took, Ending ending) {
        return line(
                "end",
                JSON.createObjectNode().put("tookMillis", took.toMillis()).put("ending", ending.name()));
    }

    /**
     * A result.
     *
     * @param at how long the part of the run had taken by then; null in a saved run
     */
    static String result(CaseResult result, @Nullable Duration at) {
        ObjectNode json = ResultJson.write(result);
        if (at != null) {
            json.put("atMillis", at.toMillis());
        }
        return line("result", json);
    }

    private static String line(String kind, ObjectNode content) {
        return WholeText.of(JSON.createObjectNode().set(kind, content).toString()) + "\n";
    }

    /** The lines so far. */
    private static final class Reading {

        private final Path file;
        private final Map<List<Object>, CaseResult> results = new LinkedHashMap<>();
        private int number;
        private long bytes;
        private @Nullable Info info;
        private @Nullable Duration told;
        private Ending ending = Ending.BROKEN_OFF;
        private Spent apart = Spent.NOTHING;
        private long pastMillis;
        private long partMillis;

        Reading(Path file) {
            this.file = file;
        }

        void line(byte[] line) {
            number++;
            bytes += line.length;
            JsonNode json;
            try {
                json = JSON.readTree(line);
            } catch (IOException e) {
                throw malformed("no JSON");
            }
            if (json.isMissingNode()) {
                return;
            }
            if (KINDS.stream().noneMatch(json::has)) {
                throw malformed("a line of no known kind");
            }
            try {
                line(json);
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
                throw malformed(String.valueOf(e.getMessage()));
            }
        }

        private void line(JsonNode json) {
            if (json.has("run")) {
                info = RunInfoJson.read(json.get("run"));
            } else if (json.has("result")) {
                CaseResult result = ResultJson.read(json.get("result"));
                partMillis =
                        Math.max(partMillis, json.get("result").path("atMillis").asLong());
                CaseResult replaced = results.put(List.of(result.caseId(), result.repeat()), result);
                apart = replaced == null ? apart : apart.plus(replaced.spent());
            } else if (json.has("spent")) {
                apart = apart.plus(UsageJson.spent(json.get("spent")));
            } else if (json.has("part")) {
                pastMillis += partMillis;
                partMillis = 0;
                ending = Ending.BROKEN_OFF;
                told = null;
            } else {
                told = Duration.ofMillis(json.get("end").path("tookMillis").asLong());
                ending = Ending.valueOf(json.get("end").path("ending").asText());
            }
        }

        Content content() {
            Info known = info;
            if (known == null) {
                throw malformed("no line that says what was run");
            }
            Duration took = told == null ? Duration.ofMillis(pastMillis + partMillis) : told;
            return new Content(new EvalRun(known.ended(took, ending), List.copyOf(results.values()), apart), bytes);
        }

        private IllegalArgumentException malformed(String what) {
            return new IllegalArgumentException(
                    file + ", line " + number + ": " + what + " (expected: a run as EvalRun.save wrote it)");
        }
    }
}
