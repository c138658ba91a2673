package io.github.flywheel4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parameters in one spelling, part by part: never by {@code toString}, which is nobody's promise. */
final class RequestParameters {

    private RequestParameters() {}

    static List<String> lines(ChatRequestParameters parameters) {
        List<String> lines = new ArrayList<>();
        add(lines, "modelName", parameters.modelName());
        add(lines, "temperature", parameters.temperature());
        add(lines, "topP", parameters.topP());
        add(lines, "topK", parameters.topK());
        add(lines, "frequencyPenalty", parameters.frequencyPenalty());
        add(lines, "presencePenalty", parameters.presencePenalty());
        add(lines, "maxOutputTokens", parameters.maxOutputTokens());
        parameters.stopSequences().forEach(each -> add(lines, "stop", each));
        parameters.toolSpecifications().forEach(each -> add(lines, "tool", each.toJson()));
        add(lines, "toolChoice", parameters.toolChoice());
        if (parameters.responseFormat() != null) {
            add(lines, "responseFormat", InteractionJson.format(parameters.responseFormat()));
        }
        return lines;
    }

    private static void add(List<String> lines, String name, @Nullable Object value) {
        if (value != null) {
            lines.add(name + " " + value);
        }
    }
}
