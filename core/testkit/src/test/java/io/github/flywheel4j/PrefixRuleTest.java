package io.github.flywheel4j;

import static io.github.flywheel4j.Layers.named;
import static io.github.flywheel4j.Layers.passing;
import static io.github.flywheel4j.Layers.rewriting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.TokenSplit;
import io.github.flywheel4j.testkit.ToolCallEvents;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 1: what a layer emits is a prefix of the text of the answer that it returns; the adapter emits the rest. */
class PrefixRuleTest {

    private static final ToolExecutionRequest WEATHER = tool("call_1", "weather", "{\"city\":\"Paris\"}");

    @Test
    void emitsTheRestOfTheText() throws Exception {
        Caller caller = stream(Answer.tokens("Paris ", "is lovely"), rewriting("Polite", text -> text + " in May."));

        assertThat(caller.events()).containsExactly("text:Paris ", "text:is lovely", "text: in May.", "complete");
        assertThat(caller.response().aiMessage().text()).isEqualTo("Paris is lovely in May.");
    }

    @Test
    void streamsTheAnswerOfALayerThatNeverAskedTheModel() throws Exception {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.saying("unused");
        Caller caller = stream(model, named("Cache", (call, next) -> Shape.answer("from the cache")));

        assertThat(caller.events()).containsExactly("text:from the cache", "complete");
        assertThat(model.calls()).isZero();
    }

    @Test
    void emitsToolCallsThatTheProviderDidNot() throws Exception {
        Answer silent =
                Answer.toolCall("weather", "{}").andToolCall("time", "{}").toolCallEvents(ToolCallEvents.NONE);
        Answer partly = Answer.toolCall("weather", "{}").toolCallEvents(ToolCallEvents.COMPLETE_ONLY);
        ChatLayer another = named("Adding", (call, next) -> {
            ChatResponse answer = next.proceed(call);
            return withTools(answer, answer.aiMessage().toolExecutionRequests().get(0), tool("x", "time", "{}"));
        });

        assertThat(stream(silent).events()).containsExactly("tool:0:weather", "tool:1:time", "complete");
        assertThat(stream(partly).events()).containsExactly("tool:0:weather", "complete");
        Caller caller = stream(partly, another);
        assertThat(caller.error()).isNull();
        assertThat(caller.events()).containsExactly("tool:0:weather", "tool:1:time", "complete");
    }

    @Test
    void emitsEachOfTwoEqualToolCallsOnce() throws Exception {
        Answer twice = Answer.toolCalls(WEATHER, WEATHER);

        assertThat(stream(twice.toolCallEvents(ToolCallEvents.NONE)).events("tool:"))
                .containsExactly("tool:0:weather", "tool:1:weather");
        assertThat(stream(twice.toolCallEvents(ToolCallEvents.COMPLETE_ONLY)).events("tool:"))
                .containsExactly("tool:0:weather", "tool:1:weather");
    }

