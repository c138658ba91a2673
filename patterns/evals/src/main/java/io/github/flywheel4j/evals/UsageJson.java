package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.Cost;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was used, tokens and money, as JSON. */
final class UsageJson {

    private UsageJson() {}

    static ObjectNode of(TokenUsage usage) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("input", usage.inputTokenCount())
                .put("output", usage.outputTokenCount())
                .put("total", usage.totalTokenCount());
    }

    static ObjectNode of(Cost cost) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("amount", cost.amount().toPlainString())
                .put("currency", cost.currency());
    }

    static ObjectNode of(Spent spent) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("tokens", spent.tokens());
        ArrayNode costs = json.putArray("costs");
        spent.costs().forEach(cost -> costs.add(of(cost)));
        return json;
    }

    /** Null where there is none. */
    static @Nullable TokenUsage tokens(JsonNode json) {
        return json.isObject()
                ? new TokenUsage(count(json, "input"), count(json, "output"), count(json, "total"))
                : null;
    }

    private static @Nullable Integer count(JsonNode json, String field) {
        return json.hasNonNull(field) ? json.get(field).asInt() : null;
    }

    /**
     * Reads an amount.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Cost cost(JsonNode json) {
        return new Cost(new BigDecimal(JsonText.required(json, "amount")), JsonText.required(json, "currency"));
    }

    /** Nothing where there is none. */
    static Spent spent(JsonNode json) {
        List<Cost> costs = new ArrayList<>();
        json.path("costs").forEach(each -> costs.add(cost(each)));
        return json.isObject() ? new Spent(json.path("tokens").asLong(), costs) : Spent.NOTHING;
    }
}
