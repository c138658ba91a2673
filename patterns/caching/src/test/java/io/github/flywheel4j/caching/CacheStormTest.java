package io.github.flywheel4j.caching;

import static io.github.flywheel4j.caching.Asking.PATIENCE;
import static io.github.flywheel4j.caching.Asking.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.Seeds;
import io.github.flywheel4j.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 64 callers of two tenants at two nodes, blocking and streaming, some of whom leave in the middle, while answers age, are
 * refreshed and are taken back again and again: nobody is served another tenant's answer, or one that was taken back before
 * they asked.
 */
@Timeout(180)
class CacheStormTest {

    private static final int CALLERS = 64;
    private static final int CALLS = 150;
    private static final String[] QUESTIONS = {
        "What about opening hours of shops in Rome and Paris",
        "What about opening hours of shops in Rome and Paris please",
        "When does the museum beside the river close",
        "Who may return a coat without its receipt"
    };

    private final TestClock clock = new TestClock();

    /** The state of the documents, and the one that was current when the last eviction had ended. */
    private final AtomicInteger documents = new AtomicInteger();

    private final AtomicInteger floor = new AtomicInteger();

    /** The interactions whose answers somebody evicted, numbered as the evictions ended. */
    private final Map<UUID, Integer> evictedIn = new ConcurrentHashMap<>();