    @Test
    void emitsTextInFrontOfToolCallsThatWereHeldBack() throws Exception {
        Answer answer = Answer.text("Let me look.").andToolCall("weather", "{}").toolCallEvents(ToolCallEvents.NONE);
        ChatLayer silent = named(
                "Silent",
                (call, next) -> next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
                    @Override
                    public void text(String text) {}
                })));

        assertThat(stream(answer, silent).events()).containsExactly("text:Let me look.", "tool:0:weather", "complete");
    }

    @Test
    void namesTheLayerThatChangesTextAfterItWasReleased() throws Exception {
        Caller caller = stream(
                Answer.tokens("Paris ", "is lovely"),
                passing("Outer"),
                rewriting("Shouting", text -> text.toUpperCase(Locale.ROOT)),
                passing("Inner"));

        assertThat(caller.error())
                .isInstanceOf(LayerContractException.class)
                .hasMessageStartingWith("Shouting returned")
                .hasMessageNotContainingAny("Paris", "PARIS");
        assertThat(caller.events()).containsExactly("text:Paris ", "text:is lovely", "error");
    }

    @Test
    void namesTheLayerThatShortensTextAfterItWasReleased() throws Exception {
        Caller caller =
                stream(Answer.tokens("Paris ", "is lovely"), passing("Outer"), rewriting("Cutting", text -> "Paris"));

        assertThat(caller.error()).hasMessageStartingWith("Cutting returned");
    }

    @Test
    void namesTheLayerThatEmitsTextAndReturnsOther() throws Exception {
        Caller caller = stream(Answer.text("Paris"), passing("Outer"), named("Chatty", (call, next) -> {
            call.stream().text("One moment. ");
            return next.proceed(call);
        }));

        assertThat(caller.error()).isInstanceOf(LayerContractException.class).hasMessageStartingWith("Chatty returned");
    }

    @Test
    void namesTheLayerThatEmitsMoreThanTheAnswerThatItPassesOn() throws Exception {
        Caller caller = stream(
                Answer.text("Paris"),
                passing("Outer"),
                named("Trailing", (call, next) -> {
                    ChatResponse answer = next.proceed(call);
                    call.stream().text(" (end)");
                    return answer;
                }),
                passing("Inner"));

        assertThat(caller.error())
                .isInstanceOf(LayerContractException.class)
                .hasMessageStartingWith("Trailing returned");
    }

    @Test
    void namesTheLayerThatEmitsAToolCallWhichItsAnswerDoesNotHave() throws Exception {
        Caller caller = stream(Answer.text("Paris"), passing("Outer"), named("Calling", (call, next) -> {
            call.stream().toolCall(new CompleteToolCall(0, WEATHER));
            return next.proceed(call);
        }));

        assertThat(caller.error())
                .isInstanceOf(LayerContractException.class)
                .hasMessageStartingWith("Calling returned");
    }

    @Test
    void namesTheLayerThatDropsAToolCallAfterItWasReleased() throws Exception {
        Caller caller = stream(Answer.toolCall("weather", "{}"), passing("Outer"), named("Dropping", (call, next) -> {
            ChatResponse answer = next.proceed(call);
            return answer.toBuilder().aiMessage(AiMessage.from("no tools")).build();
        }));

        assertThat(caller.error())
                .isInstanceOf(LayerContractException.class)
                .hasMessageStartingWith("Dropping returned");
    }

    @Test
    void namesALayerBelowOneThatWrapsTheStream() throws Exception {
        ChatLayer wrapping = named(
                "Wrapping",
                (call, next) -> next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {})));
        Caller caller = stream(
                Answer.tokens("Paris ", "is"),
                wrapping,
                rewriting("Shouting", text -> text.toUpperCase(Locale.ROOT)),
                passing("Inner"));

        assertThat(caller.error()).hasMessageStartingWith("Shouting returned");
    }

    @Test
    void letsALayerEmitTextInFrontOfWhatTheLayersFurtherInEmit() throws Exception {
        ChatLayer prefacing = named("Prefacing", (call, next) -> {
            call.stream().text("In short: ");
            ChatResponse answer = next.proceed(call);
            return Shape.withText(answer, "In short: " + answer.aiMessage().text());
        });

        Caller caller = stream(Answer.tokens("Paris ", "is"), passing("Outer"), prefacing, passing("Inner"));

        assertThat(caller.error()).isNull();
        assertThat(caller.events()).containsExactly("text:In short: ", "text:Paris ", "text:is", "complete");
    }

    @Test
    void letsALayerContinueTheTextOnPurpose() throws Exception {
        ChatLayer continuing = named("Continuing", (call, next) -> {
            ChatResponse first = next.proceed(call);
            ChatResponse second = next.proceed(call);
            return Shape.withText(
                    first, first.aiMessage().text() + second.aiMessage().text());
        });
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.tokens("one ", "two "), Answer.tokens("three ", "four"));

        Caller caller = stream(model, passing("Outer"), continuing, passing("Inner"));

        assertThat(caller.error()).isNull();
        assertThat(caller.text()).isEqualTo("one two three four");
    }

    @Test
    void namesALayerThatAsksTwiceWithoutAttempts() throws Exception {
        ChatLayer twice = named("Twice", (call, next) -> {
            next.proceed(call);
            return next.proceed(call);
        });

        Caller caller = stream(
                ScriptedStreamingChatModel.of(Answer.text("first"), Answer.text("second")),
                passing("Outer"),
                twice,
                passing("Inner"));

        assertThat(caller.error()).isInstanceOf(LayerContractException.class).hasMessageStartingWith("Twice returned");
    }

    @Test
    void failsACallWhoseLayerGoesOnEmittingOnceItsAnswerWasChecked() throws Exception {
        AtomicReference<ResponseStream> late = new AtomicReference<>();
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                handler.onCompleteResponse(Shape.answer("Paris"));
            }

            /** Asked for between the last layer's return and the end: the stack looks up the model's name. */
            @Override
            public ChatRequestParameters defaultRequestParameters() {
                ResponseStream stream = late.getAndSet(null);
                if (stream != null) {
                    stream.text("Berlin");
                }
                return StreamingChatModel.super.defaultRequestParameters();
            }
        };
        Caller caller = stream(model, named("Late", (call, next) -> {
            ChatResponse answer = next.proceed(call);
            late.set(call.stream());
            return answer;
        }));

        assertThat(late).hasValue(null);
        assertThat(caller.error()).isInstanceOf(LayerContractException.class);
        assertThat(caller.events()).containsExactly("text:Berlin", "error");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void refusesALayerThatReturnsNull(Shape shape) {
        ChatStack stack = shape.model(Answer.text("Paris"))
                .stack()
                .layer(named("Empty", (call, next) -> null))
                .build();

        assertThatThrownBy(() -> shape.ask(stack))
                .isInstanceOf(LayerContractException.class)
                .hasMessageStartingWith("Empty returned null");
    }

    @Test
    void letsAnyLayerRewriteABlockingAnswer() {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("Paris"))
                .layer(rewriting("Shouting", text -> "BERLIN"))
                .layer(named("Chatty", (call, next) -> {
                    call.stream().text("nobody hears this");
                    assertThat(call.stream().isLive()).isFalse();
                    assertThat(call.stream().released()).isEmpty();
                    return next.proceed(call);
                }))
                .build();

        assertThat(stack.chatModel().chat(Shape.request()).aiMessage().text()).isEqualTo("BERLIN");
    }

    @Test
    void leavesRawEventsOutsideTheRule() throws Exception {
        Caller caller = stream(Answer.text("Paris").rawEvents("role", "ping"), rewriting("Polite", text -> text + "!"));

        assertThat(caller.events()).containsExactly("raw:role", "raw:ping", "text:Paris", "text:!", "complete");
    }

    @Test
    void passesThinkingAndPartialToolCallsOn() throws Exception {
        Answer answer =
                Answer.text("Look.").thinking("hm").andToolCall("weather", "{}").tokens(TokenSplit.whole());

        assertThat(stream(answer, passing("Outer")).events())
                .containsExactly("thinking:hm", "text:Look.", "partialTool:{}", "tool:0:weather", "complete");
    }

    @Test
    void tellsALayerWhatTheCallerHas() throws Exception {
        List<String> released = new CopyOnWriteArrayList<>();
        ChatLayer watching = named("Watching", (call, next) -> {
            released.add(call.stream().released());
            ChatResponse answer = next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
                @Override
                public void text(String text) {
                    if (!text.equals("b")) {
                        super.text(text);
                        released.add(released());
                    }
                }
            }));
            released.add(call.stream().released());
            return Shape.withText(answer, "ac");
        });

        Caller caller = stream(Answer.tokens("a", "b", "c"), watching);

        assertThat(caller.error()).isNull();
        assertThat(released).containsExactly("", "a", "ac", "ac");
    }

    @Test
    void takesTheStreamedTextForTheAnswerWhereAProviderTrimsTheWhole() throws Exception {
        HandDriven model = new HandDriven();
        Caller caller = new Caller();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .layer(passing("Outer"))
                .build();

        stack.streamingChatModel().chat(Shape.request(), caller);
        HandDriven.Stream stream = model.next();
        stream.text("Paris ");
        stream.complete("Paris");

        assertThat(caller.awaitEnd().error()).isNull();
        assertThat(caller.response().aiMessage().text()).isEqualTo("Paris ");
    }

    interface Assistant {
        TokenStream ask(String question);
    }

    static final class Weather {
        final AtomicInteger asked = new AtomicInteger();

        @Tool
        String weather(String city) {
            asked.incrementAndGet();
            return "sunny";
        }
    }

    @ParameterizedTest
    @EnumSource(ToolCallEvents.class)
    void runsEachToolOnceForATokenStreamWhateverTheProviderEmits(ToolCallEvents events) throws Exception {
        for (boolean concurrently : new boolean[] {false, true}) {
            Weather weather = new Weather();
            AiServices<Assistant> services = AiServices.builder(Assistant.class)
                    .streamingChatModel(ChatStack.builder()
                            .streamingChatModel(ScriptedStreamingChatModel.of(
                                    Answer.toolCall("weather", "{\"arg0\":\"Paris\"}")
                                            .toolCallEvents(events),
                                    Answer.tokens("It is ", "sunny")))
                            .layer(passing("Outer"))
                            .layer(polite())
                            .build()
                            .streamingChatModel())
                    .tools(weather);
            if (concurrently) {
                services.executeToolsConcurrently();
            }
            List<String> heard = new CopyOnWriteArrayList<>();
            CompletableFuture<ChatResponse> end = new CompletableFuture<>();
            services.build()
                    .ask("How is the weather?")
                    .onPartialResponse(heard::add)
                    .onCompleteResponse(end::complete)
                    .onError(end::completeExceptionally)
                    .start();

            assertThat(end.get(20, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("It is sunny.");
            assertThat(String.join("", heard)).isEqualTo("It is sunny.");
            assertThat(weather.asked).hasValue(1);
        }
    }

    private static ChatLayer polite() {
        return named("Polite", (call, next) -> {
            ChatResponse answer = next.proceed(call);
            String text = answer.aiMessage().text();
            return text == null ? answer : Shape.withText(answer, text + ".");
        });
    }

    private static Caller stream(Answer answer, ChatLayer... layers) throws InterruptedException {
        return stream(ScriptedStreamingChatModel.of(answer), layers);
    }

    private static Caller stream(StreamingChatModel model, ChatLayer... layers) throws InterruptedException {
        ChatStack.Builder builder = ChatStack.builder().streamingChatModel(model);
        for (ChatLayer layer : layers) {
            builder.layer(layer);
        }
        Caller caller = new Caller();
        ChatStack stack = builder.build();
        stack.streamingChatModel().chat(Shape.request(), caller);
        caller.awaitEnd();
        assertThat(caller.terminals()).isOne();
        assertThat(caller.disorder()).isZero();
        assertThat(stack.callsUnderWay()).isZero();
        return caller;
    }

    private static ChatResponse withTools(ChatResponse answer, ToolExecutionRequest... tools) {
        return answer.toBuilder().aiMessage(AiMessage.from(List.of(tools))).build();
    }

    private static ToolExecutionRequest tool(String id, String name, String arguments) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name(name)
                .arguments(arguments)
                .build();
    }
}
