package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was run, as JSON. How long it took and why it ended are not in it: they are known at the end. */
final class RunInfoJson {

    private static final int SCHEMA = 1;

    private RunInfoJson() {}

    static ObjectNode write(Info info) {
        ObjectNode run = JsonNodeFactory.instance
                .objectNode()
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
        return run;
    }

    /**
     * Reads it; the run is broken off unless somebody tells its end.
     *
     * @throws IllegalArgumentException if it is of another version, or something is missing
     */
    static Info read(JsonNode json) {
        if (json.path("schema").asInt() != SCHEMA) {
            throw new IllegalArgumentException("schema " + json.path("schema") + ", which this version cannot read");
        }
        Map<String, ScorerInfo> scorers = new LinkedHashMap<>();
        json.path("scorers")
                .properties()
                .forEach(each -> scorers.put(
                        each.getKey(),
                        new ScorerInfo(
                                JsonText.required(each.getValue(), "fingerprint"),
                                each.getValue().path("lossy").asBoolean(),
                                each.getValue().path("higherIsBetter").asBoolean(),
                                each.getValue().path("mayGate").asBoolean(),
                                JsonText.optional(each.getValue(), "anchors"),
                                each.getValue().path("fromZeroToOne").asBoolean())));
        return new Info(
                JsonText.required(json, "candidate"),
                JsonText.required(json, "candidateFingerprint"),
                JsonText.required(json, "model"),
                JsonText.required(json, "promptHash"),
                JsonText.required(json, "dataset"),
                JsonText.required(json, "datasetHash"),
                scorers,
                json.path("repeats").asInt(),
                json.path("planned").asInt(),
                json.path("whole").asInt(json.path("planned").asInt()),
                Instant.parse(JsonText.required(json, "started")),
                Duration.ZERO,
                Ending.BROKEN_OFF);
    }
}
