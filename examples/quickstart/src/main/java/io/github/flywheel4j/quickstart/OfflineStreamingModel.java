package io.github.flywheel4j.quickstart;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;

/** Equal to {@link OfflineModel}, but word by word. */
final class OfflineStreamingModel implements StreamingChatModel {

    private final ExtractiveAnswer answer;

    OfflineStreamingModel(ExtractiveAnswer answer) {
        this.answer = answer;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        ChatResponse response = OfflineModel.answer(answer, request);
        for (String word : response.aiMessage().text().split("(?<= )")) {
            handler.onPartialResponse(word);
        }
        handler.onCompleteResponse(response);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return OfflineModel.PARAMETERS;
    }
}
