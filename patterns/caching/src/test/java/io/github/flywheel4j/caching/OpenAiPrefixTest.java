package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.OpenAiStubServer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.StubReply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Cached tokens as OpenAI's endpoint reports them, through LangChain4j's own client. */
class OpenAiPrefixTest {

    private static final ChatRequest REQUEST = ChatRequest.builder()
            .messages(
                    SystemMessage.from("Now: Tuesday."),
                    SystemMessage.from("Be brief."),
                    UserMessage.from("Are you open today?"))
            .build();

    private final StablePrefix prefix = StablePrefix.builder()
            .volatileWhen(message -> message.text().startsWith("Now: "))
            .cachedTokens(
                    OpenAiTokenUsage.class, usage -> usage.inputTokensDetails().cachedTokens())
            .build();

    @Test
    void readsWhatTheProviderTookFromItsCacheInBothShapesOfACall() {
        List<Decision> decisions = new CopyOnWriteArrayList<>();
        Answer answer = Answer.text("Until six.").usage(2_000, 10);
        try (OpenAiStubServer server = OpenAiStubServer.replying(
                StubReply.answer(answer),
                StubReply.answer(answer).cachedTokens(1_024),
                StubReply.answer(answer).cachedTokens(1_920))) {
            ChatStack stack = ChatStack.builder()
                    .chatModel(OpenAiChatModel.builder()
                            .baseUrl(server.baseUrl())
                            .apiKey("none")
                            .modelName("stub")
                            .build())
                    .streamingChatModel(OpenAiStreamingChatModel.builder()
                            .baseUrl(server.baseUrl())
                            .apiKey("none")
                            .modelName("stub")
                            .build())
                    .layer(prefix)
                    .interactionListener(interaction -> decisions.addAll(interaction.decisions()))
                    .build();
            stack.chatModel().chat(REQUEST);
            stack.chatModel().chat(REQUEST);
            RecordingHandler heard = new RecordingHandler();
            stack.streamingChatModel().chat(REQUEST, heard);
            assertThat(heard.await().text()).isEqualTo("Until six.");
            stack.close();

            assertThat(server.chatRequests()
                            .get(0)
                            .body()
                            .at("/messages/0/content")
                            .asText())
                    .isEqualTo("Be brief.");
        }
        assertThat(decisions.stream()
                        .map(decision -> String.valueOf(decision.facts().get("cachedTokens"))))
                .as("nothing is guessed where nothing is reported")
                .containsExactly("null", "1024", "1920");
        assertThat(prefix.stats()).isEqualTo(new PrefixStats(3, 2, 4_000, 2_944, 0));
        assertThat(prefix.stats().cachedShare()).isEqualTo(0.736);
    }

    @Test
    void tellsOfNoCallBeforeThereWasOne() {
        assertThat(prefix.stats()).isEqualTo(new PrefixStats(0, 0, 0, 0, 0));
        assertThat(prefix.stats().cachedShare()).isZero();
    }
}
