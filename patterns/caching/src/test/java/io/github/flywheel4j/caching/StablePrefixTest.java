package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StablePrefixTest {

    private static final SystemMessage RULES = SystemMessage.from("Be brief.");
    private static final SystemMessage DATE = SystemMessage.from("Now: Tuesday.");
    private static final UserMessage FIRST = UserMessage.from("Hello.");
    private static final AiMessage REPLY = AiMessage.from("Hello!");
    private static final UserMessage LAST = UserMessage.from("Are you open today?");

    private final StablePrefix prefix = StablePrefix.builder()
            .volatileWhen(message -> message.text().startsWith("Now: "))
            .cachedTokens(WithCache.class, usage -> usage.cached)
            .build();

    @Test
    void putsWhatIsVolatileBeforeTheLastQuestion() {
        StablePrefix.Ordered ordered = prefix.order(request(DATE, RULES, FIRST, REPLY, LAST));

        assertThat(ordered.request().messages()).containsExactly(RULES, FIRST, REPLY, DATE, LAST);
        assertThat(ordered.movedMessages()).isEqualTo(1);
        assertThat(ordered.movedTools()).isZero();
    }

    @Test
    void keepsARequestThatIsInOrder() {
        ChatRequest request = request(RULES, FIRST, REPLY, DATE, LAST);

        assertThat(prefix.order(request).request()).isSameAs(request);
        assertThat(prefix.order(request(FIRST, REPLY, LAST)).isChanged()).isFalse();
        assertThat(StablePrefix.builder()
                        .build()
                        .order(request(DATE, RULES, LAST))
                        .isChanged())
                .isFalse();
    }

    @Test
    void twoDaysShareAllButTheEnd() {
        List<ChatMessage> today =
                prefix.order(request(DATE, RULES, FIRST, REPLY, LAST)).request().messages();
        List<ChatMessage> tomorrow = prefix.order(
                        request(SystemMessage.from("Now: Wednesday."), RULES, FIRST, REPLY, LAST))
                .request()
                .messages();

        assertThat(today.subList(0, 3)).isEqualTo(tomorrow.subList(0, 3));
    }

    @Test
    void putsTheToolsInTheOrderOfTheirNames() {
        ChatRequest request = ChatRequest.builder()
                .messages(RULES, LAST)
                .toolSpecifications(tool("weather"), tool("hours"))
                .build();

        StablePrefix.Ordered ordered = prefix.order(request);

        assertThat(ordered.request().toolSpecifications())
                .extracting(ToolSpecification::name)
                .containsExactly("hours", "weather");
        assertThat(ordered.movedTools()).isEqualTo(2);
        assertThat(ordered.movedMessages()).isZero();
    }

    @Test
    void recordsWhatItMovedAndWhatTheProviderHadCached() {
        List<Decision> decisions = new ArrayList<>();
        ScriptedChatModel model = ScriptedChatModel.of(
                Answer.of(ChatResponse.builder()
                        .aiMessage(REPLY)
                        .tokenUsage(new WithCache(2_000, 1_024))
                        .build()),
                Answer.of(ChatResponse.builder()
                        .aiMessage(REPLY)
                        .tokenUsage(new TokenUsage(2_000, 3))
                        .build()));
        try (ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(prefix)
                .interactionListener(interaction -> decisions.addAll(interaction.decisions()))
                .build()) {
            stack.chatModel().chat(request(DATE, RULES, LAST));
            stack.chatModel().chat(request(RULES, LAST));
        }

        assertThat(model.requests().get(0).messages()).containsExactly(RULES, DATE, LAST);
        assertThat(decisions).extracting(Decision::outcome).containsExactly("ordered", "kept");
        assertThat(decisions.get(0).facts().toString()).isEqualTo("{movedMessages=1, movedTools=0, cachedTokens=1024}");
        assertThat(decisions.get(1).facts().toString()).isEqualTo("{movedMessages=0, movedTools=0}");
        assertThat(prefix.stats()).isEqualTo(new PrefixStats(2, 1, 2_000, 1_024, 0));
    }

    private static ChatRequest request(ChatMessage... messages) {
        return ChatRequest.builder().messages(messages).build();
    }

    private static ToolSpecification tool(String name) {
        return ToolSpecification.builder().name(name).build();
    }

    private static final class WithCache extends TokenUsage {

        final int cached;

        WithCache(int input, int cached) {
            super(input, 3);
            this.cached = cached;
        }
    }
}
