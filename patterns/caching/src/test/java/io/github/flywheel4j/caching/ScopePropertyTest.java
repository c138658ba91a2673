package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever asks whatever, at whichever node, in whichever way: nobody is served what was made for somebody else. */
class ScopePropertyTest {

    private static final int CALLS = 600;
    private static final List<String> COURTESIES = List.of("", " please", " thanks", " kindly", " now");

    private final Seeds seeds = Seeds.named("scopes");
    private final ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("For nobody."));
    private final ScriptedStreamingChatModel streaming =
            ScriptedStreamingChatModel.answering(request -> Answer.text("For nobody."));

    /** Answers say for whom they were made, as an answer with somebody's data in it does. */
    private final ChatLayer personal = (call, next) -> {
        ChatResponse answer = next.proceed(call.unheard());
        return answer.toBuilder()
                .aiMessage(AiMessage.from(owner(call.context())))
                .build();
    };

    /** Which tiers the caches have. */
    enum Tiers {
        EXACT,
        SEMANTIC,
        /** Both nodes keep their vectors in one store. */
        SEMANTIC_IN_A_STORE,
        /** One that looks at no filter. */
        SEMANTIC_IN_A_CARELESS_STORE
    }

    @ParameterizedTest
    @EnumSource
    void aTenantIsServedItsOwnAnswers(Tiers tiers) {
        ask(Scope.tenant(), tiers, (asked, served) -> assertThat(tenant(served)).isEqualTo(asked.tenant()));
    }

    @ParameterizedTest
    @EnumSource
    void aUserIsServedItsOwnAnswers(Tiers tiers) {
        ask(Scope.user(), tiers, (asked, served) -> assertThat(served).isEqualTo(owner(asked)));
    }

    @Test
    void whoIsNobodyIsServedNothingOfAnybody() {
        ResponseCache cache = Caches.of(Scope.user()).build();
        ChatStack stack = stack(cache);
        ChatRequest request = seeds.chatRequest();
        for (CallContext context : List.of(
                Caches.ANN,
                CallContext.empty(),
                CallContext.builder().tenant("north").build())) {
            assertThat(stack.chatModel()
                            .chat(request, context.options())
                            .aiMessage()
                            .text())
                    .isEqualTo(owner(context));
        }
        assertThat(cache.stats().bypasses()).containsEntry("no user", 2L);
        assertThat(cache.stats().answers()).isEqualTo(1);
    }

    private interface Check {
        void holds(CallContext asked, String served);
    }

    private void ask(Scope scope, Tiers tiers, Check check) {
        InMemoryEmbeddingStore<TextSegment> vectors = new InMemoryEmbeddingStore<>();
        MapTier tier = new MapTier();
        List<ResponseCache> caches = new ArrayList<>();
        List<ChatStack> nodes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ResponseCache.Builder builder = Caches.of(scope).shared(tier);
            switch (tiers) {
                case EXACT -> {}
                case SEMANTIC -> builder.semantic(near());
                case SEMANTIC_IN_A_STORE ->
                    builder.semantic(
                            nearly().store(vectors).random(new Random(i)).build());
                case SEMANTIC_IN_A_CARELESS_STORE ->
                    builder.semantic(nearly().store(new CarelessStore(vectors))
                            .random(new Random(i))
                            .build());
            }
            caches.add(builder.build());
            nodes.add(stack(caches.get(i)));
        }
        List<ChatRequest> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ChatRequest request = seeds.chatRequest();
            String question = "What about " + seeds.text(8) + " and " + seeds.word();
            for (String courtesy : COURTESIES) {
                List<ChatMessage> messages = new ArrayList<>(request.messages());
                messages.set(messages.size() - 1, UserMessage.from(question + courtesy));
                requests.add(request.toBuilder().messages(messages).build());
            }
        }
        List<CallContext> contexts = List.of(Caches.ANN, Caches.BOB, Caches.CAT, twin());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            ChatStack node = seeds.pick(nodes);
            ChatRequest request = seeds.pick(requests);
            CallContext context = seeds.pick(contexts);
            boolean streams = seeds.chance(0.5);
            calls.add(CompletableFuture.runAsync(
                    () -> check.holds(context, ask(node, request, context, streams)), threads));
        }
        calls.forEach(CompletableFuture::join);
        threads.shutdown();
        long hits = caches.stream().mapToLong(cache -> cache.stats().served()).sum();
        assertThat(hits).as("calls that were served, or nothing was tested").isGreaterThan(CALLS / 4);
        if (tiers != Tiers.EXACT) {
            assertThat(caches.stream()
                            .mapToLong(cache -> cache.stats().semanticHits())
                            .sum())
                    .as("semantic hits, or nothing was tested")
                    .isPositive();
        }
    }

    private static String ask(ChatStack node, ChatRequest request, CallContext context, boolean streams) {
        if (!streams) {
            return node.chatModel().chat(request, context.options()).aiMessage().text();
        }
        RecordingHandler heard = new RecordingHandler();
        node.streamingChatModel().chat(request, context.options(), heard);
        return heard.await().text();
    }

    private ChatStack stack(ResponseCache cache) {
        return ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .layerAfter(Stage.CACHE, personal)
                .build();
    }

    /** A tier to which a courtesy changes no question. */
    static SemanticTier near() {
        return near((question, cached, fresh) -> AnswerJudge.Verdict.UNSURE);
    }

    static SemanticTier near(AnswerJudge judge) {
        return nearly().judge(judge).build();
    }

    /** A builder of such a tier, without a judge. */
    static SemanticTier.Builder nearly() {
        return SemanticTier.builder(new WordBag(), "word bag")
                .tolerance(0.5)
                .fixedThreshold(0.75, "word bag")
                .random(new Random(3));
    }

    /** Who has the name of one tenant's user at another tenant. */
    private static CallContext twin() {
        return CallContext.builder().tenant("south").user("ann").build();
    }

    private static String owner(CallContext context) {
        return "For " + context.tenant() + " " + context.user() + ".";
    }

    private static String tenant(String answer) {
        return answer.split(" ")[1];
    }
}
