package io.github.flywheel4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The stack as a model for callers that block or hold a future.
 *
 * <p>Every way in leads through {@link #chat(ChatRequest, ChatRequestOptions)}. The model's listeners are told by the
 * model itself; this class never calls them, or they would be told twice. The {@code Async} methods have no
 * {@code @Override}, because LangChain4j has them from 1.20 on only.
 */
final class StackChatModel implements ChatModel {

    private final ChatStack stack;
    private final ChatModel model;
    private final StackModel description;
    private final Next first;

    StackChatModel(ChatStack stack, ChatModel model, Next first) {
        this.stack = stack;
        this.model = model;
        this.description = new StackModel(model);
        this.first = first;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
        return answer(stack.begin(description, request, options));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    /** LangChain4j's non-blocking call; the layers and the model run on the stack's executor. */
    public CompletableFuture<ChatResponse> chatAsync(ChatRequest request, @Nullable ChatRequestOptions options) {
        CallRun run = stack.begin(description, request, options);
        CompletableFuture<ChatResponse> future = new CompletableFuture<>();
        // Whoever ends the future first, be it by cancel or by orTimeout, no longer waits; a call that has ended is not
        // hurt.
        CompletableFuture<?> unused =
                future.whenComplete((answer, error) -> run.cancellation().cancelByCaller("by its caller"));
        stack.execute(
                run,
                () -> {
                    try {
                        future.complete(answer(run));
                    } catch (Throwable e) {
                        future.completeExceptionally(e);
                    }
                },
                rejection -> {
                    run.failed(rejection, null);
                    future.completeExceptionally(rejection);
                });
        return future;
    }

    /** Equal to {@link #chatAsync(ChatRequest, ChatRequestOptions)} without options. */
    public CompletableFuture<ChatResponse> chatAsync(ChatRequest request) {
        return chatAsync(request, ChatRequestOptions.EMPTY);
    }

    /** Equal to {@link #chatAsync(ChatRequest)}, so that nothing passes around the layers. */
    public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
        return chatAsync(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return model.listeners();
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return model.supportedCapabilities();
    }

    @Override
    public String toString() {
        return stack.toString();
    }

    private ChatResponse answer(CallRun run) {
        try {
            ChatResponse response = run.stamp(first.proceed(run.call(ResponseStream.NONE)));
            if (!run.cancellation().end()) {
                throw new CallCancelled(run.cancellation().reason());
            }
            run.answered(response, null);
            return response;
        } catch (Throwable e) {
            Throwable error = CheckedFailure.unwrap(e);
            run.failed(error, null);
            throw CheckedFailure.<RuntimeException>asItIs(error);
        } finally {
            stack.end(run);
        }
    }
}
