package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallContextTest {

    private static final UUID ID = UUID.fromString("0190f7a0-0000-7000-8000-000000000001");

    private static final CallContext ADA = CallContext.builder()
            .workload("support")
            .tenant("acme")
            .user("ada")
            .session("s-1")
            .turn("t-1")
            .knowledgeVersion("k-1")
            .attribute("channel", "web")
            .build();

    @Test
    void takesTheOptionsBeforeTheMessageAndTheMessageBeforeTheScope() {
        CallContext byOptions = user("by-options");
        CallContext byMessage = user("by-message");
        CallContext byScope = user("by-scope");
        CallContext byDefault = user("by-default");
        ChatRequest stamped = request(stamped("hello", byMessage));
        ChatRequest plain = request(UserMessage.from("hello"));

        try (ContextScope scope = CallContext.open(byScope)) {
            assertThat(CallContext.resolve(byOptions.options(), stamped, byDefault)
                            .user())
                    .isEqualTo("by-options");
            assertThat(CallContext.resolve(ChatRequestOptions.EMPTY, stamped, byDefault)
                            .user())
                    .isEqualTo("by-message");
            assertThat(CallContext.resolve(ChatRequestOptions.EMPTY, plain, byDefault)
                            .user())
                    .isEqualTo("by-scope");
        }
        assertThat(CallContext.resolve(ChatRequestOptions.EMPTY, plain, byDefault)
                        .user())
                .isEqualTo("by-default");
    }

    @Test
    void neverCompletesOneSourceWithAnother() {
        CallContext byOptions = user("ada");
        CallContext byMessage = CallContext.builder().tenant("other").build();

        try (ContextScope scope =
                CallContext.open(CallContext.builder().session("other").build())) {
            CallContext resolved =
                    CallContext.resolve(byOptions.options(), request(stamped("hello", byMessage)), CallContext.empty());
            assertThat(resolved).isEqualTo(user("ada"));
        }
    }

    @Test
    void fillsGapsFromTheDefaultAndOnlyGaps() {
        CallContext given =
                CallContext.builder().user("ada").attribute("channel", "web").build();
        CallContext otherwise = CallContext.builder()
                .user("nobody")
                .workload("support")
                .tenant("acme")
                .session("s")
                .turn("t")
                .knowledgeVersion("k")
                .attribute("channel", "phone")
                .attribute("region", "eu")
                .build();

        CallContext resolved = CallContext.resolve(given.options(), request(UserMessage.from("hello")), otherwise);

        assertThat(resolved)
                .isEqualTo(CallContext.builder()
                        .user("ada")
                        .workload("support")
                        .tenant("acme")
                        .session("s")
                        .turn("t")
                        .knowledgeVersion("k")
                        .attribute("channel", "web")
                        .attribute("region", "eu")
                        .build());
    }

    @Test
    void readsTheLastUsersMessageAndNoEarlierOne() {
        UserMessage earlier = stamped("first", user("ada"));
        ChatRequest withTools = request(
                SystemMessage.from("be brief"),
                earlier,
                AiMessage.from("answer"),
                stamped("second", user("bob")),
                ToolExecutionResultMessage.from("1", "tool", "result"));
        ChatRequest lastIsPlain = request(earlier, AiMessage.from("answer"), UserMessage.from("second"));

        assertThat(CallContext.resolve(ChatRequestOptions.EMPTY, withTools, CallContext.empty())
                        .user())
                .isEqualTo("bob");
        assertThat(CallContext.resolve(ChatRequestOptions.EMPTY, lastIsPlain, CallContext.empty())
                        .user())
                .isNull();
    }

    @Test
    void usesAnInteractionIdOnceInAScope() {
        ChatRequest request = request(UserMessage.from("hello"));
        CallContext withId = ADA.toBuilder().interactionId(ID).build();

        try (ContextScope scope = CallContext.open(withId)) {
            CallContext first = CallContext.resolve(ChatRequestOptions.EMPTY, request, CallContext.empty());
            CallContext second = CallContext.resolve(ChatRequestOptions.EMPTY, request, CallContext.empty());

            assertThat(first).isEqualTo(withId);
            assertThat(second).isEqualTo(ADA);
        }
    }

    @Test
    void takesTheScopesInteractionIdForAMessageThatCarriesTheRest() {
        ChatRequest request = request(stamped("hello", ADA));

        try (ContextScope scope =
                CallContext.open(ADA.toBuilder().interactionId(ID).build())) {
            CallContext first = CallContext.resolve(ChatRequestOptions.EMPTY, request, CallContext.empty());
            CallContext second = CallContext.resolve(ChatRequestOptions.EMPTY, request, CallContext.empty());

            assertThat(first.interactionId()).isEqualTo(ID);
            assertThat(second.interactionId()).isNull();
            assertThat(second).isEqualTo(ADA);
        }
    }

    @Test
    void nestsScopesAndClosesThemOnce() {
        ContextScope outer = CallContext.open(user("outer"));
        ContextScope inner = CallContext.open(user("inner"));
        assertThat(ContextScope.current()).isSameAs(inner);

        inner.close();
        inner.close();
        assertThat(ContextScope.current()).isSameAs(outer);

        outer.close();
        assertThat(ContextScope.current()).isNull();
    }

    @Test
    void closesTheScopeWhenTheActionThrows() {
        assertThatThrownBy(() -> CallContext.call(ADA, () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(ContextScope.current()).isNull();
    }

    @Test
    void keepsAScopeToItsThread() throws InterruptedException {
        ContextScope scope = CallContext.open(ADA);
        List<Object> seen = new ArrayList<>();
        Thread other = new Thread(() -> {
            seen.add(ContextScope.current() == null);
            scope.close();
        });
        other.start();
        other.join();

        assertThat(seen).containsExactly(true);
        assertThat(ContextScope.current()).isSameAs(scope);
        scope.close();
    }

    @Test
    void survivesJson() {
        assertThat(CallContext.fromJson(ADA.toJson())).isEqualTo(ADA);
        assertThat(CallContext.fromJson(Map.of())).isEqualTo(CallContext.empty());
    }

    @Test
    void keepsTheInteractionIdOutOfJsonBecauseEachRoundHasItsOwn() {
        assertThat(ADA.toBuilder().interactionId(ID).build().toJson()).isEqualTo(ADA.toJson());
    }

    @Test
    void ignoresWhatIsNoContextUnderItsName() {
        ChatRequestOptions foreign = ChatRequestOptions.builder()
                .addListenerAttribute(CallContext.KEY, "not ours")
                .build();
        UserMessage message = UserMessage.from("hello");
        message.attributes().put(CallContext.KEY, 17);

        assertThat(CallContext.resolve(foreign, request(message), ADA)).isEqualTo(ADA);
        assertThat(CallContext.fromJson(Map.of("user", 17, "attributes", "none")))
                .isEqualTo(CallContext.empty());
    }

    @Test
    void leavesForeignOptionsAsTheyAre() {
        ChatRequestOptions foreign =
                ChatRequestOptions.builder().addListenerAttribute("span", "42").build();
        ChatRequestOptions both = ChatRequestOptions.builder()
                .addListenerAttribute("span", "42")
                .addListenerAttribute(CallContext.KEY, ADA)
                .build();

        assertThat(CallContext.without(foreign)).isSameAs(foreign);
        assertThat(CallContext.without(both).listenerAttributes()).isEqualTo(Map.of("span", "42"));
        assertThat(CallContext.without(ADA.options())).isSameAs(ChatRequestOptions.EMPTY);
    }

    @Test
    void acceptsAttributesThatAMemoryCanStoreAndNoOthers() {
        CallContext context = CallContext.builder()
                .attribute("list", List.of(1, "two", Map.of("three", true)))
                .build();

        assertThat(context.attributes()).containsKey("list");
        assertThatThrownBy(() -> CallContext.builder().attribute("when", java.time.Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("when")
                .hasMessageContaining("java.time.Instant")
                .hasMessageContaining("JSON value");
        assertThatThrownBy(() -> CallContext.builder().attribute("map", Map.of(1, "one")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotChangeWhenWhatItWasBuiltFromDoes() {
        List<Object> list = new ArrayList<>(List.of("one"));
        Map<String, Object> map = new HashMap<>(Map.of("list", list));
        CallContext.Builder builder =
                CallContext.builder().attribute("map", map).attribute("list", list);
        CallContext context = builder.build();
        int hash = context.hashCode();

        builder.user("later").attribute("more", 1);
        list.add("two");
        map.put("more", 2);

        assertThat(context.user()).isNull();
        assertThat(context.attributes())
                .isEqualTo(Map.of("map", Map.of("list", List.of("one")), "list", List.of("one")));
        assertThat(context.hashCode()).isEqualTo(hash);
        assertThatThrownBy(() -> context.attributes().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void namesNoPersonInItsText() {
        assertThat(ADA).hasToString("CallContext(workload=support)");
    }

    @Test
    void equalsByWhatItSays() {
        assertThat(ADA)
                .isEqualTo(ADA.toBuilder().build())
                .hasSameHashCodeAs(ADA.toBuilder().build());
        assertThat(ADA).isNotEqualTo(ADA.toBuilder().user("bob").build());
        assertThat(ADA).isNotEqualTo(ADA.toBuilder().interactionId(ID).build());
        assertThat(ADA).isNotEqualTo("ADA");
    }

    private static CallContext user(String user) {
        return CallContext.builder().user(user).build();
    }

    private static UserMessage stamped(String text, CallContext context) {
        UserMessage message = UserMessage.from(text);
        message.attributes().put(CallContext.KEY, context.toJson());
        return message;
    }

    private static ChatRequest request(dev.langchain4j.data.message.ChatMessage... messages) {
        return ChatRequest.builder().messages(messages).build();
    }
}
