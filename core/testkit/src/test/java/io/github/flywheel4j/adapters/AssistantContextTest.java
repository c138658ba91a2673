package io.github.flywheel4j.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.guardrail.InputGuardrails;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.Answered;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.ContextScope;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The user's context on its way through an AI service to the layers. */
class AssistantContextTest {

    private static final CallContext ADA = CallContext.builder()
            .user("ada")
            .tenant("acme")
            .attribute("channel", "web")
            .build();
    private static final CallContext BOB = CallContext.builder().user("bob").build();

    private final Calls layer = new Calls();
    private final Tools tools = new Tools();

    interface Assistant {
        String ask(@UserMessage String question);
    }

    interface Conversation {
        String ask(@MemoryId String id, @UserMessage String question);
    }

    interface Parameterised {
        String ask(@UserMessage String question, InvocationParameters parameters);
    }

    interface Streaming {
        TokenStream ask(@UserMessage String question);
    }

    @InputGuardrails(Shouting.class)
    interface Guarded {
        String ask(@UserMessage String question);
    }

    public static final class Shouting implements InputGuardrail {
        @Override
        public InputGuardrailResult validate(dev.langchain4j.data.message.UserMessage message) {
            return successWith(message.singleText().toUpperCase(java.util.Locale.ROOT));
        }
    }

    /** Two tools that remember on which threads they ran, and may do something there. */
    static final class Tools {

        final List<Thread> threads = new CopyOnWriteArrayList<>();
        final List<CallContext> contexts = new CopyOnWriteArrayList<>();
        volatile Runnable inside = () -> {};
        volatile java.util.function.Consumer<InvocationContext> insideWithContext = invocation -> {};

        @Tool
        String weather(InvocationContext invocation) {
            return ran(invocation, "sunny");
        }

        @Tool
        String time(InvocationContext invocation) {
            return ran(invocation, "noon");
        }

        private String ran(InvocationContext invocation, String result) {
            threads.add(Thread.currentThread());
            contexts.add(CallContext.of(invocation));
            inside.run();
            insideWithContext.accept(invocation);
            return result;
        }
    }

    @Test
    void reachesEveryRoundThroughAMemoryThatStoresJson() {
        JsonMemory memory = new JsonMemory();
        Conversation assistant = AiServices.builder(Conversation.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .chatMemoryProvider(id -> MessageWindowChatMemory.builder()
                        .id(id)
                        .maxMessages(20)
                        .chatMemoryStore(memory)
                        .build())
                .build();

        CallContext.call(ADA, () -> assistant.ask("m-1", "first"));
        CallContext.call(BOB, () -> assistant.ask("m-1", "second"));

        List<CallContext> seen = contexts();
        assertThat(seen).extracting(CallContext::user).containsExactly("ada", "ada", "bob", "bob");
        assertThat(seen).extracting(CallContext::tenant).containsExactly("acme", "acme", null, null);
        assertThat(seen).extracting(CallContext::session).containsOnly("m-1");
        assertThat(seen.get(0).attributes()).isEqualTo(Map.of("channel", "web"));
        assertThat(seen.get(0).turn()).isEqualTo(seen.get(1).turn()).isNotNull();
        assertThat(seen.get(2).turn())
                .isEqualTo(seen.get(3).turn())
                .isNotEqualTo(seen.get(0).turn());
        assertThat(layer.seen().stream().map(ChatCall::id).distinct()).hasSize(4);
        assertThat(memory.stored).hasSize(1);
    }

    @Test
    void reachesEveryRoundOfAStreamThatIsStartedOutsideOfTheScope() throws Exception {
        Streaming assistant = streaming(false);
        TokenStream stream;
        try (ContextScope scope = CallContext.open(ADA)) {
            stream = assistant.ask("hi");
        }

        ChatResponse answer;
        try (ContextScope scope = CallContext.open(BOB)) {
            answer = finish(stream);
        }

        assertThat(answer.aiMessage().text()).isEqualTo("done");
        assertThat(contexts()).hasSize(2).extracting(CallContext::user).containsOnly("ada");
        assertThat(contexts()).extracting(CallContext::turn).doesNotContainNull();
        assertThat(contexts().get(0).turn()).isEqualTo(contexts().get(1).turn());
        assertThat(tools.threads).hasSize(2).doesNotContain(Thread.currentThread());
    }

    @Test
    void reachesEveryRoundWhenToolsRunConcurrently() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        tools.inside = () -> meet(both);
        Assistant blocking = AiServices.builder(Assistant.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .executeToolsConcurrently()
                .registerListener(CallContext.listener())
                .build();

        String answer = CallContext.call(ADA, () -> blocking.ask("hi")).value();

        assertThat(answer).isEqualTo("done");
        assertThat(tools.threads).hasSize(2).doesNotHaveDuplicates();
        assertThat(contexts()).hasSize(2).extracting(CallContext::user).containsOnly("ada");
        assertThat(tools.contexts).hasSize(2).containsOnly(contexts().get(0));
    }

    @Test
    void reachesEveryRoundOfAStreamWhenToolsRunConcurrently() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        tools.inside = () -> meet(both);
        Streaming assistant = streaming(true);
        TokenStream stream = CallContext.call(ADA, () -> assistant.ask("hi")).value();

        assertThat(finish(stream).aiMessage().text()).isEqualTo("done");

        assertThat(tools.threads).hasSize(2).doesNotHaveDuplicates();
        assertThat(contexts()).hasSize(2).extracting(CallContext::user).containsOnly("ada");
        assertThat(tools.contexts).hasSize(2).containsOnly(contexts().get(0));
    }

