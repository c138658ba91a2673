package io.github.flywheel4j.benchmarks.overhead;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;

/**
 * A model that answers every request at once with the same answer from memory.
 *
 * <p>It overrides {@code chat(ChatRequest)}, as the models that LangChain4j ships do, and so leaves out the merging of
 * parameters and the listeners of the interface's default method: what remains is what stands around the model. The
 * scripted model of the testkit records its requests, and hundreds of millions of them would not fit into memory.
 */
final class StubModel implements ChatModel {

    static final String QUESTION = "When does the library open?";
    static final String ANSWER = "At nine.";

    static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from(QUESTION)).build();

    private final ChatResponse response = ChatResponse.builder()
            .aiMessage(AiMessage.from(ANSWER))
            .finishReason(FinishReason.STOP)
            .build();

    @Override
    public ChatResponse chat(ChatRequest request) {
        return response;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return response;
    }
}
