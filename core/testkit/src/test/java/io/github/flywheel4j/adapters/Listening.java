package io.github.flywheel4j.adapters;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A handler that keeps what it hears, in order, and waits for the end. */
class Listening implements StreamingChatResponseHandler {

    final List<String> events = new CopyOnWriteArrayList<>();
    final List<PartialResponseContext> contexts = new CopyOnWriteArrayList<>();
    final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String text) {
        events.add("text without context");
    }

    @Override
    public void onPartialResponse(PartialResponse text, PartialResponseContext context) {
        contexts.add(context);
        events.add("text " + text.text());
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
        events.add("thinking " + thinking.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall call) {
        events.add("partial tool " + call.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        events.add("tool " + call.toolExecutionRequest().name());
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        events.add("raw " + event);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        events.add("complete");
        end.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        events.add("error");
        end.completeExceptionally(error);
    }

    ChatResponse response() throws Exception {
        return end.get(20, TimeUnit.SECONDS);
    }

    Throwable error() throws Exception {
        try {
            throw new AssertionError("ended with " + end.get(20, TimeUnit.SECONDS) + " (expected: an error)");
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (CancellationException e) { // a future throws these bare
            return e;
        }
    }
}
