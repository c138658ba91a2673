package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.Seeds;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A change in any part of the request, of who asks, or of the stack misses; a change in what decides nothing hits. */
class RequestKeysTest {

    private static final ToolSpecification CLOCK = ToolSpecification.builder()
            .name("clock")
            .description("tells the time")
            .parameters(JsonObjectSchema.builder().addStringProperty("zone").build())
            .build();

    private static final ToolExecutionRequest TOOL_CALL = ToolExecutionRequest.builder()
            .id("call-1")
            .name("clock")
            .arguments("{\"zone\":\"UTC\"}")
            .build();

    /** Parameters that leave nothing open. */
    private static final ChatRequestParameters PARAMETERS = ChatRequestParameters.builder()
            .modelName("small")
            .temperature(0.0)
            .topP(0.9)
            .topK(40)
            .frequencyPenalty(0.1)
            .presencePenalty(0.2)
            .maxOutputTokens(100)
            .stopSequences("END")
            .toolSpecifications(CLOCK)
            .toolChoice(ToolChoice.AUTO)
            .responseFormat(format("answer"))
            .build();

    private static final List<ChatMessage> MESSAGES = List.of(
            SystemMessage.from("You are brief."),
            UserMessage.from("What time is it?"),
            AiMessage.builder()
                    .text("I look.")
                    .thinking("A clock helps.")
                    .toolExecutionRequests(List.of(TOOL_CALL))
                    .build(),
            ToolExecutionResultMessage.from(TOOL_CALL, "noon"),
            UserMessage.from("And in Rome?"));

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(MESSAGES).parameters(PARAMETERS).build();

    private static final CallContext CONTEXT = CallContext.builder()
            .workload("support")
            .tenant("north")
            .user("ann")
            .knowledgeVersion("v1")
            .build();

    private final ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Noon."));
    private final AtomicReference<String> knowledge = new AtomicReference<>("index-1");
    private final ResponseCache cache =
            Caches.of(Scope.user()).knowledgeVersion(knowledge::get).build();

    record Change(String name, ChatRequest request, CallContext context) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        parameters(changes, "model name", builder().modelName("large"));
        parameters(changes, "temperature", builder().temperature(0.1));
        parameters(changes, "top p", builder().topP(0.8));
        parameters(changes, "top k", builder().topK(41));
        parameters(changes, "frequency penalty", builder().frequencyPenalty(0.2));
        parameters(changes, "presence penalty", builder().presencePenalty(0.1));
        parameters(changes, "most output tokens", builder().maxOutputTokens(101));
        parameters(changes, "stop sequence", builder().stopSequences("STOP"));
        parameters(changes, "two stop sequences", builder().stopSequences("E", "ND"));
        parameters(changes, "a stop sequence with a comma", builder().stopSequences("E, ND"));
        parameters(changes, "tool choice", builder().toolChoice(ToolChoice.REQUIRED));
        parameters(changes, "response format's schema", builder().responseFormat(format("reply")));
        parameters(changes, "tool's name", tool(CLOCK.toBuilder().name("watch")));
        parameters(changes, "tool's description", tool(CLOCK.toBuilder().description("tells the hour")));
        parameters(
                changes,
                "tool's schema",
                tool(CLOCK.toBuilder()
                        .parameters(JsonObjectSchema.builder()
                                .addIntegerProperty("zone")
                                .build())));
        parameters(
                changes,
                "a further tool",
                builder()
                        .toolSpecifications(
                                CLOCK,
                                ToolSpecification.builder().name("lookup").build()));
        messages(changes, "system message", 0, SystemMessage.from("You are very brief."));
        messages(changes, "role", 0, UserMessage.from("You are brief."));
        messages(changes, "earlier question", 1, UserMessage.from("What time is it"));
        messages(changes, "name of a user", 1, UserMessage.from("ann", "What time is it?"));
        messages(changes, "earlier answer", 2, answer().text("I am looking.").build());
        messages(
                changes, "earlier thinking", 2, answer().thinking("Or a watch.").build());
        messages(
                changes,
                "arguments of a tool call",
                2,
                calling(TOOL_CALL.toBuilder().arguments("{\"zone\":\"CET\"}")));
        messages(
                changes,
                "name of a called tool",
                2,
                calling(TOOL_CALL.toBuilder().name("watch")));
        messages(changes, "result of a tool call", 3, ToolExecutionResultMessage.from(TOOL_CALL, "one"));
        messages(
                changes,
                "failed tool call",
                3,
                ToolExecutionResultMessage.builder()
                        .id(TOOL_CALL.id())
                        .toolName(TOOL_CALL.name())
                        .text("noon")
                        .isError(true)
                        .build());
        messages(changes, "question", 4, UserMessage.from("And in Paris?"));
        messages(changes, "case of a letter", 4, UserMessage.from("And in rome?"));
        messages(changes, "a blank", 4, UserMessage.from("And in  Rome?"));
        messages(
                changes,
                "two texts in place of one",
                4,
                UserMessage.from(TextContent.from("And in "), TextContent.from("Rome?")));
        messages(changes, "order of messages", 1, MESSAGES.get(4));
        changes.add(new Change(
                "history", REQUEST.toBuilder().messages(MESSAGES.subList(1, 5)).build(), CONTEXT));
        changes.add(new Change("user", REQUEST, CONTEXT.toBuilder().user("bob").build()));
        changes.add(new Change(
                "tenant", REQUEST, CONTEXT.toBuilder().tenant("south").build()));
        changes.add(new Change(
                "no tenant", REQUEST, CONTEXT.toBuilder().tenant(null).build()));
        changes.add(new Change(
                "workload", REQUEST, CONTEXT.toBuilder().workload("sales").build()));
        changes.add(new Change(
                "knowledge version",
                REQUEST,
                CONTEXT.toBuilder().knowledgeVersion("v2").build()));
        return changes;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void misses(Change change) {
        ChatStack stack = stack(model).build();
        ask(stack, REQUEST, CONTEXT);
        ask(stack, REQUEST, CONTEXT);
        assertThat(model.calls()).as("calls of the model for equal requests").isEqualTo(1);

        ask(stack, change.request(), change.context());

        assertThat(model.calls()).as("calls of the model").isEqualTo(2);
    }

