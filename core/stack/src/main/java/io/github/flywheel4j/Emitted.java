package io.github.flywheel4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went through one point of a stream, held against the answer that comes back past that point: the text must be a
 * prefix of the answer's, the tool calls must be among the answer's.
 *
 * <p>Not thread-safe: its owner guards it.
 */
final class Emitted {

    private final StringBuilder text = new StringBuilder();
    private final List<ToolExecutionRequest> toolCalls = new ArrayList<>(0);
    private @Nullable ChatResponse checked;

    void text(String more) {
        text.append(more);
        checked = null;
    }

    void toolCall(ToolExecutionRequest toolCall) {
        toolCalls.add(toolCall);
        checked = null;
    }

    String text() {
        return text.toString();
    }

    int length() {
        return text.length();
    }

    /** The text of the answer that was not emitted yet. */
    String restOfText(AiMessage answer) {
        String whole = answer.text();
        return whole == null || whole.length() <= text.length() ? "" : whole.substring(text.length());
    }

    /** Whether the tool call at that index of the answer was emitted; equal calls are counted. */
    boolean hasToolCall(AiMessage answer, int index) {
        ToolExecutionRequest wanted = answer.toolExecutionRequests().get(index);
        int upToIndex = count(answer.toolExecutionRequests().subList(0, index + 1), wanted);
        return count(toolCalls, wanted) >= upToIndex;
    }

    boolean isPrefixOf(AiMessage answer) {
        String whole = answer.text();
        if (text.length() > 0 && (whole == null || !startsWith(whole))) {
            return false;
        }
        for (ToolExecutionRequest toolCall : toolCalls) {
            if (count(answer.toolExecutionRequests(), toolCall) < count(toolCalls, toolCall)) {
                return false;
            }
        }
        return true;
    }

    /** Fails if the answer of the named layer does not begin with what the layer emitted. */
    @SuppressWarnings("ReferenceEquality") // the very same answer was checked, an equal one was not
    void requirePrefixOf(ChatResponse response, String layer) {
        if (response == checked) {
            return; // the same answer, passed out by a layer that did not touch it
        }
        AiMessage answer = response.aiMessage();
        if (!isPrefixOf(answer)) {
            String whole = answer.text();
            throw new LayerContractException(layer + " returned an answer of "
                    + (whole == null ? 0 : whole.length()) + " characters and "
                    + answer.toolExecutionRequests().size() + " tool calls that does not begin with the "
                    + text.length() + " characters and " + toolCalls.size()
                    + " tool calls it had streamed (expected: what is streamed is a prefix of the answer)");
        }
        checked = response;
    }

    private boolean startsWith(String whole) {
        if (whole.length() < text.length()) {
            return false;
        }
        for (int i = text.length() - 1; i >= 0; i--) {
            if (whole.charAt(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int count(List<ToolExecutionRequest> calls, ToolExecutionRequest wanted) {
        int count = 0;
        for (ToolExecutionRequest call : calls) {
            if (call.equals(wanted)) {
                count++;
            }
        }
        return count;
    }
}
