package io.github.flywheel4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stack as a model for callers that stream, by handler or by publisher.
 *
 * <p>Every way in leads through {@link #chat(ChatRequest, ChatRequestOptions, StreamingChatResponseHandler)}. The model's
 * listeners are told by the model itself.
 */
final class StackStreamingChatModel implements StreamingChatModel {

    private static final Logger LOG = LoggerFactory.getLogger(StackStreamingChatModel.class);

    private final ChatStack stack;
    private final StreamingChatModel model;
    private final StackModel description;
    private final Next first;

    StackStreamingChatModel(ChatStack stack, StreamingChatModel model, Next first) {
        this.stack = stack;
        this.model = model;
        this.description = new StackModel(model);
        this.first = first;
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, ChatRequestOptions.EMPTY, handler);
    }

    @Override
    public void chat(ChatRequest request, @Nullable ChatRequestOptions options, StreamingChatResponseHandler handler) {
        start(request, options, handler, false);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, ChatRequestOptions.EMPTY, handler);
    }

    /**
     * LangChain4j's reactive stream (from 1.20 on): cold, each subscription is a call of its own.
     *
     * <p>The raw type is what makes this the same method as LangChain4j's, whose events have a common type that does not
     * exist in 1.19.
     */
    @SuppressWarnings({"rawtypes", "unchecked"}) // see above
    public Flow.Publisher chat(ChatRequest request) {
        ChatStack.requireRequest(request);
        return new EventPublisher(handler -> start(request, ChatRequestOptions.EMPTY, handler, true));
    }

    /** Equal to {@link #chat(ChatRequest)}, so that nothing passes around the layers. */
    @SuppressWarnings("rawtypes") // see chat(ChatRequest)
    public Flow.Publisher doChat(ChatRequest request) {
        return chat(request);
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

    /**
     * Starts a call; its handle ends it.
     *
     * @param alwaysEnds whether the handler is owed an end even when the call was cancelled by its caller, as the
     *     subscribers of a publisher are when somebody else cancels their turn
     */
    private CallHandle start(
            ChatRequest request,
            @Nullable ChatRequestOptions options,
            StreamingChatResponseHandler handler,
            boolean alwaysEnds) {
        if (handler == null) {
            throw new IllegalArgumentException("handler: null (expected: a StreamingChatResponseHandler)");
        }
        CallRun run = stack.begin(description, request, options);
        CallHandle handle = new CallHandle(run.id(), run.cancellation());
        UserStream stream = new UserStream(handler, handle);
        stack.execute(run, () -> answer(run, stream, handler, alwaysEnds), rejection -> {
            run.failed(rejection, stream);
            signalError(handler, rejection);
        });
        return handle;
    }

    private void answer(CallRun run, UserStream stream, StreamingChatResponseHandler handler, boolean alwaysEnds) {
        ChatResponse response;
        try {
            ChatResponse answer = first.proceed(run.call(stream));
            response = run.stamp(answer);
            stream.complete(answer);
        } catch (Throwable e) {
            boolean owed = stream.fail();
            Throwable handlerFailure = stream.handlerFailure();
            Throwable error = handlerFailure != null ? handlerFailure : CheckedFailure.unwrap(e);
            run.failed(error, stream);
            stack.end(run);
            if (owed || alwaysEnds) {
                signalError(handler, error);
            }
            return;
        }
        run.answered(response, stream);
        stack.end(run);
        signalAnswer(handler, response);
    }

    /** A handler that throws on the answer gets the exception back as an error: AI services end tool loops that way. */
    private static void signalAnswer(StreamingChatResponseHandler handler, ChatResponse response) {
        try {
            handler.onCompleteResponse(response);
        } catch (Throwable e) {
            signalError(handler, e);
        }
    }

    private static void signalError(StreamingChatResponseHandler handler, Throwable error) {
        try {
            handler.onError(error);
        } catch (Throwable e) {
            LOG.warn(
                    "a streaming handler threw {} from onError; there is nobody left to tell",
                    e.getClass().getName(),
                    e);
        }
    }
}