    private final AtomicInteger evictionsEnded = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @Test
    void nobodyIsServedWhatIsSomebodyElsesOrWasTakenBack() throws Exception {
        Seeds seeds = Seeds.named("storm");
        List<ResponseCache> caches = List.of(node(1), node(2));
        List<ChatStack> stacks = caches.stream().map(this::stack).toList();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(seeds.seed() + i);
            ChatStack stack = stacks.get(i % 2);
            ResponseCache cache = caches.get(i % 2);
            work.add(threads.submit(() -> {
                for (int call = 0; call < CALLS; call++) {
                    ask(stack, cache, random);
                }
            }));
        }
        Future<?> evictions = threads.submit(() -> {
            Random random = new Random(seeds.seed() - 1);
            while (!isOver.get()) {
                takeBack(caches, random);
                LockSupport.parkNanos(300_000);
            }
        });
        Future<?> time = threads.submit(() -> {
            while (!isOver.get()) {
                clock.advance(Duration.ofSeconds(20));
                LockSupport.parkNanos(1_000_000);
            }
        });
        try {
            for (Future<?> each : work) {
                each.get();
            }
        } finally {
            isOver.set(true);
            evictions.get();
            time.get();
        }
        for (int i = 0; i < 2; i++) {
            ChatStack stack = stacks.get(i);
            eventually("no call is under way", () -> stack.callsUnderWay() == 0);
            eventually("no flight is under way", caches.get(i).flights::isEmpty);
            caches.get(i).evictAll();
            assertThat(caches.get(i).answers.idsAndOwners()).as("left behind").isZero();
        }
        assertSomethingWasTested(caches.stream().map(ResponseCache::stats).toList());
        assertThat(caches.get(0).semantic.report().entries())
                .as("questions left behind")
                .isZero();
        threads.shutdown();
    }

    private void assertSomethingWasTested(List<CacheStats> stats) {
        assertThat(sum(stats, CacheStats::exactHits)).as("exact hits").isPositive();
        assertThat(sum(stats, CacheStats::joined)).as("shared calls").isPositive();
        assertThat(sum(stats, CacheStats::staleHits)).as("stale hits").isPositive();
        assertThat(sum(stats, CacheStats::refreshes)).as("refreshes").isPositive();
        assertThat(sum(stats, CacheStats::semanticHits)).as("semantic hits").isPositive();
        assertThat(sum(stats, CacheStats::evicted)).as("evictions").isPositive();
        assertThat(evictedIn).as("answers evicted by their ids").isNotEmpty();
    }

    private static long sum(List<CacheStats> stats, ToLongFunction<CacheStats> what) {
        return stats.stream().mapToLong(what).sum();
    }

    private void takeBack(List<ResponseCache> caches, Random random) {
        int now = documents.incrementAndGet();
        for (ResponseCache cache : caches) {
            switch (random.nextInt(3)) {
                case 0 -> cache.evictAll();
                case 1 -> cache.evictKnowledgeVersion("handbook");
                default -> cache.evictIf(answer -> !answer.text().startsWith(now + " "));
            }
        }
        floor.set(now);
    }

    private void ask(ChatStack stack, ResponseCache cache, Random random) {
        CallContext context = random.nextBoolean() ? Caches.ANN : Caches.CAT;
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(QUESTIONS[random.nextInt(QUESTIONS.length)]))
                .build();
        int least = floor.get();
        int evictedBefore = evictionsEnded.get();
        ChatResponse answer;
        switch (random.nextInt(4)) {
            case 0 -> {
                boolean complains = random.nextInt(4) == 0;
                RecordingHandler goes = new RecordingHandler(heard -> {
                    if (complains) {
                        evict(
                                cache,
                                AnswerInfo.of(heard.context().orElseThrow()).orElseThrow());
                    }
                    heard.cancel();
                });
                stack.streamingChatModel().chat(request, context.options(), goes);
                return;
            }
            case 1 -> {
                RecordingHandler heard = new RecordingHandler();
                stack.streamingChatModel().chat(request, context.options(), heard);
                heard.await(PATIENCE);
                assertThat(heard.errors()).isEmpty();
                assertThat(heard.terminals()).isEqualTo(1);
                answer = heard.responses().get(0);
                assertThat(answer.aiMessage().text()).isEqualTo(heard.text());
            }
            default -> {
                answer = stack.chatModel().chat(request, context.options());
                if (random.nextInt(20) == 0) {
                    evict(cache, AnswerInfo.of(answer).orElseThrow());
                }
            }
        }
        AnswerInfo info = AnswerInfo.of(answer).orElseThrow();
        Integer evicted = info.origin() == null ? null : evictedIn.get(info.origin());
        assertThat(evicted == null || evicted > evictedBefore)
                .as("its answer was not evicted before it was asked for")
                .isTrue();
        String text = answer.aiMessage().text();
        assertThat(text).endsWith(" for " + context.tenant());
        assertThat(Integer.parseInt(text.substring(0, text.indexOf(' ')))).isGreaterThanOrEqualTo(least);
    }

    /** Evicts by the id of a call, which may be that of the answer, or not: then the answer's is known where it is whole. */
    private void evict(ResponseCache cache, AnswerInfo info) {
        cache.evict(info.id());
        int number = evictionsEnded.incrementAndGet();
        evictedIn.putIfAbsent(info.id(), number);
        if (info.origin() != null) {
            evictedIn.putIfAbsent(info.origin(), number);
        }
    }

    private ResponseCache node(int seed) {
        return Caches.on(clock, Scope.tenant())
                .timeToLive(Duration.ofMinutes(1))
                .jitter(0.5)
                .staleWhileRevalidate(Duration.ofMinutes(1))
                .refreshAhead(0.3)
                .entriesPerTenant(3)
                .knowledgeVersion(() -> "handbook")
                .random(new Random(seed))
                .semantic(ScopePropertyTest.nearly().random(new Random(seed)).build())
                .build();
    }

    private ChatStack stack(ResponseCache cache) {
        return ChatStack.builder()
                .chatModel(ScriptedChatModel.builder()
                        .answering(this::answer)
                        .recording(false)
                        .build())
                .streamingChatModel(ScriptedStreamingChatModel.builder()
                        .answering(this::answer)
                        .recording(false)
                        .build())
                .layer(cache)
                .layerAfter(Stage.CACHE, new Tenancy())
                .build();
    }

    private Answer answer(ChatRequest request) {
        String tenant = ((SystemMessage) request.messages().get(0)).text();
        return Answer.text(documents.get() + " is what we know today for " + tenant);
    }

    /** Tells the model for whom it answers, as retrieval does that finds the tenant's own documents. */
    private static final class Tenancy implements ChatLayer {
        @Override
        public ChatResponse handle(ChatCall call, Next next) {
            List<ChatMessage> messages = new ArrayList<>();
            messages.add(SystemMessage.from(String.valueOf(call.context().tenant())));
            messages.addAll(call.request().messages());
            return next.proceed(call.withRequest(
                    call.request().toBuilder().messages(messages).build()));
        }
    }
}