    @Test
    void missesWhenTheKnowledgeVersionOfTheApplicationChanges() {
        ask(stack(model).build(), REQUEST, CONTEXT);
        knowledge.set("index-2");
        ask(stack(model).build(), REQUEST, CONTEXT);

        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void missesInAStackWithAnotherPromptVersion() {
        ask(stack(model).promptVersion("p1").build(), REQUEST, CONTEXT);
        ask(stack(model).promptVersion("p1").build(), REQUEST, CONTEXT);
        assertThat(model.calls()).isEqualTo(1);
        ask(stack(model).promptVersion("p2").build(), REQUEST, CONTEXT);

        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void missesBehindAnotherGuardPolicy() {
        ask(stack(model).layer(new Named(Stage.OUTPUT, "policy 1")).build(), REQUEST, CONTEXT);
        ask(stack(model).layer(new Named(Stage.OUTPUT, "policy 1")).build(), REQUEST, CONTEXT);
        assertThat(model.calls()).isEqualTo(1);
        ask(stack(model).layer(new Named(Stage.OUTPUT, "policy 2")).build(), REQUEST, CONTEXT);
        ask(stack(model).build(), REQUEST, CONTEXT);

        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void hitsBehindAnotherLayerFurtherOut() {
        ask(stack(model).layer(new Named(Stage.CAPTURE, "everything")).build(), REQUEST, CONTEXT);
        ask(stack(model).layer(new Named(Stage.CAPTURE, "a sample")).build(), REQUEST, CONTEXT);

        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void missesOnAnotherProvider() {
        ScriptedChatModel other = ScriptedChatModel.builder()
                .answering(request -> Answer.text("Noon."))
                .provider(ModelProvider.OLLAMA)
                .build();
        ask(stack(model).build(), REQUEST, CONTEXT);
        ask(stack(other).build(), REQUEST, CONTEXT);

        assertThat(other.calls()).isEqualTo(1);
    }

    @Test
    void missesWhereTheModelsDefaultsAreOthers() {
        ChatRequest open = ChatRequest.builder().messages(MESSAGES).build();
        ask(stack(withDefaults("small")).build(), open, CONTEXT);
        ScriptedChatModel equal = withDefaults("small");
        ask(stack(equal).build(), open, CONTEXT);
        assertThat(equal.calls()).as("calls of a model with equal defaults").isZero();
        ScriptedChatModel other = withDefaults("large");
        ask(stack(other).build(), open, CONTEXT);

        assertThat(other.calls()).isEqualTo(1);
    }

    @Test
    void hitsWhereOnlyIdsOfToolCallsAndAttributesDiffer() {
        ToolExecutionRequest renamed = TOOL_CALL.toBuilder().id("call-2").build();
        List<ChatMessage> messages = new ArrayList<>(MESSAGES);
        messages.set(2, calling(renamed.toBuilder()));
        messages.set(3, ToolExecutionResultMessage.from(renamed, "noon"));
        messages.set(
                4,
                UserMessage.builder()
                        .contents(List.of(TextContent.from("And in Rome?")))
                        .attributes(Map.of("trace", "17"))
                        .build());
        ChatStack stack = stack(model).build();
        ask(stack, REQUEST, CONTEXT);
        ask(stack, REQUEST.toBuilder().messages(messages).build(), CONTEXT);

        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void missesWhereTheResultsOfTwoToolCallsAreSwapped() {
        ToolExecutionRequest other = TOOL_CALL.toBuilder().id("call-2").build();
        AiMessage both = AiMessage.from(List.of(TOOL_CALL, other));
        ChatStack stack = stack(model).build();
        ask(
                stack,
                asking(
                        both,
                        ToolExecutionResultMessage.from(TOOL_CALL, "x"),
                        ToolExecutionResultMessage.from(other, "y")),
                CONTEXT);
        ask(
                stack,
                asking(
                        both,
                        ToolExecutionResultMessage.from(other, "x"),
                        ToolExecutionResultMessage.from(TOOL_CALL, "y")),
                CONTEXT);

        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void hitsOnWhiteSpaceAndCompositionOnlyWhereTold() {
        ResponseCache told =
                Caches.of(Scope.user()).normaliseWhitespace().normaliseUnicode().build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(told).build();
        ask(stack, asking(UserMessage.from("Where is the café?")), CONTEXT);
        ask(stack, asking(UserMessage.from(" Where  is\nthe cafe\u0301? ")), CONTEXT);
        assertThat(model.calls()).isEqualTo(1);

        ChatStack untold = stack(model).build();
        ask(untold, asking(UserMessage.from("Where is the café?")), CONTEXT);
        ask(untold, asking(UserMessage.from("Where is the cafe\u0301?")), CONTEXT);
        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void cachesImagesByTheirBytesWhereToldAndNeverByTheirAddress() {
        UserMessage image = UserMessage.from(TextContent.from("What is it?"), ImageContent.from("QUJD", "image/png"));
        UserMessage another = UserMessage.from(TextContent.from("What is it?"), ImageContent.from("QUJE", "image/png"));
        UserMessage address = UserMessage.from(
                TextContent.from("What is it?"),
                ImageContent.from(Image.builder()
                        .url(URI.create("http://localhost/a.png"))
                        .build()));
        ChatStack untold = stack(model).build();
        ask(untold, asking(image), CONTEXT);
        ask(untold, asking(image), CONTEXT);
        assertThat(model.calls()).isEqualTo(2);
        assertThat(cache.stats().bypasses()).containsEntry("multimodal", 2L);

        ResponseCache told = Caches.of(Scope.user()).hashMedia().build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(told).build();
        ask(stack, asking(image), CONTEXT);
        ask(stack, asking(image), CONTEXT);
        assertThat(model.calls()).isEqualTo(3);
        ask(stack, asking(another), CONTEXT);
        ask(stack, asking(address), CONTEXT);
        ask(stack, asking(address), CONTEXT);
        assertThat(model.calls()).isEqualTo(6);
    }

    /** What is cut in the middle of an emoji ends with half of it, and UTF-8 has one mark for all halves. */
    @Test
    void textsThatDifferInHalfACharacterAreNotTheSame() {
        List<String> texts = List.of(
                "Hello \ud83d",
                "Hello \ud83e",
                "Hello \ude00",
                "Hello ?",
                "Hello \ude00\ud83d",
                "Hello \ud83d\ude00",
                "Hello \ufffd");
        ChatStack stack = stack(model).build();
        for (int i = 0; i < texts.size(); i++) {
            ask(stack, asking(UserMessage.from(texts.get(i))), CONTEXT);
            ask(stack, asking(UserMessage.from(texts.get(i))), CONTEXT);
            assertThat(model.calls()).as("text %d", i).isEqualTo(i + 1);
        }
    }

    @Test
    void resultsOfToolCallsWhoseIdsComeAgainAreNotMixedUp() {
        ToolExecutionRequest first = clock("call_0", "Rome");
        ToolExecutionRequest second = clock("call_1", "Oslo");
        ToolExecutionRequest again = clock("call_0", "Lima");
        ToolExecutionRequest further = clock("call_2", "Bonn");
        ChatStack stack = stack(model).build();
        for (int i = 0; i < 2; i++) {
            ask(
                    stack,
                    asking(
                            UserMessage.from("What time is it?"),
                            AiMessage.from(first, second),
                            ToolExecutionResultMessage.from(first, "dawn"),
                            ToolExecutionResultMessage.from(second, "dusk"),
                            AiMessage.from(again, further),
                            ToolExecutionResultMessage.from(i == 0 ? again : further, "noon"),
                            ToolExecutionResultMessage.from(i == 0 ? further : again, "night")),
                    CONTEXT);
        }

        assertThat(model.calls()).isEqualTo(2);
    }

    private static ToolExecutionRequest clock(String id, String place) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name("clock")
                .arguments("{\"place\":\"" + place + "\"}")
                .build();
    }

    /** Texts that are hard to tell apart where they are joined: no two lists of them are the same bytes. */
    @Test
    void noTwoListsOfPartsAreTheSameBytes() {
        Seeds seeds = Seeds.named("key bytes");
        Random random = seeds.random();
        String[] pieces = {"", "a", "b", "/", " ", ", ", "?", "\n", "\u0000", "\ud83d", "\ude00", "\uffff", "-1"};
        Map<CacheKey, List<@Nullable String>> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            List<@Nullable String> parts = new ArrayList<>();
            KeyBytes bytes = new KeyBytes();
            for (int part = random.nextInt(4); part >= 0; part--) {
                StringBuilder text = new StringBuilder();
                for (int piece = random.nextInt(4); piece > 0; piece--) {
                    text.append(pieces[random.nextInt(pieces.length)]);
                }
                parts.add(random.nextInt(9) == 0 ? null : text.toString());
                bytes.add(parts.get(parts.size() - 1));
            }
            List<@Nullable String> before = seen.putIfAbsent(bytes.digest(), parts);
            assertThat(before == null || before.equals(parts))
                    .as(seeds.toString())
                    .isTrue();
        }
    }

    /** The documents change while the model answers: what it says rests on the state that its key names. */
    @Test
    void theKnowledgeVersionIsReadOnceInACall() {
        AtomicInteger reads = new AtomicInteger();
        ResponseCache moving = Caches.of(Scope.user())
                .knowledgeVersion(() -> "index-" + reads.incrementAndGet())
                .build();
        ask(ChatStack.builder().chatModel(model).layer(moving).build(), REQUEST, CONTEXT);

        assertThat(reads).hasValue(1);
        assertThat(moving.evictKnowledgeVersion("index-1")).isEqualTo(1);
    }

    @Test
    void cachesNothingOfParametersThatSayNothingOfThemselves() {
        ChatRequest request = ChatRequest.builder()
                .messages(MESSAGES)
                .parameters(new Opaque())
                .build();
        ChatStack stack = stack(ScriptedChatModel.builder()
                        .answering(asked -> Answer.text("Noon."))
                        .defaultRequestParameters(new Opaque())
                        .build())
                .build();
        ask(stack, request, CONTEXT);

        assertThat(cache.stats().bypasses()).containsEntry("parameters without a text", 1L);
    }

    /** A provider's parameters with a value that has no text of its own. */
    public static final class Opaque extends DefaultChatRequestParameters {

        private final Object value = new Object();

        Opaque() {
            super(DefaultChatRequestParameters.builder());
        }

        public Object value() {
            return value;
        }

        @Override
        public ChatRequestParameters overrideWith(ChatRequestParameters that) {
            return this;
        }
    }

    private ChatStack.Builder stack(ScriptedChatModel asked) {
        return ChatStack.builder().chatModel(asked).layer(cache);
    }

    private static ScriptedChatModel withDefaults(String modelName) {
        return ScriptedChatModel.builder()
                .answering(request -> Answer.text("Noon."))
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName(modelName).build())
                .build();
    }

    private static void ask(ChatStack stack, ChatRequest request, CallContext context) {
        ChatResponse answer = stack.chatModel().chat(request, context.options());
        assertThat(answer.aiMessage().text()).isEqualTo("Noon.");
    }

    private static ChatRequest asking(ChatMessage... messages) {
        return ChatRequest.builder().messages(messages).build();
    }

    private static DefaultChatRequestParameters.Builder<?> builder() {
        return ChatRequestParameters.builder().overrideWith(PARAMETERS);
    }

    private static DefaultChatRequestParameters.Builder<?> tool(ToolSpecification.Builder tool) {
        return builder().toolSpecifications(tool.build());
    }

    private static AiMessage.Builder answer() {
        return ((AiMessage) MESSAGES.get(2)).toBuilder();
    }

    private static AiMessage calling(ToolExecutionRequest.Builder call) {
        return answer().toolExecutionRequests(List.of(call.build())).build();
    }

    private static ResponseFormat format(String property) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("answer")
                        .rootElement(JsonObjectSchema.builder()
                                .addStringProperty(property)
                                .build())
                        .build())
                .build();
    }

    private static void parameters(List<Change> changes, String name, DefaultChatRequestParameters.Builder<?> changed) {
        changes.add(new Change(
                name,
                ChatRequest.builder()
                        .messages(MESSAGES)
                        .parameters(changed.build())
                        .build(),
                CONTEXT));
    }

    private static void messages(List<Change> changes, String name, int index, ChatMessage changed) {
        UnaryOperator<List<ChatMessage>> replace = before -> {
            List<ChatMessage> messages = new ArrayList<>(before);
            messages.set(index, changed);
            return messages;
        };
        changes.add(new Change(
                name, REQUEST.toBuilder().messages(replace.apply(MESSAGES)).build(), CONTEXT));
    }

    /** A layer that does nothing under some settings. */
    private record Named(Stage stage, String settings) implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            return next.proceed(call);
        }
    }
}
