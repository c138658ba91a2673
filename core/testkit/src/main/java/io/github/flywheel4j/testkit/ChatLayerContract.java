package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.CallCancelled;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.ContextScope;
import io.github.flywheel4j.LayerContractException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ChatLayer} must do, blocking and streaming, as JUnit 5 tests: extend it in the layer's own tests.
 *
 * <pre>{@code
 * class FixedAnswersContractTest extends ChatLayerContract {
 *
 *     @Override
 *     protected ChatLayer layer() {
 *         return new FixedAnswers(Map.of("Are you open today?", "Yes, until six."));
 *     }
 * }
 * }</pre>
 *
 * <p>The layer stands alone around scripted models, in a call that it has no reason to change: {@link #request} must pass
 * it, and so must {@link #textThatPasses}, {@link #textsThatPass} and {@link #exceptionThatPasses}. Override these hooks
 * where the defaults would not. Then the caller must see just what the model gave, in every call shape, however the stream
 * is split; a cancel and an interrupt must reach the model; and nothing may be left behind.
 *
 * <p>A layer that is {@link AutoCloseable} is closed after each test.
 */
@Timeout(120)
public abstract class ChatLayerContract {

    /** The turn of all calls here. */
    private static final String TURN = "contract-turn";

    private static final int THREADS = 64;
    private static final int CALLS_PER_THREAD = 20;

    private final ContractThreads threads = new ContractThreads();
    private final List<ChatStack> stacks = new ArrayList<>();
    private final List<ChatLayer> layers = new ArrayList<>();
    private final List<ScriptedChatModel> models = new ArrayList<>();
    private final List<ScriptedStreamingChatModel> streamingModels = new ArrayList<>();

    /** For the tests of a layer. */
    protected ChatLayerContract() {}

    // ---------------------------------------------------------------- what the layer's test says

    /** A new layer, which shares no state with the ones before. */
    protected abstract ChatLayer layer();

    /** Who asks. By default workload, tenant, user, session and turn are given; the turn must stay. */
    protected CallContext context() {
        return CallContext.builder()
                .workload("layer-contract")
                .tenant("contract-tenant")
                .user("contract-user")
                .session("contract-session")
                .turn(TURN)
                .build();
    }

    /**
     * The stack around the layer, for settings that the layer depends on. The models, the layer and the executor are
     * added to it.
     */
    protected ChatStack.Builder stack() {
        return ChatStack.builder();
    }

    /**
     * What the user asks in the call of this number: a question that the layer lets pass, and does not rewrite beyond
     * adding to it. Each number has its own, and none is part of another.
     */
    protected String question(int number) {
        return "What is the capital of the country that we call " + name(number) + "?";
    }

    /** The request of this number; by default {@link #question} alone, as a user's message. */
    protected ChatRequest request(int number) {
        return ChatRequest.builder()
                .messages(UserMessage.from(question(number)))
                .build();
    }

    /** The model's text for the call of this number: at least ten words that pass the layer unchanged. */
    protected String textThatPasses(int number) {
        return "The capital of the country that we call " + name(number) + " is Paris, a city on the Seine.";
    }

    /** Texts that pass the layer unchanged, beside {@link #textThatPasses}. By default short ones of several scripts. */
    protected List<String> textsThatPass() {
        return List.of(
                "Yes.",
                "Paris is lovely in May. Take the train, and book a room early; it fills up.",
                "Naïve café, Straße, señor: déjà vu.",
                "Привет, мир. Париж прекрасен в мае.",
                "巴黎在五月很美。建议乘火车前往。",
                "שלום עולם. פריז יפה במאי.",
                "Emoji 😀 and 👩‍👩‍👧 and 🇫🇷 stay whole.",
                "# A heading\n\n- one\n- two\n\n```java\nint x = 1;\n```\n");
    }

    /**
     * Texts that the layer cuts, masks or refuses. Whatever it makes of one, it must make of it however the stream is
     * split. None by default.
     */
    protected List<String> textsThatAreChanged() {
        return List.of();
    }

    /**
     * An exception of the model that the layer hands on as it is, without another try. By default one that LangChain4j
     * calls not retriable. A layer that handles every exception overrides {@link #handsExceptionsOn}.
     */
    protected RuntimeException exceptionThatPasses() {
        return new InvalidRequestException("scripted");
    }

    /** Whether {@link #exceptionThatPasses} reaches the caller; false for a layer whose job is to answer instead. */
    protected boolean handsExceptionsOn() {
        return true;
    }

    /** Whether the layer may hold the first five words back until it has heard more. False by default. */
    protected boolean holdsTextBack() {
        return false;
    }

    /** How long to wait for what must happen. 10 seconds by default. */
    protected Duration patience() {
        return Duration.ofSeconds(10);
    }

    // ---------------------------------------------------------------- the contract

    /** A layer has a name, a stage and settings, the same for two layers that were made alike. */
    @Test
    public final void saysWhatItIs() {
        ChatLayer one = newLayer();
        ChatLayer other = newLayer();

        assertThat(one.name()).as("name").isNotBlank().isEqualTo(other.name());
        assertThat(one.stage()).as("stage").isNotNull().isEqualTo(other.stage());
        assertThat(one.settings())
                .as("settings of two layers that were made alike")
                .isNotNull()
                .isEqualTo(other.settings());
    }

    /** A blocking call gives the model's answer: text, finish reason, usage. */
    @Test
    public final void passesABlockingAnswer() {
        for (String text : passingTexts()) {
            ChatResponse response = blocking(Answer.text(text).usage(11, 7)).chat(request(0));

            assertThat(response.aiMessage().text()).isEqualTo(text);
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(11, 7));
        }
    }

    /** A stream gives the model's text, the same for every split, and ends once. */
    @Test
    public final void passesAStreamHoweverItIsSplit() {
        List<TokenSplit> splits = splits();
        for (String text : passingTexts()) {
            for (TokenSplit split : splits) {
                RecordingHandler heard = play(Answer.text(text).usage(11, 7).tokens(split), request(0));

                assertThat(heard.errors()).as("errors").isEmpty();
                assertThat(heard.text()).as("streamed text").isEqualTo(text);
                ChatResponse response = heard.responses().get(0);
                assertThat(response.aiMessage().text()).isEqualTo(text);
                assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(11, 7));
            }
        }
    }

    /** What becomes of a text that the layer changes depends on the text, not on its tokens. */
    @Test
    public final void changesATextTheSameWayHoweverItIsSplit() {
        List<TokenSplit> splits = splits();
        for (String text : textsThatAreChanged()) {
            String first = null;
            for (TokenSplit split : splits) {
                String outcome = outcome(play(Answer.text(text).tokens(split), request(0)));
                first = first == null ? outcome : first;
                assertThat(outcome).as("what became of the text").isEqualTo(first);
            }
        }
    }

    /** The layer alone around a model works as in a stack, for both kinds of model. */
    @Test
    public final void worksAloneAroundAModel() {
        ScriptedChatModel model = blockingModel(Answer.text(textThatPasses(0)));
        ScriptedStreamingChatModel streaming = streamingModel(Answer.text(textThatPasses(0)));
        RecordingHandler heard = new RecordingHandler();

        try (ContextScope scope = CallContext.open(context())) {
            assertThat(newLayer().around(model).chat(request(0)).aiMessage().text())
                    .isEqualTo(textThatPasses(0));
            newLayer().around(streaming).chat(request(0), heard);
        }
        assertThat(heard.await(patience()).text()).isEqualTo(textThatPasses(0));
    }

    /** Tool calls arrive unchanged, each once, whether or not the provider streams them. */
    @Test
    public final void passesToolCalls() {
        Answer answer = Answer.toolCall("lookup", "{\"city\": \"Paris\", \"year\": 2026}")
                .andToolCall("clock", "{}")
                .andToolCall("lookup", "{\"city\": \"Rome\", \"year\": 2026}");
        List<ToolExecutionRequest> calls = answer.toolCalls();
        ChatRequest request = request(0).toBuilder()
                .toolSpecifications(
                        ToolSpecification.builder().name("lookup").build(),
                        ToolSpecification.builder().name("clock").build())
                .build();

        ChatResponse response = blocking(answer).chat(request);
        assertThat(response.aiMessage().toolExecutionRequests()).isEqualTo(calls);
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);

        List<CompleteToolCall> expected = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            expected.add(new CompleteToolCall(i, calls.get(i)));
        }
        for (ToolCallEvents events : ToolCallEvents.values()) {
            for (TokenSplit split : List.of(TokenSplit.words(), TokenSplit.characters())) {
                RecordingHandler heard = play(answer.toolCallEvents(events).tokens(split), request);

                assertThat(heard.toolCalls())
                        .as("tool calls of a provider that streams %s", events)
                        .containsExactlyElementsOf(expected);
                assertThat(heard.responses()).hasSize(1);
                assertThat(heard.responses().get(0).aiMessage().toolExecutionRequests())
                        .isEqualTo(calls);
            }
        }
    }

    /** An answer without a word is an answer. */
    @Test
    public final void passesAnEmptyText() {
        assertThat(blocking(Answer.text("")).chat(request(0)).aiMessage().text())
                .isEmpty();

        RecordingHandler heard = play(Answer.text(""), request(0));
        assertThat(heard.events()).containsExactly("complete");
        assertThat(heard.responses().get(0).aiMessage().text()).isEmpty();
    }

    /** A model that returns null breaks its contract, and the caller never sees the null. */
    @Test
    public final void neverReturnsNull() {
        AtomicReference<@Nullable ChatResponse> response = new AtomicReference<>();
        Throwable thrown =
                catchThrowable(() -> response.set(blocking(Answer.none()).chat(request(0))));
        assertThat(thrown == null ? response.get() : thrown)
                .as("answer or exception")
                .isNotNull();

        RecordingHandler heard = play(Answer.none(), request(0));
        assertThat(heard.terminals()).as("terminal signals").isEqualTo(1);
        assertThat(heard.responses()).doesNotContainNull();
    }

    /** The model's exception reaches the caller as the same instance, thrown or signalled, early or late. */
    @Test
    public final void handsTheSameExceptionOn() {
        if (!handsExceptionsOn()) {
            return;
        }
        RuntimeException failure = exceptionThatPasses();
        assertThat(catchThrowable(() -> blocking(Answer.failure(failure)).chat(request(0))))
                .as("exception of a blocking call")
                .isSameAs(failure);

        Answer late = Answer.text(textThatPasses(0)).failAfterTokens(3, failure);
        for (Answer answer : List.of(
                Answer.failure(failure),
                Answer.failure(failure).terminals(Terminal.THROW),
                Answer.failure(failure).terminals(Terminal.ERROR, Terminal.THROW),
                late,
                late.withoutHandle())) {
            RecordingHandler heard = play(answer, request(0));
            assertThat(heard.errors()).as("errors of a stream").hasSize(1);
            assertThat(heard.errors().get(0)).as("error of a stream").isSameAs(failure);
            assertThat(textThatPasses(0)).as("the model's text").startsWith(heard.text());
        }
    }

    /** A stream ends once, also when the provider signals several ends, or goes on after one. */
    @Test
    public final void endsAStreamOnce() {
        RuntimeException failure = exceptionThatPasses();
        Answer whole = Answer.text(textThatPasses(0));
        Answer failing = whole.failAfterTokens(20, failure);
        for (Answer answer : List.of(
                whole.terminals(Terminal.COMPLETE, Terminal.COMPLETE),
                whole.terminals(Terminal.COMPLETE, Terminal.ERROR).lateTokens(" late"),
                failing.terminals(Terminal.ERROR, Terminal.COMPLETE, Terminal.ERROR),
                failing.terminals(Terminal.ERROR, Terminal.ERROR).lateTokens(" late"))) {
            RecordingHandler heard = play(answer, request(0));
            eventually(
                    "the provider's stream ends", () -> streamingModels.stream().allMatch(m -> m.live() == 0));

            assertOneEnd(heard);
            if (answer.signals().get(0) == Terminal.COMPLETE) {
                assertThat(heard.text()).isEqualTo(textThatPasses(0));
            }
        }
    }

    /** A stream that breaks off is not passed off as complete: what was streamed begins whatever the caller gets. */
    @Test
    public final void neverContradictsWhatItHasStreamed() {
        Answer answer = Answer.text(textThatPasses(0));
        RuntimeException busy = new RateLimitException("scripted");
        for (Answer broken : List.of(answer.breakOffAfterTokens(3), answer.failAfterTokens(3, busy))) {
            RecordingHandler heard = play(streaming(broken, Answer.text(textThatPasses(1))), request(0));

            assertOneEnd(heard);
        }
    }

    /** A provider's own parameters reach the model and its own metadata the caller. */
    @Test
    public final void keepsAProvidersOwnParametersAndMetadata() {
        ChatRequest request = request(0).toBuilder()
                .parameters(request(0).parameters().defaultedBy(new ProviderParameters("own")))
                .build();
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.from(textThatPasses(0)))
                .metadata(new ProviderMetadata("own"))
                .build();
        ScriptedChatModel model = blockingModel(Answer.of(response));
        ScriptedStreamingChatModel streaming = streamingModel(Answer.of(response));

        ChatResponse blockingAnswer = newStack(model, streaming).chatModel().chat(request);
        RecordingHandler heard = play(newStack(model, streaming), request);

        assertThat(model.lastRequest().parameters())
                .isInstanceOfSatisfying(ProviderParameters.class, ChatLayerContract::isOwn);
        assertThat(streaming.lastRequest().parameters())
                .isInstanceOfSatisfying(ProviderParameters.class, ChatLayerContract::isOwn);
        assertThat(blockingAnswer.metadata()).isInstanceOf(ProviderMetadata.class);
        assertThat(heard.responses()).hasSize(1);
        assertThat(heard.responses().get(0).metadata()).isInstanceOf(ProviderMetadata.class);
    }

    private static void isOwn(ProviderParameters parameters) {
        assertThat(parameters.extra()).isEqualTo("own");
    }

    /** The caller's request, its messages and their attributes, stay as they were. */
    @Test
    public final void leavesTheCallersRequestAlone() {
        ChatRequest request = request(0);
        String before = request.toString();

        blocking(Answer.text(textThatPasses(0))).chat(request);
        play(Answer.text(textThatPasses(0)), request);

        assertThat(request.toString().equals(before))
                .as("the request is as it was")
                .isTrue();
    }

    /** A call that is cancelled before its first token ends: no event, no terminal, and no second try. */
    @Test
    public final void aCancelBeforeTheFirstTokenEndsTheCall() {
        ScriptedChatModel model = blockingModel(Answer.text(textThatPasses(0)).hang());
        ChatStack blockingStack = newStack(model, null);
        Caller caller = new Caller(() -> blockingStack.chatModel().chat(request(0)));
        eventually("the blocking call reaches the model", () -> model.live() == 1);
        blockingStack.cancel(TURN);
        caller.join("the blocking call");
        assertThat(caller.thrown()).as("exception of the cancelled call").isInstanceOf(CallCancelled.class);
        assertThat(caller.flag()).as("interrupt flag after a cancel").isFalse();
        assertThat(model.calls()).as("calls of the model").isEqualTo(1);

        ScriptedStreamingChatModel streaming =
                streamingModel(Answer.text(textThatPasses(0)).hang());
        ChatStack stack = newStack(null, streaming);
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(request(0), heard);
        eventually("the stream reaches the model", () -> streaming.hanging() == 1);
        stack.cancel(TURN);
        eventually("the cancelled stream ends", () -> stack.callsUnderWay() == 0);
        streaming.release();
        eventually("the provider's stream ends", () -> streaming.live() == 0);
        assertThat(heard.events())
                .as("events of a stream that was cancelled before")
                .isEmpty();
        assertThat(streaming.calls()).as("calls of the model").isEqualTo(1);
    }

    /** A stream that is cancelled after its first token ends without a terminal, and so does the provider's. */
    @Test
    public final void aCancelAfterTheFirstTokenEndsTheStream() {
        ScriptedStreamingChatModel model =
                streamingModel(Answer.text(textThatPasses(0)).hangAfterTokens(5));
        ChatStack stack = newStack(null, model);
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(request(0), heard);
        eventually("the model streams its first tokens", () -> model.hanging() == 1);
        if (holdsTextBack()) {
            stack.cancel(TURN);
        } else {
            eventually("the caller hears them", () -> heard.handle().isPresent());
            heard.cancel();
        }

        eventually("the cancelled stream ends", () -> stack.callsUnderWay() == 0);
        eventually("the provider's stream is cancelled", () -> model.live() == 0);
        assertThat(heard.terminals())
                .as("terminal signals of a cancelled stream")
                .isZero();
        assertThat(textThatPasses(0)).as("the model's text").startsWith(heard.text());
        assertThat(model.calls()).as("calls of the model").isEqualTo(1);
    }

    /** A handler may cancel within its first event: nothing follows. */
    @Test
    public final void nothingFollowsACancelByTheHandler() {
        ScriptedStreamingChatModel model = streamingModel(Answer.text(textThatPasses(0)));
        ChatStack stack = newStack(null, model);
        RecordingHandler heard = new RecordingHandler(RecordingHandler::cancel);

        stack.streamingChatModel().chat(request(0), heard);

        eventually("the handler cancels", () -> heard.handle().isPresent());
        eventually("the cancelled stream ends", () -> stack.callsUnderWay() == 0);
        eventually("the provider's stream ends", () -> model.live() == 0);
        assertThat(heard.events())
                .as("events of a handler that cancels at the first")
                .hasSize(1);
    }

    /** A handler that throws gets its exception back, once, and nothing else. */
    @Test
    public final void aHandlersExceptionEndsTheStream() {
        IllegalStateException thrown = new IllegalStateException("scripted handler");
        RecordingHandler heard = new RecordingHandler(soFar -> {
            throw thrown;
        });

        play(streaming(Answer.text(textThatPasses(0)), Answer.text(textThatPasses(1))), request(0), heard);

        assertThat(heard.errors()).containsExactly(thrown);
        assertThat(heard.responses()).isEmpty();
    }

    /** An interrupt ends a blocking call, stays set for the caller to see, and harms no later call. */
    @Test
    public final void anInterruptEndsABlockingCall() {
        ScriptedChatModel model = blockingModel(Answer.hanging(), Answer.text(textThatPasses(1)));
        ChatStack stack = newStack(model, null);
        Caller caller = new Caller(() -> stack.chatModel().chat(request(0)));
        eventually("the call reaches the model", () -> model.live() == 1);

        caller.interrupt();
        caller.join("the interrupted call");

        assertThat(caller.thrown()).as("exception of the interrupted call").isNotNull();
        assertThat(caller.flag()).as("interrupt flag of the interrupted thread").isTrue();
        assertThat(model.calls()).as("calls of the model").isEqualTo(1);
        assertThat(stack.chatModel().chat(request(1)).aiMessage().text())
                .as("the next call")
                .isEqualTo(textThatPasses(1));
    }

    /** One layer serves 64 threads, blocking and streaming at once, and gives each caller its own answer. */
    @Test
    public final void servesManyThreadsAtOnce() {
        Function<ChatRequest, Answer> byQuestion = byQuestion(THREADS * CALLS_PER_THREAD);
        ScriptedChatModel model = keep(ScriptedChatModel.builder()
                .answering(byQuestion)
                .recording(false)
                .build());
        ScriptedStreamingChatModel streaming = keep(ScriptedStreamingChatModel.builder()
                .answering(byQuestion)
                .executor(threads)
                .recording(false)
                .build());
        ChatStack stack = newStack(model, streaming);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread * CALLS_PER_THREAD;
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        for (int number = first; number < first + CALLS_PER_THREAD; number++) {
                            callOnce(stack, number);
                        }
                    },
                    threads));
        }

        eventually(
                "all threads are answered",
                () -> callers.stream().allMatch(CompletableFuture::isDone),
                patience().multipliedBy(6));
        callers.forEach(CompletableFuture::join);
    }

    private void callOnce(ChatStack stack, int number) {
        if (number % 2 == 0) {
            assertThat(stack.chatModel().chat(request(number)).aiMessage().text())
                    .isEqualTo(textThatPasses(number));
        } else {
            RecordingHandler heard = play(stack, request(number));
            assertThat(heard.errors()).isEmpty();
            assertThat(heard.text()).isEqualTo(textThatPasses(number));
        }
    }

    /** Calls do not wait for each other: no lock is held while the model works. */
    @Test
    public final void holdsNoLockWhileTheModelWorks() {
        ScriptedChatModel model =
                keep(ScriptedChatModel.answering(byQuestion(THREADS).andThen(answer -> answer.hang())));
        ChatStack stack = newStack(model, null);
        List<Caller> callers = new ArrayList<>();
        for (int number = 0; number < THREADS; number++) {
            ChatRequest request = request(number);
            callers.add(new Caller(() -> stack.chatModel().chat(request)));
        }

        eventually("all " + THREADS + " calls are with the model at once", () -> model.live() == THREADS);
        model.release();
        callers.forEach(caller -> caller.join("each call"));
        assertThat(callers).allSatisfy(caller -> assertThat(caller.thrown()).isNull());
    }

    /** A hundred layers and their calls leave no thread behind. */
    @Test
    public final void leavesNoThreadBehind() {
        callAndClose();
        ThreadMXBean jvm = ManagementFactory.getThreadMXBean();
        int before = jvm.getThreadCount();
        for (int i = 0; i < 100; i++) {
            callAndClose();
        }
        eventually("threads end, of which there were " + before + " before", () -> jvm.getThreadCount() < before + 50);
    }

    private void callAndClose() {
        blocking(Answer.text(textThatPasses(0))).chat(request(0));
        play(Answer.text(textThatPasses(0)), request(0));
        closeAll();
    }

    /** After each test: no call under way, no task running, no stream open. */
    @AfterEach
    public final void leavesNothingUnderWay() {
        try {
            models.forEach(ScriptedChatModel::release);
            streamingModels.forEach(ScriptedStreamingChatModel::release);
            eventually("no call is under way", () -> stacks.stream().allMatch(stack -> stack.callsUnderWay() == 0));
            eventually(
                    "no model call is under way",
                    () -> models.stream().allMatch(model -> model.live() == 0)
                            && streamingModels.stream().allMatch(model -> model.live() == 0));
            eventually("no task of the stack's executor is running", () -> threads.running() == 0);
        } finally {
            closeAll();
            threads.close();
        }
    }

    // ---------------------------------------------------------------- how it is done

    private void closeAll() {
        stacks.forEach(ChatStack::close);
        stacks.clear();
        for (ChatLayer layer : layers) {
            if (layer instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    throw new AssertionError("close of " + layer.name(), e);
                }
            }
        }
        layers.clear();
    }

    private List<String> passingTexts() {
        List<String> texts = new ArrayList<>(textsThatPass());
        texts.add(textThatPasses(0));
        return texts;
    }

    private static List<TokenSplit> splits() {
        List<TokenSplit> splits =
                new ArrayList<>(List.of(TokenSplit.words(), TokenSplit.characters(), TokenSplit.whole()));
        Seeds seeds = Seeds.named("layer contract");
        for (int i = 0; i < 13; i++) {
            splits.add(TokenSplit.random(seeds.random().nextLong()));
        }
        return splits;
    }

    private ChatLayer newLayer() {
        ChatLayer layer = layer();
        layers.add(layer);
        return layer;
    }

    private ScriptedChatModel blockingModel(Answer... answers) {
        return keep(ScriptedChatModel.of(answers));
    }

    private ScriptedStreamingChatModel streamingModel(Answer... answers) {
        return keep(ScriptedStreamingChatModel.builder()
                .answers(answers)
                .executor(threads)
                .build());
    }

    private ScriptedChatModel keep(ScriptedChatModel model) {
        models.add(model);
        return model;
    }

    private ScriptedStreamingChatModel keep(ScriptedStreamingChatModel model) {
        streamingModels.add(model);
        return model;
    }

    private ChatStack newStack(@Nullable ScriptedChatModel model, @Nullable ScriptedStreamingChatModel streaming) {
        ChatStack.Builder builder =
                stack().defaultContext(context()).executor(threads).layer(newLayer());
        if (model != null) {
            builder.chatModel(model);
        }
        if (streaming != null) {
            builder.streamingChatModel(streaming);
        }
        ChatStack stack = builder.build();
        stacks.add(stack);
        return stack;
    }

    private ChatModel blocking(Answer... answers) {
        return newStack(blockingModel(answers), null).chatModel();
    }

    private ChatStack streaming(Answer... answers) {
        return newStack(null, streamingModel(answers));
    }

    private RecordingHandler play(Answer answer, ChatRequest request) {
        return play(streaming(answer), request);
    }

    private RecordingHandler play(ChatStack stack, ChatRequest request) {
        RecordingHandler heard = new RecordingHandler();
        play(stack, request, heard);
        assertOneEnd(heard);
        return heard;
    }

    private void play(ChatStack stack, ChatRequest request, RecordingHandler heard) {
        stack.streamingChatModel().chat(request, heard);
        heard.await(patience());
    }

    /** What holds of any stream that was not cancelled: one end, nothing after it, and the text it streamed. */
    private static void assertOneEnd(RecordingHandler heard) {
        List<String> events = heard.events();
        assertThat(heard.terminals()).as("terminal signals").isEqualTo(1);
        assertThat(events.get(events.size() - 1)).as("last event").isIn("complete", "error");
        assertThat(heard.errors()).as("errors").noneMatch(LayerContractException.class::isInstance);
        for (ChatResponse response : heard.responses()) {
            String text = response.aiMessage().text();
            assertThat(heard.text()).as("streamed text").isEqualTo(text == null ? "" : text);
        }
    }

    private static String outcome(RecordingHandler heard) {
        return heard.errors().isEmpty()
                ? "answer: " + heard.text()
                : "error: " + heard.errors().get(0).getClass().getName();
    }

    private Function<ChatRequest, Answer> byQuestion(int count) {
        List<String> questions = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            questions.add(question(number));
            answers.add(Answer.text(textThatPasses(number)));
        }
        return request -> {
            String asked = request.messages().toString();
            for (int number = 0; number < count; number++) {
                if (asked.contains(questions.get(number))) {
                    return answers.get(number);
                }
            }
            return Answer.failure(new AssertionError("the model was asked none of the questions"));
        };
    }

    /** A number in letters, because layers may care about digits. No name is the beginning of another. */
    private static String name(int number) {
        String[] words = {"alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett"};
        StringBuilder name = new StringBuilder();
        for (char digit : String.format("%04d", number).toCharArray()) {
            name.append(name.length() == 0 ? "" : " ").append(words[digit - '0']);
        }
        return name.toString();
    }

    private void eventually(String what, BooleanSupplier happens) {
        eventually(what, happens, patience());
    }

    private static void eventually(String what, BooleanSupplier happens, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!happens.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen within " + patience + ": " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }

    /** A blocking call on a thread of its own. */
    private final class Caller {

        private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        private final Thread thread;
        private volatile boolean flag;

        Caller(Runnable call) {
            thread = new Thread(
                    () -> {
                        try {
                            call.run();
                        } catch (Throwable e) {
                            thrown.set(e);
                        }
                        flag = Thread.currentThread().isInterrupted();
                    },
                    "layer-contract-caller");
            thread.setDaemon(true);
            thread.start();
        }

        void interrupt() {
            thread.interrupt();
        }

        void join(String what) {
            eventually(what + " ends", () -> !thread.isAlive());
        }

        @Nullable
        Throwable thrown() {
            return thrown.get();
        }

        boolean flag() {
            return flag;
        }
    }
}
