package io.github.flywheel4j.adapters;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedModelBuilder;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public method of LangChain4j's two chat models passes each layer exactly once, whatever its shape. A method that
 * this table does not know fails by name, so that a new release of LangChain4j cannot open a way around the layers.
 */
class EveryWayInTest {

    private enum Kind {
        /** Returns the answer, a text or a response. */
        BLOCKS,
        /** Tells a handler. */
        STREAMS,
        /** Returns a future of the answer. */
        FUTURE,
        /** Returns a publisher of events or texts. */
        PUBLISHES,
        /** Says something of the model and calls nothing. */
        DESCRIBES
    }

    private static final Map<String, Kind> CHAT_MODEL = Map.ofEntries(
            entry("chat(ChatRequest)", Kind.BLOCKS),
            entry("chat(ChatRequest, ChatRequestOptions)", Kind.BLOCKS),
            entry("chat(String)", Kind.BLOCKS),
            entry("chat(ChatMessage[])", Kind.BLOCKS),
            entry("chat(List)", Kind.BLOCKS),
            entry("doChat(ChatRequest)", Kind.BLOCKS),
            entry("chatAsync(ChatRequest)", Kind.FUTURE),
            entry("chatAsync(ChatRequest, ChatRequestOptions)", Kind.FUTURE),
            entry("chatAsync(String)", Kind.FUTURE),
            entry("chatAsync(ChatMessage[])", Kind.FUTURE),
            entry("chatAsync(List)", Kind.FUTURE),
            entry("doChatAsync(ChatRequest)", Kind.FUTURE),
            entry("defaultRequestParameters()", Kind.DESCRIBES),
            entry("listeners()", Kind.DESCRIBES),
            entry("provider()", Kind.DESCRIBES),
            entry("supportedCapabilities()", Kind.DESCRIBES));

    private static final Map<String, Kind> STREAMING_CHAT_MODEL = Map.ofEntries(
            entry("chat(ChatRequest, StreamingChatResponseHandler)", Kind.STREAMS),
            entry("chat(ChatRequest, ChatRequestOptions, StreamingChatResponseHandler)", Kind.STREAMS),
            entry("chat(String, StreamingChatResponseHandler)", Kind.STREAMS),
            entry("chat(List, StreamingChatResponseHandler)", Kind.STREAMS),
            entry("doChat(ChatRequest, StreamingChatResponseHandler)", Kind.STREAMS),
            entry("chat(ChatRequest)", Kind.PUBLISHES),
            entry("chat(String)", Kind.PUBLISHES),
            entry("chat(ChatMessage[])", Kind.PUBLISHES),
            entry("chat(List)", Kind.PUBLISHES),
            entry("doChat(ChatRequest)", Kind.PUBLISHES),
            entry("defaultRequestParameters()", Kind.DESCRIBES),
            entry("listeners()", Kind.DESCRIBES),
            entry("provider()", Kind.DESCRIBES),
            entry("supportedCapabilities()", Kind.DESCRIBES));

    static Stream<Way> ways() {
        return Stream.concat(ways(ChatModel.class), ways(StreamingChatModel.class))
                .filter(way -> way.kind() != Kind.DESCRIBES);
    }

    static Stream<Way> descriptions() {
        return Stream.concat(ways(ChatModel.class), ways(StreamingChatModel.class))
                .filter(way -> way.kind() == Kind.DESCRIBES);
    }

    @Test
    void knowsEveryMethodOfThisLangChain4j() {
        requireKnown(ChatModel.class, CHAT_MODEL);
        requireKnown(StreamingChatModel.class, STREAMING_CHAT_MODEL);
    }

    @Test
    void failsByNameWhenLangChain4jAddsAMethod() {
        assertThatThrownBy(() -> requireKnown(NewerChatModel.class, CHAT_MODEL))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("NewerChatModel.chatLater(ChatRequest)")
                .hasMessageContaining("StackChatModel");
    }

