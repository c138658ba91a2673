package io.github.flywheel4j.evals;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Messages and answers as people read them. */
final class MessageText {

    private MessageText() {}

    /** An answer with the tools that it calls. */
    static String of(Output output) {
        return withTools(output.text(), output.toolCalls());
    }

    /** A conversation, a message on each line; one user message alone is its text. */
    static String of(List<ChatMessage> messages) {
        return messages.size() == 1 && messages.get(0) instanceof UserMessage user
                ? of(user)
                : messages.stream().map(MessageText::of).collect(Collectors.joining("\n"));
    }

    private static String of(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return "system: " + system.text();
        }
        if (message instanceof UserMessage user) {
            return "user: " + of(user);
        }
        if (message instanceof AiMessage answer) {
            return "assistant: "
                    + withTools(answer.text() == null ? "" : answer.text(), answer.toolExecutionRequests());
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return "tool " + result.toolName() + ": " + result.text();
        }
        return "(" + message.type() + ")";
    }

    private static String of(UserMessage message) {
        return message.contents().stream().map(MessageText::of).collect(Collectors.joining("\n"));
    }

    private static String of(Content content) {
        return content instanceof TextContent text ? text.text() : "(" + content.type() + ")";
    }

    private static String withTools(String text, List<ToolExecutionRequest> toolCalls) {
        return Stream.concat(
                        text.isEmpty() ? Stream.of() : Stream.of(text),
                        toolCalls.stream().map(call -> "calls " + call.name() + "(" + call.arguments() + ")"))
                .collect(Collectors.joining("\n"));
    }
}