    @Test
    void reachesCallsThatRetrievalRewrote() {
        ScriptedChatModel model = ScriptedChatModel.saying("done");
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(ChatStack.builder()
                        .chatModel(model)
                        .layer(layer)
                        .build()
                        .chatModel())
                .retrievalAugmentor(DefaultRetrievalAugmentor.builder()
                        .contentRetriever(query -> List.of(Content.from("a fact")))
                        .build())
                .registerListener(CallContext.listener())
                .build();

        CallContext.call(ADA, () -> assistant.ask("hi"));

        assertThat(model.lastRequest().messages().get(0).toString()).contains("a fact");
        assertThat(contexts()).extracting(CallContext::user).containsExactly("ada");
    }

    @Test
    void reachesCallsThatAnInputGuardrailRewrote() {
        ScriptedChatModel model = ScriptedChatModel.saying("done");
        Guarded assistant = AiServices.builder(Guarded.class)
                .chatModel(ChatStack.builder()
                        .chatModel(model)
                        .layer(layer)
                        .build()
                        .chatModel())
                .registerListener(CallContext.listener())
                .build();

        CallContext.call(ADA, () -> assistant.ask("hi"));

        assertThat(((dev.langchain4j.data.message.UserMessage)
                                model.lastRequest().messages().get(0))
                        .singleText())
                .isEqualTo("HI");
        assertThat(contexts()).extracting(CallContext::user).containsExactly("ada");
    }

    @Test
    void comesFromTheParametersOfTheMethodBeforeTheScope() {
        Parameterised assistant = AiServices.builder(Parameterised.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .build();

        CallContext.call(BOB.toBuilder().session("s").build(), () -> assistant.ask("hi", ADA.parameters()));

        assertThat(contexts()).hasSize(2).extracting(CallContext::user).containsOnly("ada");
        assertThat(contexts()).extracting(CallContext::session).containsOnlyNulls();
        assertThat(contexts()).extracting(CallContext::turn).doesNotContainNull();
    }

    @Test
    void keepsTheTurnAndTheSessionThatTheCallerNamed() {
        Conversation assistant = AiServices.builder(Conversation.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .chatMemoryProvider(id -> MessageWindowChatMemory.withMaxMessages(20))
                .build();

        CallContext.call(ADA.toBuilder().turn("t").session("s").build(), () -> assistant.ask("m", "hi"));

        assertThat(contexts()).hasSize(2).extracting(CallContext::turn).containsOnly("t");
        assertThat(contexts()).extracting(CallContext::session).containsOnly("s");
    }

    @Test
    void hasNoSessionWithoutAMemoryId() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .build();

        assistant.ask("hi");

        assertThat(contexts()).hasSize(2).extracting(CallContext::session).containsOnlyNulls();
        assertThat(contexts()).extracting(CallContext::turn).doesNotContainNull();
    }

    @Test
    void givesEachQuestionOfAnOpenScopeATurnOfItsOwn() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .build();

        try (ContextScope scope = CallContext.open(ADA)) {
            assistant.ask("first");
            assistant.ask("second");
        }

        assertThat(contexts().stream().map(CallContext::turn).distinct()).hasSize(2);
    }

