package io.github.flywheel4j.examples.quickstart;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.regex.Pattern;

/** Equal to {@link OfflineModel}, but word by word. */
final class OfflineStreamingModel implements StreamingChatModel {

    private static final Pattern WORD_END = Pattern.compile("(?<= )");

    private final ExtractiveAnswer answer;

    OfflineStreamingModel(ExtractiveAnswer answer) {
        this.answer = answer;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        ChatResponse response = OfflineModel.answer(answer, request);
        WORD_END.splitAsStream(response.aiMessage().text()).forEach(handler::onPartialResponse);
        handler.onCompleteResponse(response);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return OfflineModel.PARAMETERS;
    }
}
