package io.github.flywheel4j.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.same;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.Terminal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

/** What passes between the caller and the model must pass unchanged, and nothing else. */
class ForwardingTest {

    private static final ChatRequestOptions FOREIGN =
            ChatRequestOptions.builder().addListenerAttribute("span", "42").build();

    private static final long WAIT = 20_000;

    // Options

    @Test
    void callsModelsThatOverrideNothingButChat() throws Exception {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.builder()
                        .answers(Answer.text("hello"))
                        .chatOnly()
                        .build())
                .streamingChatModel(ScriptedStreamingChatModel.builder()
                        .answers(Answer.text("hello"))
                        .chatOnly()
                        .build())
                .layer(new Calls())
                .build();
        ChatRequestOptions options = CallContext.builder().user("ada").build().options();
        Listening plain = new Listening();
        Listening withOptions = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), plain);
        stack.streamingChatModel().chat(Calls.request("hi"), options, withOptions);

        assertThat(stack.chatModel().chat(Calls.request("hi")).aiMessage().text())
                .isEqualTo("hello");
        assertThat(stack.chatModel()
                        .chat(Calls.request("hi"), options)
                        .aiMessage()
                        .text())
                .isEqualTo("hello");
        assertThat(plain.response().aiMessage().text()).isEqualTo("hello");
        assertThat(withOptions.response().aiMessage().text()).isEqualTo("hello");
    }

    @Test
    void callsModelsThatOverrideNothingButDoChat() throws Exception {
        ChatModel model = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return answer("hello");
            }
        };
        StreamingChatModel streaming = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                handler.onPartialResponse("hello");
                handler.onCompleteResponse(answer("hello"));
            }
        };
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .build();
        Listening heard = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), FOREIGN, heard);

        assertThat(stack.chatModel()
                        .chat(Calls.request("hi"), FOREIGN)
                        .aiMessage()
                        .text())
                .isEqualTo("hello");
        assertThat(heard.response().aiMessage().text()).isEqualTo("hello");
    }

    @Test
    void handsForeignOptionsToTheModelAndKeepsItsOwn() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.saying("hello");
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.saying("hello");
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .build();
        ChatRequestOptions options = ChatRequestOptions.builder()
                .listenerAttributes(
                        CallContext.builder().user("ada").build().options().listenerAttributes())
                .build();
        ChatRequestOptions both = ChatRequestOptions.builder()
                .listenerAttributes(with(options.listenerAttributes(), "span", "42"))
                .build();
        Listening heard = new Listening();

        stack.chatModel().chat(Calls.request("hi"), both);
        stack.streamingChatModel().chat(Calls.request("hi"), both, heard);
        heard.response();

        assertThat(model.options()).containsExactly(FOREIGN);
        assertThat(streaming.options()).containsExactly(FOREIGN);
    }

    @Test
    void showsForeignOptionsToTheModelsListeners() {
        ChatModelListener listener = mock(ChatModelListener.class);
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.builder()
                        .answers(Answer.text("hello"))
                        .listeners(listener)
                        .build())
                .build();

        stack.chatModel().chat(Calls.request("hi"), FOREIGN);

        ArgumentCaptor<ChatModelRequestContext> context = ArgumentCaptor.forClass(ChatModelRequestContext.class);
        verify(listener).onRequest(context.capture());
        assertThat(context.getValue().attributes()).containsEntry("span", "42");
        verify(listener, times(1)).onResponse(any());
        verify(listener, never()).onError(any());
    }

    @Test
    void takesNoOptionsForEmptyOnes() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.saying("hello");
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.saying("hello");
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .build();
        Listening heard = new Listening();

        stack.chatModel().chat(Calls.request("hi"), null);
        stack.streamingChatModel().chat(Calls.request("hi"), null, heard);
        heard.response();

        assertThat(model.options())
                .allMatch(options -> options.listenerAttributes().isEmpty());
        assertThat(streaming.options())
                .allMatch(options -> options.listenerAttributes().isEmpty());
        assertThat(model.calls() + streaming.calls()).isEqualTo(2);
    }

    // Parameters and metadata

    @Test
    void keepsAProvidersOwnParametersAndMetadataThroughLayersThatRewriteBoth() throws Exception {
        OpenAiChatRequestParameters parameters = OpenAiChatRequestParameters.builder()
                .modelName("small")
                .seed(7)
                .reasoningEffort("low")
                .build();
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.from("hello"))
                .metadata(OpenAiChatResponseMetadata.builder()
                        .modelName("small")
                        .finishReason(FinishReason.STOP)
                        .systemFingerprint("fp")
                        .tokenUsage(OpenAiTokenUsage.builder()
                                .inputTokenCount(3)
                                .outputTokenCount(2)
                                .totalTokenCount(5)
                                .inputTokensDetails(OpenAiTokenUsage.InputTokensDetails.builder()
                                        .cachedTokens(1)
                                        .build())
                                .build())
                        .build())
                .build();
        ChatLayer rewriting = (call, next) -> {
            ChatRequest longer = call.request().toBuilder()
                    .messages(List.of(UserMessage.from("rewritten")))
                    .build();
            ChatResponse answer = next.proceed(call.withRequest(longer));
            return AnswerInfo.note(
                    answer.toBuilder()
                            .aiMessage(answer.aiMessage()
                                    .withText(answer.aiMessage().text() + "!"))
                            .build(),
                    "rewritten");
        };
        ScriptedChatModel model = ScriptedChatModel.of(Answer.of(response));
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.of(Answer.of(response));
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(rewriting)
                .layer(rewriting)
                .build();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("hi"))
                .parameters(parameters)
                .build();
        Listening heard = new Listening();

        stack.streamingChatModel().chat(request, heard);

        for (ChatResponse each : List.of(stack.chatModel().chat(request), heard.response())) {
            assertThat(each.aiMessage().text()).isEqualTo("hello!!");
            assertThat(each.metadata()).isInstanceOf(OpenAiChatResponseMetadata.class);
            assertThat(((OpenAiChatResponseMetadata) each.metadata()).systemFingerprint())
                    .isEqualTo("fp");
            assertThat(((OpenAiTokenUsage) each.tokenUsage())
                            .inputTokensDetails()
                            .cachedTokens())
                    .isEqualTo(1);
        }
        for (ChatRequest each : List.of(model.lastRequest(), streaming.lastRequest())) {
            assertThat(each.messages()).containsExactly((ChatMessage) UserMessage.from("rewritten"));
            assertThat(each.parameters().modelName()).isEqualTo("small");
        }
    }

    @Test
    void handsAProvidersOwnParametersToAModelThatTakesThemFromChat() {
        OpenAiChatRequestParameters parameters =
                OpenAiChatRequestParameters.builder().seed(7).build();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .answers(Answer.text("hello"))
                .chatOnly()
                .build();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer((call, next) -> next.proceed(call.withRequest(call.request().toBuilder()
                        .messages(List.of(UserMessage.from("rewritten")))
                        .build())))
                .build();

        stack.chatModel()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from("hi"))
                        .parameters(parameters)
                        .build());

        assertThat(model.lastRequest().parameters()).isEqualTo(parameters);
    }

    @Test
    void tellsLayersTheParametersThatTheModelWillUse() {
        Calls layer = new Calls();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .answers(Answer.text("hello"))
                .defaultRequestParameters(OpenAiChatRequestParameters.builder()
                        .modelName("usual")
                        .temperature(0.1)
                        .seed(7)
                        .build())
                .build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(layer).build();

        stack.chatModel()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from("hi"))
                        .temperature(0.9)
                        .build());

        ChatRequestParameters effective = layer.only().parameters();
        assertThat(effective.modelName()).isEqualTo("usual");
        assertThat(effective.temperature()).isEqualTo(0.9);
        assertThat(((OpenAiChatRequestParameters) effective).seed()).isEqualTo(7);
        assertThat(effective).isEqualTo(model.lastRequest().parameters());
        assertThat(layer.only().request().parameters().modelName()).isNull();
    }

    // Events of a stream

    private static final PartialThinking THINKING = new PartialThinking("hm");
    private static final PartialToolCall PART = PartialToolCall.builder()
            .index(0)
            .id("1")
            .name("weather")
            .partialArguments("{}")
            .build();
    private static final CompleteToolCall WHOLE = new CompleteToolCall(
            0,
            ToolExecutionRequest.builder()
                    .id("1")
                    .name("weather")
                    .arguments("{}")
                    .build());
    private static final Object RAW = new Object();

    static Stream<Arguments> variants() {
        BiConsumer<StreamingChatResponseHandler, StreamingHandle> withContext = (handler, handle) -> {
            handler.onUnmappedRawEvent(RAW);
            handler.onPartialThinking(THINKING, new PartialThinkingContext(handle));
            handler.onPartialResponse(new PartialResponse("hello"), new PartialResponseContext(handle));
            handler.onPartialToolCall(PART, new PartialToolCallContext(handle));
            handler.onCompleteToolCall(WHOLE);
        };
        BiConsumer<StreamingChatResponseHandler, StreamingHandle> withoutContext = (handler, handle) -> {
            handler.onUnmappedRawEvent(RAW);
            handler.onPartialThinking(THINKING);
            handler.onPartialResponse("hello");
            handler.onPartialToolCall(PART);
            handler.onCompleteToolCall(WHOLE);
        };
        return Stream.of(Arguments.of("with contexts", withContext), Arguments.of("without contexts", withoutContext));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void passesOnEveryEventWhicheverWayTheModelTellsIt(
            String name, BiConsumer<StreamingChatResponseHandler, StreamingHandle> events) {
        ChatResponse whole = ChatResponse.builder()
                .aiMessage(AiMessage.builder()
                        .text("hello")
                        .toolExecutionRequests(List.of(WHOLE.toolExecutionRequest()))
                        .build())
                .finishReason(FinishReason.TOOL_EXECUTION)
                .build();
        StreamingChatResponseHandler handler = mock(StreamingChatResponseHandler.class);
        ChatStack stack = streaming((request, to) -> {
            events.accept(to, mock(StreamingHandle.class));
            to.onCompleteResponse(whole);
        });

        stack.streamingChatModel().chat(Calls.request("hi"), handler);

        verify(handler, timeout(WAIT)).onCompleteResponse(any());
        InOrder order = inOrder(handler);
        order.verify(handler).onUnmappedRawEvent(same(RAW));
        order.verify(handler).onPartialThinking(eq(THINKING), any());
        order.verify(handler).onPartialResponse(eq(new PartialResponse("hello")), any());
        order.verify(handler).onPartialToolCall(eq(PART), any());
        order.verify(handler).onCompleteToolCall(eq(WHOLE));
        order.verify(handler).onCompleteResponse(any());
        order.verifyNoMoreInteractions();
    }

    @Test
    void givesAHandlerThatKnowsNoContextsThePlainEvents() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Listening end = new Listening();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(
                        Answer.text("hello").thinking("hm").andToolCall("weather", "{}")))
                .build();

        stack.streamingChatModel().chat(Calls.request("hi"), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {
                heard.add(text);
            }

            @Override
            public void onPartialThinking(PartialThinking thinking) {
                heard.add(thinking.text());
            }

            @Override
            public void onPartialToolCall(PartialToolCall call) {
                heard.add(call.name());
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.onCompleteResponse(response);
            }

            @Override
            public void onError(Throwable error) {
                end.onError(error);
            }
        });
        end.response();

        assertThat(heard).containsExactly("hm", "hello", "weather");
    }

    // Providers that misbehave

    @Test
    void bringsAnExceptionThatTheModelThrowsInsteadOfSignalling() throws Exception {
        IllegalStateException failure = new IllegalStateException("refused");
        assertEndsWith(failure, streaming((request, to) -> {
            throw failure;
        }));
    }

    @Test
    void bringsOneErrorWhenTheModelSignalsAndThrows() throws Exception {
        IllegalStateException signalled = new IllegalStateException("signalled");
        assertEndsWith(signalled, streaming((request, to) -> {
            to.onError(signalled);
            throw new IllegalStateException("thrown");
        }));
    }

    @Test
    void bringsTheAnswerWhenTheModelAnswersAndThrows() throws Exception {
        ChatStack stack = streaming((request, to) -> {
            to.onCompleteResponse(answer("hello"));
            throw new IllegalStateException("thrown");
        });
        Listening heard = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), heard);

        assertThat(heard.response().aiMessage().text()).isEqualTo("hello");
        assertThat(heard.events).containsExactly("text hello", "complete");
    }

    @Test
    void bringsAnExceptionThatNoMethodDeclares() throws Exception {
        Exception failure = new java.io.IOException("reset");
        Error error = new NoClassDefFoundError("client");
        assertEndsWith(
                failure,
                ChatStack.builder()
                        .streamingChatModel(ScriptedStreamingChatModel.of(
                                Answer.failure(failure).terminals(Terminal.THROW)))
                        .build());
        assertEndsWith(
                failure,
                ChatStack.builder()
                        .streamingChatModel(ScriptedStreamingChatModel.of(Answer.failure(failure)))
                        .build());
        assertEndsWith(error, streaming((request, to) -> to.onError(error)));
    }

    static Stream<Arguments> terminals() {
        return Stream.of(
                Arguments.of(List.of(Terminal.ERROR, Terminal.ERROR), "error"),
                Arguments.of(List.of(Terminal.ERROR, Terminal.COMPLETE), "error"),
                Arguments.of(List.of(Terminal.COMPLETE, Terminal.ERROR), "complete"),
                Arguments.of(List.of(Terminal.COMPLETE, Terminal.COMPLETE, Terminal.ERROR), "complete"),
                Arguments.of(List.of(Terminal.ERROR, Terminal.THROW), "error"),
                Arguments.of(List.of(Terminal.COMPLETE, Terminal.THROW), "complete"));
    }

    @ParameterizedTest
    @MethodSource("terminals")
    void endsOnceWithTheFirstOfSeveralSignals(List<Terminal> terminals, String end) throws Exception {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(Answer.text("hello")
                .terminals(terminals.toArray(Terminal[]::new))
                .lateTokens("late"));
        Calls layer = new Calls();
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        Listening heard = new Listening();
        try (ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .layer(layer)
                .interactionListener(interactions::add)
                .build()) {
            stack.streamingChatModel().chat(Calls.request("hi"), heard);
            heard.end.handle((answer, error) -> null).get();
            org.awaitility.Awaitility.await().until(() -> model.live() == 0 && stack.callsUnderWay() == 0);
        }

        assertThat(heard.events).containsExactly("text hello", end);
        assertThat(interactions).hasSize(1);
        assertThat(layer.seen()).hasSize(1);
    }

    @Test
    void namesAModelThatAnswersNull() throws Exception {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.of(Answer.none()))
                .streamingChatModel(ScriptedStreamingChatModel.of(Answer.none()))
                .build();
        Listening heard = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), heard);

        assertThatThrownBy(() -> stack.chatModel().chat(Calls.request("hi")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ScriptedChatModel")
                .hasMessageContaining("null (expected: a ChatResponse");
        assertThat(heard.error())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ScriptedStreamingChatModel")
                .hasMessageContaining("null (expected: a ChatResponse");
    }

    @Test
    void tellsTheCallerWhenTheExecutorTakesNoMore() throws Exception {
        RejectedExecutionException full = new RejectedExecutionException("full");
        List<Interaction> interactions = new CopyOnWriteArrayList<>();
        Listening heard = new Listening();
        try (ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .executor(task -> {
                    throw full;
                })
                .interactionListener(interactions::add)
                .build()) {
            stack.streamingChatModel().chat(Calls.request("hi"), heard);

            assertThat(heard.error()).isSameAs(full);
            assertThat(stack.callsUnderWay()).isZero();
        }
        assertThat(interactions).singleElement().satisfies(interaction -> {
            assertThat(interaction.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(interaction.streaming()).isTrue();
        });
    }

    // Bad input

    @Test
    void refusesNullAndEmptyMessagesInOneClearLine() {
        ScriptedChatModel model = ScriptedChatModel.saying("hello");
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.saying("hello");
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .build();
        StreamingChatResponseHandler handler = mock(StreamingChatResponseHandler.class);

        assertRefused("request: null", () -> stack.chatModel().chat((ChatRequest) null));
        assertRefused("request: null", () -> stack.chatModel().doChat(null));
        assertRefused("request: null", () -> stack.chatModel().chat((ChatRequest) null, FOREIGN));
        assertRefused("request: null", () -> stack.streamingChatModel().chat((ChatRequest) null, handler));
        assertRefused("handler: null", () -> stack.streamingChatModel().chat(Calls.request("hi"), null));
        assertRefused("null", () -> stack.chatModel().chat((String) null));
        assertRefused("empty", () -> stack.chatModel().chat(List.of()));
        assertRefused("empty", () -> stack.chatModel().chat((List<ChatMessage>) null));
        assertRefused("empty", () -> stack.chatModel().chat(new ChatMessage[0]));
        assertRefused("null", () -> stack.streamingChatModel().chat((String) null, handler));
        assertRefused("empty", () -> stack.streamingChatModel().chat(List.of(), handler));

        assertThat(model.calls() + streaming.calls()).isZero();
        assertThat(stack.callsUnderWay()).isZero();
        verify(handler, never()).onCompleteResponse(any());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void passesAnEmptyAnswerOn(String text) throws Exception {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying(text))
                .streamingChatModel(ScriptedStreamingChatModel.saying(text))
                .layer(new Calls())
                .build();
        Listening heard = new Listening();

        stack.streamingChatModel().chat(Calls.request("hi"), heard);

        assertThat(stack.chatModel().chat(Calls.request("hi")).aiMessage().text())
                .isEqualTo(text);
        assertThat(heard.response().aiMessage().text()).isEqualTo(text);
    }

    private static void assertRefused(String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n"));
    }

    private static void assertEndsWith(Throwable failure, ChatStack stack) throws Exception {
        Listening heard = new Listening();
        stack.streamingChatModel().chat(Calls.request("hi"), heard);
        assertThat(heard.error()).isSameAs(failure);
        org.awaitility.Awaitility.await().until(() -> stack.callsUnderWay() == 0);
        assertThat(heard.events).containsOnlyOnce("error").doesNotContain("complete");
    }

    private static ChatStack streaming(BiConsumer<ChatRequest, StreamingChatResponseHandler> model) {
        return ChatStack.builder()
                .streamingChatModel(new StreamingChatModel() {
                    @Override
                    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                        model.accept(request, handler);
                    }
                })
                .build();
    }

    private static Map<Object, Object> with(Map<Object, Object> attributes, Object key, Object value) {
        Map<Object, Object> more = new java.util.HashMap<>(attributes);
        more.put(key, value);
        return more;
    }

    private static ChatResponse answer(String text) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(FinishReason.STOP)
                .build();
    }
}
