package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.testkit.RecordingHandler;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Asks stacks, blocking and streaming, and waits for what they do on other threads. */
final class Asking {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Asking() {}

    static ChatResponse ask(ChatStack stack, ChatRequest request, CallContext context, boolean streams) {
        if (!streams) {
            return stack.chatModel().chat(request, context.options());
        }
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(request, context.options(), heard);
        heard.await(PATIENCE);
        if (!heard.errors().isEmpty()) {
            throw (RuntimeException) heard.errors().get(0);
        }
        assertThat(heard.text()).isEqualTo(heard.responses().get(0).aiMessage().text());
        return heard.responses().get(0);
    }

    static AnswerInfo info(ChatResponse response) {
        return AnswerInfo.of(response).orElseThrow();
    }

    static void eventually(String what, BooleanSupplier happens) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!happens.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen: " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