    @Test
    void stillFindsTheMethodsOfTheOldestLangChain4jItKnows() {
        Set<String> found = ways().map(Way::toString).collect(Collectors.toSet());

        assertThat(found)
                .contains("ChatModel.chat(ChatRequest)", "ChatModel.doChat(ChatRequest)")
                .hasSizeGreaterThanOrEqualTo(Reactive.available() ? 22 : 11);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void passesEachLayerOnceAndTellsTheModelsListenersOnce(Way way) throws Throwable {
        Fixture fixture = new Fixture(Answer.text("hello world"));

        Object answer = way.call(fixture.stack);

        assertThat(text(answer)).isEqualTo("hello world");
        if (answer instanceof ChatResponse response) {
            assertThat(AnswerInfo.of(response)).hasValueSatisfying(info -> assertThat(info.id())
                    .isEqualTo(fixture.outer.only().id()));
        }
        assertThat(fixture.outer.seen()).hasSize(1);
        assertThat(fixture.inner.seen()).hasSize(1);
        assertThat(fixture.models()).isEqualTo(1);
        assertThat(fixture.listener.heard).containsExactly("request", "response");
        assertThat(fixture.stack.callsUnderWay()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bringsTheModelsExceptionAsTheSameInstance(Way way) {
        RuntimeException failure = new IllegalStateException("out of order");
        Fixture fixture = new Fixture(Answer.failure(failure));

        assertThatThrownBy(() -> way.call(fixture.stack)).isSameAs(failure);

        assertThat(fixture.outer.seen()).hasSize(1);
        assertThat(fixture.inner.seen()).hasSize(1);
        assertThat(fixture.models()).isEqualTo(1);
        assertThat(fixture.listener.heard).containsExactly("request", "error");
        assertThat(fixture.stack.callsUnderWay()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bringsALayersExceptionAsTheSameInstance(Way way) {
        RuntimeException failure = new IllegalStateException("no");
        ScriptedChatModel model = ScriptedChatModel.saying("hello");
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.saying("hello");
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer((call, next) -> {
                    throw failure;
                })
                .build();

        assertThatThrownBy(() -> way.call(stack)).isSameAs(failure);

        assertThat(model.calls() + streaming.calls()).isZero();
        assertThat(stack.callsUnderWay()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bringsAnErrorAsTheSameInstance(Way way) {
        Error failure = new StackOverflowError("deep");
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("hello"))
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .layer((call, next) -> {
                    throw failure;
                })
                .build();

        assertThatThrownBy(() -> way.call(stack)).isSameAs(failure);
        assertThat(stack.callsUnderWay()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bringsACheckedExceptionAsTheSameInstance(Way way) {
        Exception failure = new java.io.IOException("reset");
        // Waited for in a task of a layer, where a future stands between.
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.failure(failure)))
                .streamingChatModel(ScriptedStreamingChatModel.of(Answer.failure(failure)))
                .layer((call, next) -> call.await(call.submit(() -> next.proceed(call))))
                .build();

        assertThatThrownBy(() -> way.call(stack)).isSameAs(failure);
        assertThat(stack.callsUnderWay()).isZero();
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void saysOfItselfWhatTheModelSays(Way way) throws Exception {
        Fixture fixture = new Fixture(Answer.text("hello"));

        Object said = way.method().invoke(way.modelOf(fixture.stack));

        assertThat(said).isEqualTo(way.method().invoke(way.isStreaming() ? fixture.streaming : fixture.model));
        assertThat(said)
                .isIn(fixture.parameters, List.of(fixture.listener), ModelProvider.OLLAMA, fixture.capabilities);
        assertThat(fixture.outer.seen()).isEmpty();
    }

    private static Stream<Way> ways(Class<?> type) {
        Map<String, Kind> known = type == ChatModel.class ? CHAT_MODEL : STREAMING_CHAT_MODEL;
        return Arrays.stream(type.getMethods())
                .filter(method -> known.containsKey(signature(method)))
                .map(method -> new Way(method, known.get(signature(method))));
    }

    private static void requireKnown(Class<?> type, Map<String, Kind> known) {
        Set<String> unknown = new TreeSet<>();
        for (Method method : type.getMethods()) {
            if (!known.containsKey(signature(method))) {
                unknown.add(type.getSimpleName() + "." + signature(method));
            }
        }
        if (!unknown.isEmpty()) {
            throw new AssertionError("LangChain4j has methods that nobody decided on: " + unknown
                    + " (expected: only known ones). Decide for each: if it calls the model, let StackChatModel or"
                    + " StackStreamingChatModel lead it through the layers (or refuse by name); if it describes the"
                    + " model, forward it. Then add it to the table here with its kind.");
        }
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    private static String text(Object answer) {
        return answer instanceof ChatResponse response ? response.aiMessage().text() : String.valueOf(answer);
    }

    /** One method of one of the two interfaces. */
    record Way(Method method, Kind kind) {

        boolean isStreaming() {
            return method.getDeclaringClass() == StreamingChatModel.class;
        }

        Object modelOf(ChatStack stack) {
            return isStreaming() ? stack.streamingChatModel() : stack.chatModel();
        }

        /** Calls it with arguments for its parameters and waits for the answer, whatever its shape. */
        Object call(ChatStack stack) throws Throwable {
            Listening handler = new Listening();
            List<Object> arguments = new ArrayList<>();
            for (Class<?> type : method.getParameterTypes()) {
                arguments.add(argument(type, handler));
            }
            Object returned;
            try {
                returned = method.invoke(modelOf(stack), arguments.toArray());
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            return switch (kind) {
                case BLOCKS -> returned;
                case FUTURE -> await((CompletableFuture<?>) returned);
                case STREAMS -> await(handler.end);
                case PUBLISHES -> await((Flow.Publisher<?>) returned);
                case DESCRIBES -> throw new AssertionError(this);
            };
        }

        private static Object argument(Class<?> type, StreamingChatResponseHandler handler) {
            if (type == ChatRequest.class) {
                return Calls.request("hello");
            } else if (type == ChatRequestOptions.class) {
                return ChatRequestOptions.EMPTY;
            } else if (type == String.class) {
                return "hello";
            } else if (type == ChatMessage[].class) {
                return new ChatMessage[] {UserMessage.from("hello")};
            } else if (type == List.class) {
                return List.of(UserMessage.from("hello"));
            } else if (type == StreamingChatResponseHandler.class) {
                return handler;
            }
            throw new AssertionError("parameter: " + type + " (expected: a type with an argument here)");
        }

        private static Object await(CompletableFuture<?> future) throws Throwable {
            try {
                return future.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        }

        @SuppressWarnings("unchecked")
        private static Object await(Flow.Publisher<?> publisher) throws Throwable {
            Reactive.Listener listener = new Reactive.Listener(Long.MAX_VALUE);
            ((Flow.Publisher<Object>) publisher).subscribe(listener);
            await(listener.end);
            Object last = listener.events.get(listener.events.size() - 1);
            return last instanceof String ? listener.text() : Reactive.complete(last);
        }

        @Override
        public String toString() {
            return method.getDeclaringClass().getSimpleName() + "." + signature(method);
        }
    }

    /** A method that a later release might bring. */
    interface NewerChatModel extends ChatModel {

        default ChatResponse chatLater(ChatRequest request) {
            return doChat(request);
        }
    }

    private static final class Fixture {

        final Calls outer = new Calls();
        final Calls inner = new Calls();
        final Heard listener = new Heard();
        final ChatRequestParameters parameters =
                ChatRequestParameters.builder().modelName("small").build();
        final Set<Capability> capabilities = Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        final ScriptedChatModel model;
        final ScriptedStreamingChatModel streaming;
        final ChatStack stack;

        Fixture(Answer answer) {
            model = describe(ScriptedChatModel.builder().answers(answer)).build();
            streaming = describe(ScriptedStreamingChatModel.builder().answers(answer))
                    .build();
            stack = ChatStack.builder()
                    .chatModel(model)
                    .streamingChatModel(streaming)
                    .layer(outer)
                    .layer(inner)
                    .build();
        }

        long models() {
            return model.calls() + streaming.calls();
        }

        private <B extends ScriptedModelBuilder<B>> B describe(B builder) {
            return builder.listeners(listener)
                    .defaultRequestParameters(parameters)
                    .provider(ModelProvider.OLLAMA)
                    .capabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        }
    }

    private static final class Heard implements ChatModelListener {

        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void onRequest(ChatModelRequestContext context) {
            heard.add("request");
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
            heard.add("response");
        }

        @Override
        public void onError(ChatModelErrorContext context) {
            heard.add("error");
        }
    }
}
