package io.github.flywheel4j.caching;

import static io.github.flywheel4j.caching.Asking.eventually;
import static io.github.flywheel4j.caching.Asking.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import io.github.flywheel4j.testkit.TestClock;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How answers are served again: their price, their age, their time. */
class ServingTest {

    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Are you open?")).build();

    private final TestClock clock = new TestClock();
    private final List<Interaction> interactions = new CopyOnWriteArrayList<>();

    @Test
    void aHitCostsNothingAndSaysWhatItIs() {
        ScriptedChatModel model =
                ScriptedChatModel.of(Answer.text("Yes.").modelName("small-1").usage(1000, 200));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .prices(PriceList.builder("USD")
                        .perMillionTokens("small", "1", "10")
                        .build())
                .build();
        ChatStack stack = stack(model, cache);
        UUID made = info(stack.chatModel().chat(REQUEST)).id();
        clock.advance(Duration.ofMinutes(12));
        ChatResponse hit = stack.chatModel().chat(REQUEST);
        stack.close();

        assertThat(hit.aiMessage().text()).isEqualTo("Yes.");
        assertThat(hit.modelName()).isEqualTo("small-1");
        assertThat(hit.tokenUsage()).isEqualTo(new TokenUsage(0, 0));
        AnswerInfo info = info(hit);
        assertThat(info.id()).isNotEqualTo(made);
        assertThat(info.origin()).isEqualTo(made);
        assertThat(info.servedBy()).isEqualTo("cache");
        assertThat(info.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(info.notes()).containsExactly("cached, made 12 minutes ago");
        Decision decision = interactions.get(1).decisions().get(0);
        assertThat(decision.layer()).isEqualTo("ResponseCache");
        assertThat(decision.outcome()).isEqualTo("hit");
        assertThat(decision.facts().get("tier")).isEqualTo("exact");
        assertThat(decision.facts().get("ageSeconds")).isEqualTo(720L);
        assertThat(decision.facts().get("answerFrom")).isEqualTo(made.toString());
        assertThat(decision.facts().get("savedInputTokens")).isEqualTo(1000);
        assertThat(decision.facts().get("savedOutputTokens")).isEqualTo(200);
        assertThat(decision.facts().get("currency")).isEqualTo("USD");
        assertThat(interactions.get(0).decisions())
                .extracting(Decision::outcome)
                .containsExactly("miss", "stored");
        CacheStats stats = cache.stats();
        assertThat(stats.exactHits()).isEqualTo(1);
        assertThat(stats.misses()).isEqualTo(1);
        assertThat(stats.hitRate()).isEqualTo(0.5);
        assertThat(stats.savedInputTokens()).isEqualTo(1000);
        assertThat(stats.savedMoney().get("USD")).isEqualByComparingTo(new BigDecimal("0.003"));
    }

    @Test
    void keepsTheNotesOfLayersFurtherIn() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("Yes."));
        ChatLayer notes = (call, next) -> AnswerInfo.note(next.proceed(call), "from a document of 2023");
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .layer(Caches.on(clock, Scope.shared("a test")).build())
                .layerAfter(Stage.CACHE, notes)
                .build();
        stack.chatModel().chat(REQUEST);

