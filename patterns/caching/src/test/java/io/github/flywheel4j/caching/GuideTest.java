package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The examples of core/docs/guide/caching.md and of the package, as they stand there. */
class GuideTest {

    private final ChatModel model = ScriptedChatModel.answering(
            asked -> Answer.text("Within sixty days.").usage(10, 5));
    private final ChatRequest request = ChatRequest.builder()
            .messages(UserMessage.from("How long may I return a kettle?"))
            .build();
    private final CallContext context =
            CallContext.builder().tenant("north").user("ann").build();

    @Test
    void theGuide() {
        // snippet
        ResponseCache cache = ResponseCache.builder(Scope.tenant())
                .temperature(TemperaturePolicy.any())
                .timeToLive(Duration.ofHours(6))
                .build();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .workload("support-answers")
                .layer(cache)
                .build();
        CallContext context = CallContext.builder().tenant("north").user("ann").build(); // who asks
        // end snippet

        // snippet
        ChatResponse answer = stack.chatModel().chat(request, context.options());
        ChatResponse again = stack.chatModel().chat(request, context.options());
        AnswerInfo info = AnswerInfo.of(again).orElseThrow();
        UUID madeIn = info.origin(); // the interaction in which the answer was made
        List<String> notes = info.notes(); // cached, made 0 seconds ago
        // end snippet

        assertThat(madeIn).isEqualTo(AnswerInfo.of(answer).orElseThrow().id());
        assertThat(notes).hasSize(1).first().asString().startsWith("cached, made ");

        // snippet
        CallContext repeat =
                CallContext.builder().attribute(CallContext.FRESH, true).build();
        ChatResponse fresh = stack.chatModel().chat(request, repeat.options());
        // end snippet

        assertThat(AnswerInfo.of(fresh).orElseThrow().origin()).isNull();

        // snippet
        cache.evict(info.id()); // negative feedback: by the interaction that was served it, or the one that made it
        cache.evictKnowledgeVersion("handbook-41");
        cache.evictSource("returns.md");
        cache.evictIf(stored -> stored.text().contains("sixty days"));
        cache.evictAll();
        // end snippet

        assertThat(cache.stats().answers()).isZero();
        assertThat(cache.stats().evicted()).isEqualTo(1);

        // snippet
        CacheStats stats = cache.stats();
        double hitRate = stats.hitRate();
        long savedTokens = stats.savedInputTokens() + stats.savedOutputTokens();
        Map<String, Long> notStored = stats.notStored(); // by reason
        // end snippet

        assertThat(hitRate).isEqualTo(0.5);
        assertThat(savedTokens).isEqualTo(15);
        assertThat(notStored).isEmpty();
    }

    @Test
    void otherWords() {
        EmbeddingModel embeddings = new WordBag();
        ChatModel judgeModel = ScriptedChatModel.of(Answer.text("yes"));

        // snippet
        AnswerJudge judge = AnswerJudge.chat(judgeModel, "judge-small-2026-05-01");
        SemanticTier semantic = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
                .tolerance(0.02) // of a hundred hits, two may be wrong
                .judge(judge)
                .build();
        ResponseCache both = ResponseCache.builder(Scope.tenant())
                .temperature(TemperaturePolicy.any())
                .semantic(semantic)
                .build();
        // end snippet

        ChatStack stack = ChatStack.builder().chatModel(model).layer(both).build();
        stack.chatModel().chat(request, context.options());
        assertThat(both.stats().stored()).isEqualTo(1);
    }

    @Test
    void fromShadowModeToServing() {
        EmbeddingModel embeddings = new WordBag();
        AnswerJudge judge = AnswerJudge.exact();
        SemanticTier semantic = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
                .tolerance(0.02)
                .build();

        // snippet
        semantic.calibrate(List.of(
                new LabelledPair("Are you open on Sunday?", "On Sunday, are you open?", true),
                new LabelledPair("Are you open on Sunday?", "Can I park near you on Sunday?", false)));
        SemanticReport report = semantic.report();
        boolean serves = report.serving(); // two pairs teach too little
        Map<Veto.Reason, Long> refused = report.vetoes();
        String learned = semantic.snapshot(); // holds no text
        SemanticTier afterRestart = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
                .tolerance(0.02)
                .judge(judge)
                .restore(learned)
                .build();
        // end snippet

        assertThat(serves).isFalse();
        assertThat(refused).isEmpty();
        assertThat(learned).doesNotContain("Sunday");
        assertThat(afterRestart.report().serving()).isFalse();
    }

    @Test
    void embedsEachTextOnce() {
        EmbeddingModel embeddingModel = new WordBag();

        // snippet
        EmbeddingCache embeddings = EmbeddingCache.around(embeddingModel);
        // end snippet

        embeddings.embed("Are you open?");
        embeddings.embed("Are you open?");
        assertThat(embeddings.hits()).isEqualTo(1);
        assertThat(embeddings.misses()).isEqualTo(1);
    }

    @Test
    void theProvidersOwnCache() {
        ChatModel openAi = ScriptedChatModel.of(Answer.text("Within sixty days.")
                .usage(OpenAiTokenUsage.builder()
                        .inputTokenCount(2_000)
                        .outputTokenCount(5)
                        .totalTokenCount(2_005)
                        .inputTokensDetails(OpenAiTokenUsage.InputTokensDetails.builder()
                                .cachedTokens(1_500)
                                .build())
                        .build()));

        // snippet
        StablePrefix prefix = StablePrefix.builder()
                .volatileWhen(message -> message.text().startsWith("Now: "))
                .cachedTokens(OpenAiTokenUsage.class, usage -> usage.inputTokensDetails()
                        .cachedTokens())
                .build();
        ChatStack stack = ChatStack.builder()
                .chatModel(openAi)
                .layerAfter(Stage.AUGMENT, prefix)
                .build();
        ChatResponse answer = stack.chatModel().chat(request);
        double fromTheirCache = prefix.stats().cachedShare(); // of the input tokens of the calls that reported
        // end snippet

        assertThat(answer.aiMessage().text()).isEqualTo("Within sixty days.");
        assertThat(fromTheirCache).isEqualTo(0.75);
    }

    @Test
    void thePackage() {
        // snippet
        ResponseCache cache = ResponseCache.builder(Scope.user())
                .temperature(TemperaturePolicy.any())
                .build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();

        ChatResponse answer = stack.chatModel().chat(request, context.options());
        cache.evict(AnswerInfo.of(answer).orElseThrow().id()); // it was wrong
        // end snippet

        assertThat(cache.stats().evicted()).isEqualTo(1);
    }
}