    @Test
    void putsANestedServiceIntoTheTurnOfTheOneAroundIt() {
        Calls nestedLayer = new Calls();
        Assistant nested = nested(nestedLayer);
        tools.inside = () -> nested.ask("look it up");
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .build();

        Answered<String> answered = CallContext.call(ADA, () -> assistant.ask("hi"));

        assertThat(contexts()).hasSize(2);
        assertThat(nestedLayer.seen()).hasSize(2).allSatisfy(call -> {
            assertThat(call.context().user()).isEqualTo("ada");
            assertThat(call.context().turn()).isEqualTo(contexts().get(0).turn());
        });
        assertThat(contexts().get(1).turn()).isEqualTo(contexts().get(0).turn());
        // The answer that the user sees is the last one.
        assertThat(answered.infos()).hasSize(4);
        assertThat(answered.info().orElseThrow().id())
                .isEqualTo(layer.seen().get(1).id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void putsANestedServiceIntoTheTurnOfTheStreamAroundIt(boolean concurrently) throws Exception {
        Calls nestedLayer = new Calls();
        Assistant nested = nested(nestedLayer);
        if (concurrently) {
            tools.insideWithContext =
                    invocation -> CallContext.call(CallContext.of(invocation), () -> nested.ask("look it up"));
        } else {
            tools.inside = () -> nested.ask("look it up");
        }
        Streaming assistant = streaming(concurrently);
        TokenStream stream = CallContext.call(ADA, () -> assistant.ask("hi")).value();

        assertThat(finish(stream).aiMessage().text()).isEqualTo("done");

        assertThat(nestedLayer.seen()).hasSize(2).allSatisfy(call -> {
            assertThat(call.context().user()).isEqualTo("ada");
            assertThat(call.context().turn()).isEqualTo(contexts().get(0).turn());
        });
    }

    @Test
    void isEmptyForAnInvocationThatNobodyStamped() {
        assertThat(CallContext.of(InvocationContext.builder().build())).isEqualTo(CallContext.empty());
        assertThat(CallContext.of(InvocationContext.builder()
                        .userMessage(dev.langchain4j.data.message.UserMessage.from("hi"))
                        .build()))
                .isEqualTo(CallContext.empty());
    }

    @Test
    void opensTheScopeAgainAroundTheEndOfAStream() throws Exception {
        Calls other = new Calls();
        ChatStack second = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("checked"))
                .layer(other)
                .build();
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.saying("hello"))
                .build();
        Listening heard = new Listening() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                second.chatModel().chat(Calls.request("is that so?"));
                super.onCompleteResponse(response);
            }
        };
        UUID id = UUID.randomUUID();

        stack.streamingChatModel()
                .chat(
                        Calls.request("hi"),
                        ADA.toBuilder().interactionId(id).build().options(),
                        heard);

        assertThat(AnswerInfo.of(heard.response()).orElseThrow().id()).isEqualTo(id);
        assertThat(other.only().context()).isEqualTo(ADA);
        assertThat(other.only().id()).isNotEqualTo(id);
    }

    @Test
    void usesAGivenInteractionIdForTheFirstRoundOnly() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .build();
        UUID id = UUID.randomUUID();

        Answered<String> answered =
                CallContext.call(ADA.toBuilder().interactionId(id).build(), () -> assistant.ask("hi"));

        assertThat(layer.seen()).hasSize(2);
        assertThat(layer.seen().get(0).id()).isEqualTo(id);
        assertThat(layer.seen().get(1).id()).isNotEqualTo(id);
        assertThat(answered.infos())
                .extracting(AnswerInfo::id)
                .containsExactlyElementsOf(
                        layer.seen().stream().map(ChatCall::id).toList());
    }

    @Test
    void reachesAServiceWithoutTheListenerByItsScope() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .build();

        CallContext.call(ADA, () -> assistant.ask("hi"));

        assertThat(contexts()).containsExactly(ADA, ADA);
    }

    @Test
    void neverMixesTheContextsOfManyThreads() throws Exception {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(stack().chatModel())
                .tools(tools)
                .registerListener(CallContext.listener())
                .build();
        List<CompletableFuture<List<AnswerInfo>>> all = new java.util.ArrayList<>();
        for (int i = 0; i < 64; i++) {
            CallContext user = CallContext.builder().user("user-" + i).build();
            all.add(CompletableFuture.supplyAsync(
                    () -> CallContext.call(user, () -> assistant.ask("hi")).infos()));
        }
        Map<UUID, String> byId = new ConcurrentHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            for (AnswerInfo info : all.get(i).get(30, TimeUnit.SECONDS)) {
                byId.put(info.id(), "user-" + i);
            }
        }

        assertThat(layer.seen()).hasSize(128);
        assertThat(layer.seen())
                .allSatisfy(call -> assertThat(call.context().user()).isEqualTo(byId.get(call.id())));
    }

    /** A stack whose models ask for both tools until they have the results. */
    private ChatStack stack() {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.answering(AssistantContextTest::toolsThenText))
                .streamingChatModel(ScriptedStreamingChatModel.answering(AssistantContextTest::toolsThenText))
                .layer(layer)
                .build();
    }

    private static Answer toolsThenText(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        return messages.get(messages.size() - 1) instanceof ToolExecutionResultMessage
                ? Answer.text("done")
                : Answer.toolCall("weather", "{}").andToolCall("time", "{}");
    }

    private Streaming streaming(boolean concurrently) {
        AiServices<Streaming> service = AiServices.builder(Streaming.class)
                .streamingChatModel(stack().streamingChatModel())
                .tools(tools)
                .registerListener(CallContext.listener());
        return (concurrently ? service.executeToolsConcurrently() : service).build();
    }

    private static Assistant nested(Calls layer) {
        return AiServices.builder(Assistant.class)
                .chatModel(ChatStack.builder()
                        .chatModel(ScriptedChatModel.saying("found"))
                        .layer(layer)
                        .build()
                        .chatModel())
                .registerListener(CallContext.listener())
                .build();
    }

    private List<CallContext> contexts() {
        return layer.seen().stream().map(ChatCall::context).toList();
    }

    private static ChatResponse finish(TokenStream stream) throws Exception {
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        stream.onPartialResponse(text -> {})
                .onCompleteResponse(end::complete)
                .onError(end::completeExceptionally)
                .start();
        return end.get(20, TimeUnit.SECONDS);
    }

    private static void meet(CountDownLatch all) {
        all.countDown();
        try {
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A memory as databases keep it. */
    private static final class JsonMemory implements ChatMemoryStore {

        final Map<Object, String> stored = new ConcurrentHashMap<>();

        @Override
        public List<ChatMessage> getMessages(Object id) {
            String json = stored.get(id);
            return json == null ? List.of() : ChatMessageDeserializer.messagesFromJson(json);
        }

        @Override
        public void updateMessages(Object id, List<ChatMessage> messages) {
            stored.put(id, ChatMessageSerializer.messagesToJson(messages));
        }

        @Override
        public void deleteMessages(Object id) {
            stored.remove(id);
        }
    }
}
