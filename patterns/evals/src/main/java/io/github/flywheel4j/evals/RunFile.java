package io.github.flywheel4j.evals;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as JSON Lines. A saved run and the journal of a running one have the same lines: {@code run} (what is run), {@code
 * result} (one answer and its scores), {@code spent} (what was used for no result), {@code part} (the run goes on after a pause)
 * and {@code end}. A journal whose last line was torn by a crash is read up to the line before.
 */
final class RunFile {

    static final int SCHEMA = 1;

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
        ObjectNode run = JSON.createObjectNode()
                .put("schema", SCHEMA)
                .put("candidate", info.candidate())
                .put("candidateFingerprint", info.candidateFingerprint())
                .put("model", info.model())
                .put("promptHash", info.promptHash())
                .put("dataset", info.dataset())
                .put("datasetHash", info.datasetHash())
                .put("repeats", info.repeats())
                .put("planned", info.planned())
                .put("whole", info.whole())
                .put("started", info.started().toString());
        ObjectNode scorers = run.putObject("scorers");
        info.scorers().forEach((name, scorer) -> {
            ObjectNode json = scorers.putObject(name)
                    .put("fingerprint", scorer.fingerprint())
                    .put("lossy", scorer.lossy())
                    .put("higherIsBetter", scorer.higherIsBetter())
                    .put("mayGate", scorer.mayGate());
            if (scorer.fromZeroToOne()) {
                json.put("fromZeroToOne", true);
            }
            if (scorer.anchors() != null) {
                json.put("anchors", scorer.anchors());
            }
        });
        return line("run", run);
    }

    static String spent(Spent spent) {
        return line("spent", json(spent));
    }

    private static ObjectNode json(Spent spent) {
        ObjectNode json = JSON.createObjectNode().put("tokens", spent.tokens());
        ArrayNode costs = json.putArray("costs");
        spent.costs().forEach(cost -> costs.add(cost(cost)));
        return json;
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
        ObjectNode json = JSON.createObjectNode()
                .put("case", result.caseId())
                .put("repeat", result.repeat())
                .put("cluster", result.cluster());
        ArrayNode slices = json.putArray("slices");
        result.slices().forEach(slices::add);
        if (at != null) {
            json.put("atMillis", at.toMillis());
        }
        if (result.output() != null) {
            json.set("output", output(result.output()));
        }
        if (result.error() != null) {
            json.set("error", failure(result.error()));
        }
        ObjectNode scores = json.putObject("scores");
        result.scores().forEach((name, score) -> scores.set(name, score(score)));
        ObjectNode errors = json.putObject("scorerErrors");
        result.scorerErrors().forEach((name, error) -> errors.set(name, failure(error)));
        if (!result.beside().equals(Spent.NOTHING)) {
            json.set("beside", json(result.beside()));
        }
        return line("result", json);
    }

    private static ObjectNode cost(Cost cost) {
        return JSON.createObjectNode()
                .put("amount", cost.amount().toPlainString())
                .put("currency", cost.currency());
    }

    private static ObjectNode output(Output output) {
        ObjectNode json = JSON.createObjectNode()
                .put("text", output.text())
                .put("outcome", output.outcome().name())
                .put("latencyNanos", output.latency().toNanos());
        ArrayNode calls = json.putArray("toolCalls");
        for (ToolExecutionRequest call : output.toolCalls()) {
            calls.addObject().put("id", call.id()).put("name", call.name()).put("arguments", call.arguments());
        }
        ArrayNode retrieved = json.putArray("retrieved");
        output.retrieved().forEach(retrieved::add);
        if (output.usage() != null) {
            json.putObject("usage")
                    .put("input", output.usage().inputTokenCount())
                    .put("output", output.usage().outputTokenCount())
                    .put("total", output.usage().totalTokenCount());
        }
        if (output.cost() != null) {
            json.set("cost", cost(output.cost()));
        }
        if (output.model() != null) {
            json.put("model", output.model());
        }
        if (output.interactionId() != null) {
            json.put("interaction", output.interactionId().toString());
        }
        return json;
    }

    /**
     * Refuses a score that no file and no report can hold, while there is still somebody to tell.
     *
     * @throws IllegalArgumentException if a fact is no JSON value
     */
    static void requireJson(Score score) {
        if (!score.facts().isEmpty()) {
            JSON.valueToTree(score.facts());
        }
    }

    private static ObjectNode score(Score score) {
        ObjectNode json = JSON.createObjectNode().put("value", score.value());
        if (score.passed() != null) {
            json.put("passed", score.passed());
        }
        if (score.category() != null) {
            json.put("category", score.category());
        }
        if (!score.facts().isEmpty()) {
            json.set("facts", JSON.valueToTree(score.facts()));
        }
        return json;
    }

    private static ObjectNode failure(CaseResult.Failure failure) {
        ObjectNode json = JSON.createObjectNode().put("type", failure.type());
        return failure.message() == null ? json : json.put("message", failure.message());
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
                info = info(json.get("run"));
            } else if (json.has("result")) {
                CaseResult result = result(json.get("result"));
                CaseResult replaced = results.put(List.of(result.caseId(), result.repeat()), result);
                apart = replaced == null ? apart : apart.plus(replaced.spent());
            } else if (json.has("spent")) {
                apart = apart.plus(spent(json.get("spent")));
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
            return new Content(
                    new EvalRun(
                            known.ended(known.planned(), known.started(), took, ending),
                            List.copyOf(results.values()),
                            apart),
                    bytes);
        }

        private IllegalArgumentException malformed(String what) {
            return new IllegalArgumentException(
                    file + ", line " + number + ": " + what + " (expected: a run as EvalRun.save wrote it)");
        }

        private Info info(JsonNode json) {
            if (json.path("schema").asInt() != SCHEMA) {
                throw new IllegalArgumentException(
                        "schema " + json.path("schema") + ", which this version cannot read");
            }
            Map<String, ScorerInfo> scorers = new LinkedHashMap<>();
            json.path("scorers")
                    .properties()
                    .forEach(each -> scorers.put(
                            each.getKey(),
                            new ScorerInfo(
                                    text(each.getValue(), "fingerprint"),
                                    each.getValue().path("lossy").asBoolean(),
                                    each.getValue().path("higherIsBetter").asBoolean(),
                                    each.getValue().path("mayGate").asBoolean(),
                                    optional(each.getValue(), "anchors"),
                                    each.getValue().path("fromZeroToOne").asBoolean())));
            return new Info(
                    text(json, "candidate"),
                    text(json, "candidateFingerprint"),
                    text(json, "model"),
                    text(json, "promptHash"),
                    text(json, "dataset"),
                    text(json, "datasetHash"),
                    scorers,
                    json.path("repeats").asInt(),
                    json.path("planned").asInt(),
                    json.path("whole").asInt(json.path("planned").asInt()),
                    Instant.parse(text(json, "started")),
                    Duration.ZERO,
                    Ending.BROKEN_OFF);
        }

        private CaseResult result(JsonNode json) {
            partMillis = Math.max(partMillis, json.path("atMillis").asLong());
            SortedSet<String> slices = new TreeSet<>();
            json.path("slices").forEach(each -> slices.add(each.asText()));
            Map<String, Score> scores = new LinkedHashMap<>();
            json.path("scores").properties().forEach(each -> scores.put(each.getKey(), score(each.getValue())));
            Map<String, CaseResult.Failure> errors = new LinkedHashMap<>();
            json.path("scorerErrors").properties().forEach(each -> errors.put(each.getKey(), failure(each.getValue())));
            return new CaseResult(
                    text(json, "case"),
                    json.path("repeat").asInt(),
                    text(json, "cluster"),
                    slices,
                    json.has("output") ? output(json.get("output")) : null,
                    json.has("error") ? failure(json.get("error")) : null,
                    scores,
                    errors,
                    spent(json.path("beside")));
        }

        private static Spent spent(JsonNode json) {
            List<Cost> costs = new ArrayList<>();
            json.path("costs").forEach(each -> costs.add(cost(each)));
            return json.isObject() ? new Spent(json.path("tokens").asLong(), costs) : Spent.NOTHING;
        }

        private static Cost cost(JsonNode json) {
            return new Cost(new BigDecimal(text(json, "amount")), text(json, "currency"));
        }

        private static Output output(JsonNode json) {
            List<ToolExecutionRequest> calls = new ArrayList<>();
            json.path("toolCalls")
                    .forEach(each -> calls.add(ToolExecutionRequest.builder()
                            .id(optional(each, "id"))
                            .name(optional(each, "name"))
                            .arguments(optional(each, "arguments"))
                            .build()));
            List<String> retrieved = new ArrayList<>();
            json.path("retrieved").forEach(each -> retrieved.add(each.asText()));
            JsonNode usage = json.path("usage");
            JsonNode cost = json.path("cost");
            String interaction = optional(json, "interaction");
            return new Output(
                    text(json, "text"),
                    calls,
                    retrieved,
                    Outcome.valueOf(text(json, "outcome")),
                    usage.isObject()
                            ? new TokenUsage(count(usage, "input"), count(usage, "output"), count(usage, "total"))
                            : null,
                    cost.isObject() ? cost(cost) : null,
                    Duration.ofNanos(json.path("latencyNanos").asLong()),
                    interaction == null ? null : UUID.fromString(interaction),
                    optional(json, "model"));
        }

        private static Score score(JsonNode json) {
            Map<String, @Nullable Object> facts = new LinkedHashMap<>();
            if (json.has("facts")) {
                facts.putAll(
                        JSON.convertValue(json.get("facts"), new TypeReference<Map<String, @Nullable Object>>() {}));
            }
            return new Score(
                    json.path("value").asDouble(),
                    json.has("passed") ? json.get("passed").asBoolean() : null,
                    optional(json, "category"),
                    facts);
        }

        private static CaseResult.Failure failure(JsonNode json) {
            return new CaseResult.Failure(text(json, "type"), optional(json, "message"));
        }

        private static @Nullable Integer count(JsonNode json, String field) {
            return json.hasNonNull(field) ? json.get(field).asInt() : null;
        }

        private static @Nullable String optional(JsonNode json, String field) {
            return json.hasNonNull(field) ? json.get(field).asText() : null;
        }

        private static String text(JsonNode json, String field) {
            String text = optional(json, field);
            if (text == null) {
                throw new IllegalArgumentException("no " + field);
            }
            return text;
        }
    }
}
