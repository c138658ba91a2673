package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How answers go before their time: by id, by what they rest on, by predicate, on this node and on all. */
class InvalidationTest {

    private final ScriptedChatModel model =
            ScriptedChatModel.answering(request -> Answer.text("Yes.").usage(1, 1));
    private final MapTier tier = new MapTier();
    private final ResponseCache cache = Caches.shared().build();
    private final ChatStack stack = stack(cache);

    @Test
    void theInteractionThatFilledAnAnswerEvictsIt() {
        UUID made = id(ask(stack, "a"));
        id(ask(stack, "b"));
        assertThat(cache.evict(made)).isTrue();
        assertThat(cache.evict(made)).isFalse();
        ask(stack, "a");
        ask(stack, "b");

        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void anInteractionThatWasServedAnAnswerEvictsIt() {
        ask(stack, "a");
        UUID served = id(ask(stack, "a"));
        assertThat(cache.evict(served)).isTrue();
        ask(stack, "a");

        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void anUnknownInteractionEvictsNothing() {
        ask(stack, "a");
        assertThat(cache.evict(UUID.randomUUID())).isFalse();
        ask(stack, "a");

        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void aKnowledgeVersionEvictsWhatRestsOnIt() {
        CallContext old = CallContext.builder().knowledgeVersion("v1").build();
        CallContext fresh = CallContext.builder().knowledgeVersion("v2").build();
        stack.chatModel().chat(request("a"), old.options());
        stack.chatModel().chat(request("a"), fresh.options());
        assertThat(cache.evictKnowledgeVersion("v1")).isEqualTo(1);
        stack.chatModel().chat(request("a"), fresh.options());
        assertThat(model.calls()).isEqualTo(2);
        stack.chatModel().chat(request("a"), old.options());
        assertThat(model.calls()).isEqualTo(3);
    }

    /** The context names the state of one collection, say, and the cache's own source that of another. */
    @Test
    void aKnowledgeVersionEvictsWhatRestsOnItWhicheverOfTheTwoNamesIt() {
        ResponseCache indexed =
                Caches.shared().knowledgeVersion(() -> "index 7").shared(tier).build();
        CallContext context = CallContext.builder().knowledgeVersion("v1").build();
        for (String version : List.of("v1", "index 7")) {
            stack(indexed).chatModel().chat(request("a"), context.options());
            assertThat(indexed.evictKnowledgeVersion("v2")).isZero();
            assertThat(indexed.evictKnowledgeVersion(version)).isEqualTo(1);
            assertThat(tier.values.keySet()).noneMatch(key -> key.startsWith("a:"));
        }
    }

    @Test
    void aDocumentEvictsWhatRestsOnIt() {
        ChatLayer retrieval = new Retrieval();
        ChatStack retrieving = ChatStack.builder()
                .chatModel(model)
                .layer(cache)
                .layerAfter(Stage.CACHE, retrieval)
                .build();
        ask(retrieving, "a");
        ask(retrieving, "b");
        assertThat(cache.evictSource("document of a")).isEqualTo(1);
        assertThat(cache.evictSource("handbook of a")).isZero();
        ask(retrieving, "b");
        assertThat(model.calls()).isEqualTo(2);
        ask(retrieving, "a");
        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void aPredicateEvictsWhatItPicks() {
        ask(stack, "a");
        ask(stack, "b");
        assertThat(cache.evictIf(answer -> answer.text().equals("No."))).isZero();
        assertThat(cache.evictIf(answer -> answer.text().equals("Yes."))).isEqualTo(2);
        assertThat(cache.stats().evicted()).isEqualTo(2);
        ask(stack, "a");

        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void whatWasAskedBeforeAnInvalidationIsNotStoredAfterIt() {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedChatModel slow = ScriptedChatModel.of(Answer.text("Old.").waitFor(go), Answer.text("New."));
        ChatStack other = ChatStack.builder().chatModel(slow).layer(cache).build();
        CompletableFuture<ChatResponse> early = CompletableFuture.supplyAsync(() -> ask(other, "a"));
        while (slow.live() == 0) {
            LockSupport.parkNanos(100_000);
        }
        cache.evictAll();
        go.countDown();
        assertThat(early.join().aiMessage().text()).isEqualTo("Old.");

        assertThat(ask(other, "a").aiMessage().text()).isEqualTo("New.");
        assertThat(cache.stats().notStored()).containsEntry("invalidated meanwhile", 1L);
    }

    @Test
    void oneNodeFillsAndAnotherServes() {
        ResponseCache one = node();
        ResponseCache other = node();
        UUID made = id(ask(stack(one), "a"));
        ChatResponse hit = ask(stack(other), "a");

        assertThat(model.calls()).isEqualTo(1);
        assertThat(AnswerInfo.of(hit).orElseThrow().origin()).isEqualTo(made);
        assertThat(hit.tokenUsage().totalTokenCount()).isZero();
        assertThat(other.stats().sharedTierHits()).isEqualTo(1);
        ask(stack(other), "a");
        assertThat(other.stats().exactHits()).as("hits of its own memory").isEqualTo(1);
        assertThat(tier.timesToLive.values()).allMatch(time -> time.compareTo(Duration.ofHours(1)) <= 0);
    }

    @Test
    void anEvictionReachesAllNodes() {
        ResponseCache one = node();
        ResponseCache other = node();
        UUID made = id(ask(stack(one), "a"));
        ask(stack(other), "a");
        ResponseCache third = node();
        assertThat(third.evict(made)).as("by a node that never had it").isTrue();
        ask(stack(one), "a");
        assertThat(model.calls()).isEqualTo(2);

        ask(stack(other), "a");
        assertThat(model.calls()).as("the new answer is shared").isEqualTo(2);
        assertThat(other.evictIf(answer -> true)).isEqualTo(1);
        assertThat(one.stats().answers()).isZero();
        assertThat(tier.values).isEmpty();
        ask(stack(one), "b");
        ask(stack(other), "b");
        one.evictAll();
        assertThat(other.stats().answers()).isZero();
        assertThat(tier.values).isEmpty();
    }

    @Test
    void anAnswerEvictedWhileTheSharedTierWasGoneNeverComesBack() {
        ResponseCache one = node();
        UUID made = id(ask(stack(one), "a"));
        ask(stack(one), "b");
        Map<String, byte[]> before = Map.copyOf(tier.values);
        tier.fail();
        assertThat(one.evict(made)).isTrue();
        one.evictIf(answer -> answer.text().equals("Yes."));
        assertThat(ask(stack(one), "a").aiMessage().text()).isEqualTo("Yes.");
        assertThat(model.calls()).as("no call is lost").isEqualTo(3);
        tier.values.putAll(before);
        tier.recover();

        ask(stack(one), "b");
        assertThat(model.calls()).isEqualTo(4);
        ask(stack(one), "a");
        assertThat(model.calls()).isEqualTo(5);
        assertThat(one.stats().sharedTierFailures()).isPositive();
        ResponseCache other = node();
        ask(stack(other), "a");
        assertThat(model.calls()).as("the new answers are shared").isEqualTo(5);
    }

    @Test
    void whatTheSharedTierDidNotRemoveIsNotServedFromIt() {
        ResponseCache one = node();
        UUID made = id(ask(stack(one), "a"));
        ask(stack(one), "b");
        tier.keepAll();
        one.evict(made);
        assertThat(AnswerInfo.of(ask(stack(one), "a")).orElseThrow().origin()).isNull();
        one.evictIf(answer -> true);
        assertThat(AnswerInfo.of(ask(stack(one), "b")).orElseThrow().origin()).isNull();

        assertThat(model.calls()).isEqualTo(4);
    }

    @Test
    void whatWasAskedBeforeAnInvalidationReachesNoOtherNode() {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedChatModel slow = ScriptedChatModel.of(Answer.text("Old.").waitFor(go));
        ResponseCache one = node();
        ChatStack other = ChatStack.builder().chatModel(slow).layer(one).build();
        CompletableFuture<ChatResponse> early = CompletableFuture.supplyAsync(() -> ask(other, "a"));
        while (slow.live() == 0) {
            LockSupport.parkNanos(100_000);
        }
        one.evictAll();
        go.countDown();
        early.join();

        assertThat(tier.values).isEmpty();
    }

    /** It has not heard of it yet. */
    @Test
    void whatAnotherNodeWasAskedBeforeAnInvalidationIsNotTakenFromTheSharedTierAfterIt() {
        TestClock clock = new TestClock();
        ResponseCache here =
                Caches.on(clock, Scope.shared("a test")).shared(tier).build();
        ResponseCache there =
                Caches.on(clock, Scope.shared("a test")).shared(tier).build();
        ScriptedChatModel slow = ScriptedChatModel.answering(request -> {
            clock.advance(Duration.ofSeconds(1));
            tier.unheard(() -> here.evictIf(answer -> answer.text().equals("Old.")));
            clock.advance(Duration.ofSeconds(1));
            return Answer.text("Old.");
        });
        ask(ChatStack.builder().chatModel(slow).layer(there).build(), "a");
        assertThat(tier.values).as("the other node has not heard").hasSize(2);

        assertThat(ask(stack(here), "a").aiMessage().text()).isEqualTo("Yes.");
    }

    @Test
    void whatANodeStoredWhileAnotherOneRemovedGoesWhenItHears() {
        ResponseCache one = node();
        ask(stack(one), "a");
        tier.publish("1 KNOWLEDGE v1"); // of a third node, whose look at the tier came before the answer
        assertThat(tier.values).hasSize(2);
        tier.publish("1 ALL ");

        assertThat(one.stats().answers()).isZero();
        assertThat(tier.values.keySet()).noneMatch(key -> key.startsWith("a:"));
    }

    @Test
    void whatIsTakenBackOnItsWayFromTheSharedTierIsNotKept() {
        ResponseCache one = node();
        UUID made = id(ask(stack(one), "a"));
        for (Runnable eviction : List.<Runnable>of(() -> one.evict(made), one::evictAll)) {
            ResponseCache other = node();
            Map<String, byte[]> before = Map.copyOf(tier.values);
            tier.beforeNextGetReturns(eviction);
            assertThat(AnswerInfo.of(ask(stack(other), "a")).orElseThrow().origin())
                    .isNull();
            assertThat(other.stats().sharedTierHits()).isZero();
            tier.values.putAll(before);
        }
    }

    /** The predicate is asked again for each answer that comes from the shared tier later. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPredicateMayEvictItself() {
        ask(stack(node()), "a");
        ResponseCache other = node();
        assertThat(other.evictIf(answer -> other.evict(UUID.randomUUID()))).isZero();
        ask(stack(other), "a");

        assertThat(other.stats().answers()).isEqualTo(1);
    }

    @Test
    void whatIsTakenBackOnItsWayToTheSharedTierIsRemovedFromIt() {
        ResponseCache one = node();
        AtomicReference<UUID> made = new AtomicReference<>();
        ChatLayer outer = (call, next) -> {
            made.set(call.id());
            return next.proceed(call);
        };
        ChatStack noting = ChatStack.builder()
                .chatModel(model)
                .layer(one)
                .layerBefore(Stage.CACHE, outer)
                .build();
        for (Runnable eviction : List.<Runnable>of(
                () -> one.evict(made.get()), () -> one.evictIf(answer -> true), () -> node().evict(made.get()))) {
            tier.beforeNextPut(eviction);
            ask(noting, "a");
            assertThat(one.stats().answers()).isZero();
            assertThat(tier.values).isEmpty();
        }
        assertThat(one.stats().notStored()).containsEntry("invalidated meanwhile", 3L);
    }

    /** A node that starts between the news and the removal has heard nothing when it fetches. */
    @Test
    void whatANodeFetchedWhileAnotherOneRemovedGoesWhenItHears() {
        ResponseCache one = node();
        for (Consumer<UUID> eviction :
                List.<Consumer<UUID>>of(one::evict, id -> one.evictAll(), id -> one.evictIf(answer -> true))) {
            UUID made = id(ask(stack(one), "a"));
            AtomicReference<ResponseCache> late = new AtomicReference<>();
            tier.beforeNextRemoval(() -> {
                late.set(node());
                assertThat(AnswerInfo.of(ask(stack(late.get()), "a"))
                                .orElseThrow()
                                .origin())
                        .isEqualTo(made);
            });
            eviction.accept(made);
            assertThat(AnswerInfo.of(ask(stack(late.get()), "a")).orElseThrow().origin())
                    .isNull();
            one.evictAll();
        }
    }

    @Test
    void anEvictionByANodeThatNeverHadTheAnswerIsDoneWhenTheSharedTierIsBack() {
        UUID made = id(ask(stack(node()), "a"));
        ResponseCache other = node();
        tier.fail();
        other.evict(made);
        tier.recover();

        assertThat(tier.values).as("removed though nobody asked").isEmpty();
    }

    @Test
    void aNodeThatMissedMessagesTrustsNothingOfItsOwn() {
        ResponseCache one = node();
        ask(stack(one), "a");
        tier.values.clear();
        tier.recover();
        ask(stack(one), "a");

        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void aNodeThatStartsWithoutTheSharedTierSubscribesLater() {
        tier.fail();
        ResponseCache one = node();
        ask(stack(one), "a");
        tier.recover();
        ask(stack(one), "b");
        node().evictAll();

        assertThat(one.stats().answers()).isZero();
    }

    @Test
    void aValueOfANewerVersionIsAMiss() {
        ResponseCache one = node();
        ask(stack(one), "a");
        tier.values.replaceAll((key, value) -> new String(value, StandardCharsets.UTF_8)
                .replace("\"schema\":1", "\"schema\":2")
                .getBytes(StandardCharsets.UTF_8));
        ask(stack(node()), "a");
        assertThat(model.calls()).isEqualTo(2);

        tier.values.replaceAll((key, value) -> new byte[] {1, 2, 3});
        ask(stack(node()), "a");
        assertThat(model.calls()).isEqualTo(3);
    }

    @Test
    void aMessageThatIsNoneIsIgnored() {
        ResponseCache one = node();
        ask(stack(one), "a");
        for (String message : List.of("", "1", "2 ALL ", "1 NOTHING x", "hello", "1 INTERACTION no-id")) {
            tier.publish(message);
        }
        assertThat(one.stats().answers()).isEqualTo(1);
        one.close();
        tier.publish("1 ALL ");
        assertThat(one.stats().answers()).as("after closing it hears nothing").isEqualTo(1);
    }

    /** Says on which document an answer rests. */
    private static final class Retrieval implements ChatLayer {
        @Override
        public ChatResponse handle(io.github.flywheel4j.ChatCall call, io.github.flywheel4j.Next next) {
            String question = ((UserMessage) call.request().messages().get(0)).singleText();
            call.trace()
                    .record(
                            "Retrieval",
                            "found",
                            Map.of(ResponseCache.SOURCES, List.of("document of " + question)),
                            Duration.ZERO);
            return next.proceed(call);
        }
    }

    private ResponseCache node() {
        return Caches.shared().shared(tier).build();
    }

    private ChatStack stack(ResponseCache layer) {
        return ChatStack.builder().chatModel(model).layer(layer).build();
    }

    private static ChatResponse ask(ChatStack stack, String question) {
        return stack.chatModel().chat(request(question));
    }

    private static ChatRequest request(String question) {
        return ChatRequest.builder().messages(UserMessage.from(question)).build();
    }

    private static UUID id(ChatResponse response) {
        return AnswerInfo.of(response).orElseThrow().id();
    }
}