        assertThat(info(stack.chatModel().chat(REQUEST)).notes())
                .containsExactly("from a document of 2023", "cached, made 0 seconds ago");
    }

    @Test
    void aStreamedHitIsAStreamLikeAnyOther() {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text("Yes, until six.").usage(9, 4));
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(model)
                .layer(Caches.shared().build())
                .build();
        play(stack);
        RecordingHandler hit = play(stack);

        assertThat(model.calls()).isEqualTo(1);
        assertThat(hit.text()).isEqualTo("Yes, until six.");
        assertThat(hit.terminals()).isEqualTo(1);
        assertThat(hit.events().get(hit.events().size() - 1)).isEqualTo("complete");
        assertThat(hit.responses().get(0).tokenUsage()).isEqualTo(new TokenUsage(0, 0));
        assertThat(AnswerInfo.of(hit.context().orElseThrow()).orElseThrow().id())
                .isEqualTo(info(hit.responses().get(0)).id());
    }

    @Test
    void anAnswerThatWasStreamedServesABlockingCallAndTheOtherWayRound() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = Caches.shared().build();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .build();
        play(stack);
        stack.chatModel().chat(REQUEST);
        assertThat(model.calls()).isZero();
        cache.evictAll();
        stack.chatModel().chat(REQUEST);
        play(stack);

        assertThat(model.calls()).isEqualTo(1);
        assertThat(streaming.calls()).isEqualTo(1);
    }

    @Test
    void anAnswerIsServedForItsTimeAndNoLonger() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(10))
                .build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        stack.chatModel().chat(REQUEST);
        assertThat(model.calls()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        stack.chatModel().chat(REQUEST);

        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void jitterShortensTheTimeAtRandomAndNeverLengthensIt() {
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(100))
                .jitter(0.2)
                .random(new Random(7))
                .build();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < 1000; i++) {
            double minutes = Duration.between(clock.instant(), cache.answers.freshUntil(clock.instant()))
                            .toSeconds()
                    / 60.0;
            least = Math.min(least, minutes);
            most = Math.max(most, minutes);
        }
        assertThat(least).isBetween(80.0, 81.0);
        assertThat(most).isBetween(99.0, 100.0);
    }

    @Test
    void aBuilderThatIsUsedAgainChangesNoCacheThatItBuilt() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("Yes."));
        ResponseCache.Builder builder =
                Caches.on(clock, Scope.shared("a test")).jitter(0).timeToLive(Duration.ofMinutes(10));
        ChatStack stack = stack(model, builder.build());
        builder.timeToLive(Duration.ofMinutes(1));
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofMinutes(9));

        assertThat(info(stack.chatModel().chat(REQUEST)).outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void servesAStaleAnswerWhileItIsRefreshed() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("Yes."), Answer.text("No."));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(10))
                .staleWhileRevalidate(Duration.ofMinutes(5))
                .build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofMinutes(12));
        ChatResponse stale = stack.chatModel().chat(REQUEST);
        assertThat(stale.aiMessage().text()).isEqualTo("Yes.");
        assertThat(info(stale).outcome()).isEqualTo(Outcome.ANSWERED);
        eventually("the new answer is stored", () -> cache.stats().stored() == 2);

        assertThat(stack.chatModel().chat(REQUEST).aiMessage().text()).isEqualTo("No.");
        assertThat(model.calls()).isEqualTo(2);
        assertThat(cache.stats().staleHits()).isEqualTo(1);
        assertThat(cache.stats().refreshes()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(16));
        eventually("no flight is under way", cache.flights::isEmpty);
        assertThat(cache.answers.get(UUID.randomUUID())).isNull();
    }

    @Test
    void asksTheModelWhereAnAnswerIsTooStale() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text("Yes."), Answer.text("No."));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(10))
                .staleWhileRevalidate(Duration.ofMinutes(5))
                .build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofMinutes(15));

        assertThat(stack.chatModel().chat(REQUEST).aiMessage().text()).isEqualTo("No.");
    }

    @Test
    void aRefreshThatFailsLeavesTheStaleAnswer() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Answer.text("Yes."), Answer.failure(new RateLimitException("scripted")), Answer.text("No."));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(10))
                .staleWhileRevalidate(Duration.ofMinutes(5))
                .build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofMinutes(12));
        stack.chatModel().chat(REQUEST);
        eventually("the refresh failed", () -> cache.stats().failedRefreshes() == 1 && cache.flights.isEmpty());

        assertThat(stack.chatModel().chat(REQUEST).aiMessage().text()).isEqualTo("Yes.");
        eventually("the new answer is stored", () -> cache.stats().stored() == 2);
    }

    @Test
    void refreshesAheadOnlyWhereTold() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(10))
                .refreshAhead(0.2)
                .build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofMinutes(7));
        stack.chatModel().chat(REQUEST);
        assertThat(cache.stats().refreshes()).isZero();
        clock.advance(Duration.ofMinutes(2));
        stack.chatModel().chat(REQUEST);
        eventually("the new answer is stored", () -> cache.stats().stored() == 2);

        assertThat(model.calls()).isEqualTo(2);
        assertThat(cache.stats().exactHits()).isEqualTo(2);
        clock.advance(Duration.ofMinutes(4));
        stack.chatModel().chat(REQUEST);
        assertThat(cache.stats().exactHits())
                .as("the new answer has a time of its own")
                .isEqualTo(3);
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void servesAnAnswerPastItsTimeIfTheModelFails() {
        ScriptedChatModel model =
                ScriptedChatModel.of(Answer.text("Yes."), Answer.failure(new RateLimitException("scripted")));
        ScriptedStreamingChatModel streaming =
                ScriptedStreamingChatModel.of(Answer.failure(new RateLimitException("scripted")));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(10))
                .staleIfError(Duration.ofHours(5))
                .build();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .build();
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofHours(1));
        ChatResponse stale = stack.chatModel().chat(REQUEST);
        assertThat(stale.aiMessage().text()).isEqualTo("Yes.");
        assertThat(info(stale).outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(info(stale).notes())
                .containsExactly("cached, made 1 hour ago", "the model failed, and this answer is past its time");
        RecordingHandler heard = play(stack);
        assertThat(heard.text()).isEqualTo("Yes.");
        assertThat(info(heard.responses().get(0)).outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(cache.stats().servedOnError()).isEqualTo(2);

        clock.advance(Duration.ofHours(5));
        assertThatThrownBy(() -> stack.chatModel().chat(REQUEST)).isInstanceOf(RateLimitException.class);
    }

    @Test
    void looksAgainBeforeItAsksTheModel() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
        Clock watched = new Clock() {
            @Override
            public Instant instant() {
                Runnable action = meanwhile.getAndSet(null);
                if (action != null) {
                    action.run();
                }
                return clock.instant();
            }

            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .clock(watched)
                .staleIfError(Duration.ofHours(5))
                .build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(REQUEST);
        clock.advance(Duration.ofHours(2));
        // The call below finds the answer stale; before it leads, another call makes it anew.
        meanwhile.set(() -> stack.chatModel().chat(REQUEST));
        assertThat(info(stack.chatModel().chat(REQUEST)).origin()).isNotNull();

        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void contradictsNoStreamThatWasHeardWhenTheModelFails() {
        RateLimitException failure = new RateLimitException("scripted");
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.text("Yes, until six."), Answer.text("No, it is Sunday.").failAfterTokens(2, failure));
        ResponseCache cache = Caches.on(clock, Scope.shared("a test"))
                .timeToLive(Duration.ofMinutes(10))
                .staleIfError(Duration.ofHours(5))
                .build();
        ChatStack stack =
                ChatStack.builder().streamingChatModel(model).layer(cache).build();
        play(stack);
        clock.advance(Duration.ofHours(1));
        RecordingHandler broken = play(stack);

        assertThat(broken.errors()).containsExactly(failure);
        assertThat("No, it is Sunday.").startsWith(broken.text());
    }

    @Test
    void theOldestAnswersOfAUserMakeRoomForThatUsersOwn() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = Caches.of(Scope.tenant()).entriesPerUser(3).build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(question(100), Caches.BOB.options());
        for (int i = 0; i < 10; i++) {
            stack.chatModel().chat(question(i), Caches.ANN.options());
        }
        assertThat(cache.stats().answers()).isEqualTo(4);
        stack.chatModel().chat(question(100), Caches.BOB.options());
        stack.chatModel().chat(question(9), Caches.ANN.options());
        assertThat(model.calls()).isEqualTo(11);
        stack.chatModel().chat(question(0), Caches.ANN.options());
        assertThat(model.calls()).isEqualTo(12);
    }

    @Test
    void usersWhoseNamesJoinedWithTheirTenantsAreAlikeAreNotOne() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = Caches.of(Scope.user()).entriesPerUser(3).build();
        ChatStack stack = stack(model, cache);
        CallContext one = CallContext.builder().tenant("a/b").user("c").build();
        CallContext other = CallContext.builder().tenant("a").user("b/c").build();
        CallContext nobodys = CallContext.builder().user("c").build();
        CallContext namedNull = CallContext.builder().tenant("null").user("c").build();
        List<CallContext> users = List.of(one, other, nobodys, namedNull);
        for (CallContext user : users) {
            for (int i = 0; i < 3; i++) {
                stack.chatModel().chat(question(i), user.options());
            }
        }

        assertThat(cache.stats().answers()).isEqualTo(3L * users.size());
    }

    @Test
    void theOldestAnswersOfATenantMakeRoomForThatTenantsOwn() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
        ResponseCache cache = Caches.of(Scope.tenant()).entriesPerTenant(3).build();
        ChatStack stack = stack(model, cache);
        stack.chatModel().chat(question(100), Caches.CAT.options());
        for (int i = 0; i < 10; i++) {
            stack.chatModel().chat(question(i), (i % 2 == 0 ? Caches.ANN : Caches.BOB).options());
        }
        assertThat(cache.stats().answers()).isEqualTo(4);
        stack.chatModel().chat(question(100), Caches.CAT.options());
        assertThat(model.calls()).isEqualTo(11);
    }

    @Test
    void memoryIsBoundedInBytesAndNothingIsLeftBehind() {
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("yes ".repeat(100)));
        ResponseCache cache = Caches.of(Scope.user())
                .maximumAnswerBytes(10_000)
                .maximumBytes(20_000)
                .build();
        ChatStack stack = stack(model, cache);
        for (int i = 0; i < 500; i++) {
            stack.chatModel().chat(question(i), Caches.ANN.options());
        }
        assertThat(cache.stats().bytes()).isBetween(1L, 20_000L);
        long left = cache.stats().answers();
        assertThat(left).isBetween(1L, 20L);
        assertThat(cache.answers.idsAndOwners()).isEqualTo((int) left + 2);
        cache.evictAll();
        assertThat(cache.answers.idsAndOwners()).isZero();
    }

    private static ChatRequest question(int number) {
        return ChatRequest.builder()
                .messages(UserMessage.from("Are you open on day " + number + "?"))
                .build();
    }

    private ChatStack stack(ScriptedChatModel model, ResponseCache cache) {
        return ChatStack.builder()
                .chatModel(model)
                .layer(cache)
                .interactionListener(interactions::add)
                .build();
    }

    private static RecordingHandler play(ChatStack stack) {
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, heard);
        return heard.await();
    }
}
