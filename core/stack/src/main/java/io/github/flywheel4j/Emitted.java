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
    private Mark checkedSince = Mark.START;

    /** A place in what was emitted. */
    record Mark(int characters, int toolCalls) {

        static final Mark START = new Mark(0, 0);
    }

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

    /** Where the next text and tool call will go. */
    Mark mark() {
        return text.isEmpty() && toolCalls.isEmpty() ? Mark.START : new Mark(text.length(), toolCalls.size());
    }

    /** Fails if the answer of the named layer does not begin with what the layer emitted since the mark. */
    @SuppressWarnings("ReferenceEquality") // the very same answer was checked, an equal one was not
    void requirePrefixOf(ChatResponse response, Mark since, String layer) {
        if (response == checked && since.equals(checkedSince)) {
            return; // the same answer, passed out by a layer that did not touch it
        }
        AiMessage answer = response.aiMessage();
        if (!isPrefixOf(answer, since)) {
            String whole = answer.text();
            throw new LayerContractException(layer + " returned an answer of "
                    + (whole == null ? 0 : whole.length()) + " characters and "
                    + answer.toolExecutionRequests().size() + " tool calls that does not begin with the "
                    + (text.length() - since.characters()) + " characters and "
                    + (toolCalls.size() - since.toolCalls())
                    + " tool calls it had streamed (expected: what is streamed is a prefix of the answer)");
        }
        checked = response;
        checkedSince = since;
    }

    private boolean isPrefixOf(AiMessage answer, Mark since) {
        if (text.length() > since.characters() && !startsWith(answer.text(), since.characters())) {
            return false;
        }
        List<ToolExecutionRequest> emitted = toolCalls.subList(since.toolCalls(), toolCalls.size());
        for (ToolExecutionRequest toolCall : emitted) {
            if (count(answer.toolExecutionRequests(), toolCall) < count(emitted, toolCall)) {
                return false;
            }
        }
        return true;
    }

    private boolean startsWith(@Nullable String whole, int from) {
        if (whole == null || whole.length() < text.length() - from) {
            return false;
        }
        for (int i = text.length() - 1; i >= from; i--) {
            if (whole.charAt(i - from) != text.charAt(i)) {
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
