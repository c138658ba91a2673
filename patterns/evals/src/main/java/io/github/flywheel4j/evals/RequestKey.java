package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.flywheel4j.RequestParameters;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model is asked, as a hash: its parameters, and of the messages roles, contents and tool calls. Ids of tool calls are
 * other ones each time and stand for their order only.
 */
final class RequestKey {

    private static final List<String> IDS = List.of("id", "tool_call_id");

    private RequestKey() {}

    static String of(ChatModel model, ChatRequest request) {
        List<String> parts = new ArrayList<>();
        parts.add(model.provider().name());
        parts.addAll(RequestParameters.spell(model.defaultRequestParameters().overrideWith(request.parameters()))
                .lines());
        for (JsonNode message : MessageJson.write(request.messages())) {
            withoutIds(message);
            parts.add(message.toString());
        }
        return ContentHash.of(parts);
    }

    /** Takes the ids of tool calls away, also further in. */
    static void withoutIds(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove(IDS);
        }
        json.forEach(RequestKey::withoutIds);
    }
}
