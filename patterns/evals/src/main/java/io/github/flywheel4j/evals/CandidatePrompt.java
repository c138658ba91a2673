package io.github.flywheel4j.evals;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.input.PromptTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prompt that a case is put into. Immutable.
 *
 * @param version the version, or the text, of a prompt that the application fills in by itself; empty if nobody says
 * @param template what the last user's message becomes, filled; null to leave it as it is
 * @param systemMessage what stands in front; null for nothing
 */
record CandidatePrompt(
        String version, @Nullable String template, @Nullable String systemMessage) {

    /** Nothing around the case. */
    static final CandidatePrompt NONE = new CandidatePrompt("", null, null);

    /** The name of a text input's text in a template. */
    private static final String INPUT = "input";

    String hash() {
        return ContentHash.of(version, template == null ? "" : template, systemMessage == null ? "" : systemMessage);
    }

    /**
     * The messages of a case.
     *
     * @throws IllegalStateException if there is a template and the case does not end with a user's text
     */
    List<ChatMessage> messages(EvalCase evalCase) {
        List<ChatMessage> messages = new ArrayList<>();
        if (systemMessage != null) {
            messages.add(SystemMessage.from(systemMessage));
        }
        if (template == null) {
            messages.addAll(evalCase.input().messages());
            return messages;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        if (evalCase.input() instanceof EvalInput.Variables variables) {
            values.putAll(variables.values());
        } else {
            List<ChatMessage> given = evalCase.input().messages();
            messages.addAll(given.subList(0, given.size() - 1));
            if (!(given.get(given.size() - 1) instanceof UserMessage last && last.hasSingleText())) {
                throw new IllegalStateException("case '" + evalCase.id()
                        + "' does not end with a user's text (expected: one, to be filled into the template)");
            }
            values.put(INPUT, last.singleText());
        }
        messages.add(PromptTemplate.from(template).apply(values).toUserMessage());
        return messages;
    }
}
