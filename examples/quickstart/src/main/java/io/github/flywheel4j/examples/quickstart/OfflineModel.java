package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;

/**
 * A chat model that needs no key and no network: it quotes the passages in the last user message. It makes nothing up, and
 * it does not chat either.
 */
final class OfflineModel implements ChatModel {

    static final String NAME = "offline-extractive";
    static final ChatRequestParameters PARAMETERS =
            ChatRequestParameters.builder().modelName(NAME).build();

    private final ExtractiveAnswer answer;

    OfflineModel(ExtractiveAnswer answer) {
        this.answer = answer;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return answer(answer, request);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return PARAMETERS;
    }

    static ChatResponse answer(ExtractiveAnswer answer, ChatRequest request) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(answer.to(lastUserText(request.messages()))))
                .modelName(NAME)
                .tokenUsage(new TokenUsage(0, 0)) // it knows words, no tokens: there is nothing to pay for
                .finishReason(FinishReason.STOP)
                .build();
    }

    private static String lastUserText(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage user && user.hasSingleText()) {
                return user.singleText();
            }
        }
        return "";
    }
}
