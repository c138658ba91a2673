package io.github.flywheel4j.caching;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.flywheel4j.caching.HitPolicy.State;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a semantic tier learned, as JSON: numbers and verdicts, no text.
 *
 * @param state what its policy learned from
 * @param knownWrong the pairs of questions that do not have the same answer
 */
record LearnedState(State state, List<KnownWrong.Pair> knownWrong) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXPECTED =
            " (expected: what SemanticTier.snapshot() gave; start without it, the tier learns anew)";

    String toJson(String modelName) {
        ObjectNode root = JSON.createObjectNode();
        root.put("features", PairContext.VERSION);
        root.put("embeddingModel", modelName);
        root.set("calibration", write(state.calibration()));
        root.put("calibrationDoubted", state.doubted());
        root.set("verdicts", write(state.judged()));
        root.set("audits", write(state.audits()));
        ArrayNode wrong = root.putArray("knownWrong");
        knownWrong.forEach(pair ->
                wrong.addArray().add(pair.one().toString()).add(pair.other().toString()));
        return root.toString();
    }

    private static ArrayNode write(List<JudgedLookup> lookups) {
        ArrayNode array = JSON.createArrayNode();
        for (JudgedLookup lookup : lookups) {
            ArrayNode row = array.addArray().add(lookup.same() ? 1 : 0).add(lookup.weight());
            for (int i = 0; i < lookup.size(); i++) {
                row.add(lookup.feature(i));
            }
        }
        return array;
    }

    private static ObjectNode write(Audits.State audits) {
        ObjectNode node = JSON.createObjectNode();
        node.put("served", audits.served());
        node.put("count", audits.count());
        node.put("wrong", audits.wrong());
        node.put("fadedWrong", audits.fadedWrong());
        node.put("fadedExpected", audits.fadedExpected());
        ArrayNode recent = node.putArray("recent");
        audits.recent().forEach(right -> recent.add(right ? 1 : 0));
        return node;
    }

    /**
     * Reads it; what audits found is not in older ones, and counts as nothing then.
     *
     * @throws IllegalArgumentException if it is of another embedding model, of another version, or no snapshot
     */
    static LearnedState read(String json, String modelName) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("snapshot: no JSON" + EXPECTED, e);
        }
        int version = root.path("features").asInt(-1);
        if (version != PairContext.VERSION) {
            throw new IllegalArgumentException("snapshot: of version " + version + " (expected: " + PairContext.VERSION
                    + "; start without it, the tier learns anew)");
        }
        String model = root.path("embeddingModel").asText();
        if (!model.equals(modelName)) {
            throw new IllegalArgumentException("snapshot: of embedding model '" + model + "' (expected: '" + modelName
                    + "'; what was learned with one model says nothing of another)");
        }
        return new LearnedState(
                new State(
                        rows(root.path("calibration")),
                        root.path("calibrationDoubted").asBoolean(false),
                        rows(root.path("verdicts")),
                        audits(root.path("audits"))),
                pairs(root.path("knownWrong")));
    }

    private static List<JudgedLookup> rows(JsonNode array) {
        List<JudgedLookup> lookups = new ArrayList<>(array.size());
        for (JsonNode row : array) {
            double[] features = new double[PairContext.SIZE];
            if (row.size() != features.length + 2) {
                throw new IllegalArgumentException("snapshot: a row of " + row.size() + " numbers" + EXPECTED);
            }
            for (int i = 0; i < features.length; i++) {
                features[i] = row.get(i + 2).asDouble();
            }
            lookups.add(new JudgedLookup(
                    features, row.get(0).asInt() == 1, row.get(1).asDouble()));
        }
        return lookups;
    }

    private static Audits.State audits(JsonNode node) {
        if (node.isMissingNode()) {
            return Audits.State.NONE;
        }
        long served = node.path("served").asLong(-1);
        long count = node.path("count").asLong(-1);
        long wrong = node.path("wrong").asLong(-1);
        double fadedWrong = node.path("fadedWrong").asDouble(-1);
        double fadedExpected = node.path("fadedExpected").asDouble(-1);
        if (wrong < 0 || count < wrong || served < 0 || !(fadedWrong >= 0 && fadedExpected >= 0)) {
            throw new IllegalArgumentException("snapshot: audits that cannot be" + EXPECTED);
        }
        List<Boolean> recent = new ArrayList<>();
        node.path("recent").forEach(right -> recent.add(right.asInt() == 1));
        return new Audits.State(served, count, wrong, fadedWrong, fadedExpected, recent);
    }

    private static List<KnownWrong.Pair> pairs(JsonNode array) {
        List<KnownWrong.Pair> pairs = new ArrayList<>(array.size());
        for (JsonNode pair : array) {
            try {
                pairs.add(KnownWrong.Pair.of(
                        UUID.fromString(pair.path(0).asText()),
                        UUID.fromString(pair.path(1).asText())));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("snapshot: a pair of questions that is none" + EXPECTED, e);
            }
        }
        return pairs;
    }
}
