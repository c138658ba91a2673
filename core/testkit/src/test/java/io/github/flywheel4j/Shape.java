package io.github.flywheel4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The ways to ask a model, so that one test body holds for each. */
enum Shape {
    BLOCKING {
        @Override
        Scripted model(Function<? super ChatRequest, Answer> answers) {
            ScriptedChatModel model = ScriptedChatModel.answering(answers);
            return new Scripted(ChatStack.builder().chatModel(model), model::calls, model::live, model::release);
        }

        @Override
        ChatResponse ask(ChatStack stack) {
            return stack.chatModel().chat(request());
        }
    },

    STREAMING {
        @Override
        Scripted model(Function<? super ChatRequest, Answer> answers) {
            ScriptedStreamingChatModel model = ScriptedStreamingChatModel.answering(answers);
            return new Scripted(
                    ChatStack.builder().streamingChatModel(model), model::calls, model::live, model::release);
        }

        @Override
        ChatResponse ask(ChatStack stack) throws InterruptedException {
            Caller caller = new Caller();
            stack.streamingChatModel().chat(request(), caller);
            caller.awaitEnd();
            if (caller.error() != null) {
                throw Shape.<RuntimeException>sneaky(caller.error());
            }
            String whole = caller.response().aiMessage().text();
            if (!caller.text().equals(whole == null ? "" : whole)) {
                throw new AssertionError("streamed " + caller.text() + " but completed with " + whole);
            }
            return caller.response();
        }
    };

    /** A model with its stack's builder and its counters, whatever its kind. */
    record Scripted(ChatStack.Builder stack, LongSupplier calls, LongSupplier live, Runnable release) {}

    abstract Scripted model(Function<? super ChatRequest, Answer> answers);

    /** Asks and waits; throws what the caller got if it got no answer. */
    abstract ChatResponse ask(ChatStack stack) throws InterruptedException;

    Scripted model(Answer... answers) {
        AtomicInteger position = new AtomicInteger();
        return model(request -> answers[Math.min(position.getAndIncrement(), answers.length - 1)]);
    }

    String text(ChatStack stack) throws InterruptedException {
        return ask(stack).aiMessage().text();
    }

    static ChatRequest request() {
        return ChatRequest.builder().messages(UserMessage.from("question")).build();
    }

    static ChatResponse answer(String text) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(FinishReason.STOP)
                .build();
    }

    static ChatResponse withText(ChatResponse answer, String text) {
        return answer.toBuilder().aiMessage(answer.aiMessage().withText(text)).build();
    }

    @SuppressWarnings("unchecked") // throws a checked exception as it is
    static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }
}
