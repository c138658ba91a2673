package io.github.flywheel4j.caching;

import static io.github.flywheel4j.caching.Asking.PATIENCE;
import static io.github.flywheel4j.caching.Asking.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallCancelled;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.DeadlineExceeded;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal calls under way at the same time: one model call, blocking and streaming, whoever comes, fails or goes. */
@Timeout(60)
class SingleFlightTest {

    private static final int CALLERS = 64;
    private static final String TEXT = "Paris is the capital of France, and has been for long.";
    private static final ChatRequest REQUEST = ChatRequest.builder()
            .messages(UserMessage.from("What is the capital of France?"))
            .build();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ResponseCache cache = Caches.shared().build();
    private final List<Interaction> interactions = new CopyOnWriteArrayList<>();
    private final List<ChatStack> stacks = new ArrayList<>();

    @AfterEach
    void leavesNothingUnderWay() {
        eventually("no call is under way", () -> stacks.stream().allMatch(stack -> stack.callsUnderWay() == 0));
        eventually("no flight is under way", cache.flights::isEmpty);
        stacks.forEach(ChatStack::close);
        threads.shutdownNow();
    }

    @Test
    void aStampedeOfBlockingCallersMakesOneModelCall() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedChatModel model =
                ScriptedChatModel.of(Answer.text(TEXT).usage(10, 5).waitFor(go));
        ChatStack stack = stack(model, null);
        List<CompletableFuture<ChatResponse>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(ask(stack));
        }
        eventually("all callers are under way", () -> stack.callsUnderWay() == CALLERS);
        go.countDown();

        int paid = 0;
        Set<UUID> origins = ConcurrentHashMap.newKeySet();
        for (CompletableFuture<ChatResponse> caller : callers) {
            ChatResponse answer = caller.join();
            assertThat(answer.aiMessage().text()).isEqualTo(TEXT);
            UUID origin = AnswerInfo.of(answer).orElseThrow().origin();
            if (origin == null) {
                assertThat(answer.tokenUsage()).isEqualTo(new TokenUsage(10, 5));
                origins.add(AnswerInfo.of(answer).orElseThrow().id());
                paid++;
            } else {
                assertThat(answer.tokenUsage()).isEqualTo(new TokenUsage(0, 0));
                origins.add(origin);
            }
        }
        assertThat(model.calls()).as("calls of the model").isEqualTo(1);
        assertThat(paid).as("answers that carry the tokens").isEqualTo(1);
        assertThat(origins).as("who made the answer").hasSize(1);
        assertThat(cache.stats().joined() + cache.stats().exactHits()).isEqualTo(CALLERS - 1);
    }

    @Test
    void aStampedeOfStreamsMakesOneModelCall() {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text(TEXT).waitAfterTokens(3, go));
        ChatStack stack = stack(null, model);
        List<RecordingHandler> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            RecordingHandler heard = new RecordingHandler();
            stack.streamingChatModel().chat(REQUEST, heard);
            callers.add(heard);
        }
        eventually("all hear the first tokens", () -> callers.stream()
                .noneMatch(caller -> caller.text().isEmpty()));
        go.countDown();

        for (RecordingHandler caller : callers) {
            caller.await(PATIENCE);
            assertThat(caller.errors()).isEmpty();
            assertThat(caller.text()).isEqualTo(TEXT);
            assertThat(caller.terminals()).isEqualTo(1);
        }
        assertThat(model.calls()).as("calls of the model").isEqualTo(1);
    }

    @Test
    void blockingAndStreamingCallersShareACallWhoeverLeads() {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text(TEXT).waitFor(go));
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.of(Answer.text(TEXT));
        ChatStack stack = stack(model, streaming);
        CompletableFuture<ChatResponse> leader = ask(stack);
        eventually("the leader is with the model", () -> model.live() == 1);
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, follower);
        eventually("both are under way", () -> stack.callsUnderWay() == 2);
        go.countDown();
        assertThat(leader.join().aiMessage().text()).isEqualTo(TEXT);
        assertThat(follower.await(PATIENCE).text()).isEqualTo(TEXT);
        assertThat(streaming.calls()).isZero();

        cache.evictAll();
        CountDownLatch end = new CountDownLatch(1);
        ScriptedStreamingChatModel slow =
                ScriptedStreamingChatModel.of(Answer.text(TEXT).waitAfterTokens(2, end));
        ScriptedChatModel unasked = ScriptedChatModel.of(Answer.text(TEXT));
        ChatStack other = stack(unasked, slow);
        RecordingHandler first = new RecordingHandler();
        other.streamingChatModel().chat(REQUEST, first);
        eventually("the stream has begun", () -> !first.text().isEmpty());
        CompletableFuture<ChatResponse> second = ask(other);
        eventually("both are under way", () -> other.callsUnderWay() == 2);
        end.countDown();
        assertThat(second.join().aiMessage().text()).isEqualTo(TEXT);
        assertThat(first.await(PATIENCE).text()).isEqualTo(TEXT);
        assertThat(unasked.calls()).isZero();
    }

    @Test
    void aLateCallerHearsWhatWasStreamedAndThenTheRestInOrder() {
        CountDownLatch rest = new CountDownLatch(1);
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.text(TEXT).thinking("France it is.").rawEvents("role").waitAfterTokens(4, rest));
        ChatStack stack = stack(null, model);
        RecordingHandler first = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, first);
        eventually("the model waits", () -> first.events().size() >= 5);
        List<String> sofar = first.events();
        RecordingHandler late = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, late);
        eventually("the late caller caught up", () -> late.events().size() >= sofar.size());
        assertThat(late.events()).startsWith(sofar.toArray(new String[0]));
        rest.countDown();

        first.await(PATIENCE);
        late.await(PATIENCE);
        assertThat(late.events()).isEqualTo(first.events());
        assertThat(late.text()).isEqualTo(TEXT);
    }

    /** Who takes answers back and asks again must not hear what was asked before. */
    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void whoComesAfterAnEvictionBoardsNoFlightThatBeganBeforeIt(boolean streams) {
        CountDownLatch go = new CountDownLatch(1);
        Answer old = streams
                ? Answer.text("The old answer.").waitAfterTokens(2, go)
                : Answer.text("The old answer.").waitFor(go);
        ScriptedChatModel model = ScriptedChatModel.of(old, Answer.text("New."));
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.of(old, Answer.text("New."));
        ChatStack stack = stack(model, streaming);
        List<CompletableFuture<ChatResponse>> early = List.of(ask(stack, streams), ask(stack, streams));
        eventually(
                "both wait for one", () -> cache.flights.underWay().stream().anyMatch(flight -> flight.aboard() == 2));
        eventually("it is with the model", () -> model.live() + streaming.live() == 1);
        cache.evictAll();

        CompletableFuture<ChatResponse> late = ask(stack, streams);
        assertThat(late.orTimeout(20, TimeUnit.SECONDS).join().aiMessage().text())
                .isEqualTo("New.");
        go.countDown();
        early.forEach(each -> assertThat(each.join().aiMessage().text()).isEqualTo("The old answer."));
        assertThat(ask(stack, streams).join().aiMessage().text())
                .as("what is stored")
                .isEqualTo("New.");
        assertThat(model.calls() + streaming.calls()).isEqualTo(2);
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void whoComesAfterAnEvictionSharesTheNewFlight(boolean streams) {
        CountDownLatch goOld = new CountDownLatch(1);
        CountDownLatch goNew = new CountDownLatch(1);
        Answer old = Answer.text("Old.").waitFor(goOld);
        Answer fresh = Answer.text("New.").waitFor(goNew);
        ScriptedChatModel model = ScriptedChatModel.of(old, fresh);
        ScriptedStreamingChatModel streaming = ScriptedStreamingChatModel.of(old, fresh);
        ChatStack stack = stack(model, streaming);
        CompletableFuture<ChatResponse> early = ask(stack, streams);
        eventually("it is with the model", () -> model.live() + streaming.live() == 1);
        cache.evictIf(answer -> true);
        List<CompletableFuture<ChatResponse>> late = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            late.add(ask(stack, streams));
        }
        eventually(
                "all wait for one", () -> cache.flights.underWay().stream().anyMatch(flight -> flight.aboard() == 8));
        goOld.countDown();
        assertThat(early.join().aiMessage().text()).isEqualTo("Old.");
        assertThat(cache.flights.underWay())
                .as("the old flight took its own way alone")
                .hasSize(1);
        goNew.countDown();

        late.forEach(each -> assertThat(each.join().aiMessage().text()).isEqualTo("New."));
        assertThat(model.calls() + streaming.calls()).isEqualTo(2);
    }

    /** Feedback may come with the first tokens, when there is nothing yet that could be removed. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void anAnswerThatIsEvictedWhileItIsStreamedIsNeitherStoredNorJoined(Complainer who) {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.text("The wrong answer.").waitAfterTokens(2, go), Answer.text("New."));
        ChatStack stack = stack(null, model);
        RecordingHandler leader = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, leader);
        eventually("the stream has begun", () -> !leader.text().isEmpty());
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, follower);
        eventually("the other one hears it too", () -> !follower.text().isEmpty());
        RecordingHandler complaining = who == Complainer.LEADER ? leader : follower;
        assertThat(cache.evict(AnswerInfo.of(complaining.context().orElseThrow())
                        .orElseThrow()
                        .id()))
                .as("there is nothing yet")
                .isFalse();
        if (who == Complainer.FOLLOWER_THAT_LEAVES) {
            follower.cancel();
            eventually("it has left", () -> stack.callsUnderWay() == 1);
        }
        assertThat(ask(stack, true)
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .aiMessage()
                        .text())
                .as("the answer to whoever comes now")
                .isEqualTo("New.");
        go.countDown();

        assertThat(leader.await(PATIENCE).text()).isEqualTo("The wrong answer.");
        assertThat(cache.stats().notStored()).containsEntry("invalidated meanwhile", 1L);
        assertThat(ask(stack, true).join().aiMessage().text())
                .as("what is stored")
                .isEqualTo("New.");
        assertThat(model.calls()).isEqualTo(2);
    }

    enum Complainer {
        LEADER,
        FOLLOWER,
        FOLLOWER_THAT_LEAVES
    }

    @Test
    void anAnswerThatAnotherNodeEvictsWhileItIsStreamedIsNotStored() {
        MapTier tier = new MapTier();
        ResponseCache here = Caches.shared().shared(tier).build();
        ResponseCache there = Caches.shared().shared(tier).build();
        CountDownLatch go = new CountDownLatch(1);
        ChatStack stack = ChatStack.builder()
                .streamingChatModel(ScriptedStreamingChatModel.of(
                        Answer.text("The wrong answer.").waitAfterTokens(2, go)))
                .layer(here)
                .build();
        stacks.add(stack);
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, heard);
        eventually("the stream has begun", () -> !heard.text().isEmpty());
        boolean unused = there.evict(
                AnswerInfo.of(heard.context().orElseThrow()).orElseThrow().id());
        go.countDown();
        heard.await(PATIENCE);

        assertThat(here.stats().answers()).isZero();
        assertThat(tier.values).isEmpty();
    }

    @Test
    void aSlowCallerHoldsUpNobody() {
        CountDownLatch slow = new CountDownLatch(1);
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(Answer.text(TEXT));
        ChatStack stack = stack(null, model);
        RecordingHandler sleepy = new RecordingHandler(heard -> awaitQuietly(slow));
        stack.streamingChatModel().chat(REQUEST, sleepy);
        eventually("the slow one hears something", () -> model.calls() == 1);
        RecordingHandler quick = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, quick);

        assertThat(quick.await(PATIENCE).text()).isEqualTo(TEXT);
        slow.countDown();
        assertThat(sleepy.await(PATIENCE).text()).isEqualTo(TEXT);
        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void aLeaderWhoCancelsItsStreamEndsNobodyElses() {
        CountDownLatch rest = new CountDownLatch(1);
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text(TEXT).usage(10, 5).waitAfterTokens(3, rest));
        ChatStack stack = stack(null, model);
        RecordingHandler leader = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, leader);
        eventually("the leader hears something", () -> !leader.text().isEmpty());
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, follower);
        eventually("the follower hears something", () -> !follower.text().isEmpty());
        leader.cancel();
        eventually("the leader's call has ended", () -> stack.callsUnderWay() == 1);
        rest.countDown();

        assertThat(follower.await(PATIENCE).text()).isEqualTo(TEXT);
        ChatResponse answer = follower.responses().get(0);
        assertThat(answer.tokenUsage()).as("the tokens are the follower's now").isEqualTo(new TokenUsage(10, 5));
        assertThat(AnswerInfo.of(answer).orElseThrow().origin()).isNull();
        assertThat(leader.terminals()).isZero();
        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void aFollowerWhoCancelsEndsNobodyElses() {
        CountDownLatch rest = new CountDownLatch(1);
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text(TEXT).waitAfterTokens(3, rest));
        ChatStack stack = stack(null, model);
        RecordingHandler leader = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, leader);
        eventually("the leader hears something", () -> !leader.text().isEmpty());
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, follower);
        eventually("the follower hears something", () -> !follower.text().isEmpty());
        follower.cancel();
        eventually("the follower's call has ended", () -> stack.callsUnderWay() == 1);
        rest.countDown();

        assertThat(leader.await(PATIENCE).text()).isEqualTo(TEXT);
        assertThat(follower.terminals()).isZero();
        assertThat(model.cancelled()).isZero();
    }

    @Test
    void theLastCallerToCancelEndsTheProvidersStream() {
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text(TEXT).hangAfterTokens(3), Answer.text(TEXT));
        ChatStack stack = stack(null, model);
        RecordingHandler leader = new RecordingHandler();
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, leader);
        eventually("the leader hears something", () -> !leader.text().isEmpty());
        stack.streamingChatModel().chat(REQUEST, follower);
        eventually("the follower hears something", () -> !follower.text().isEmpty());
        leader.cancel();
        eventually("the leader's call has ended", () -> stack.callsUnderWay() == 1);
        assertThat(model.live()).isEqualTo(1);
        follower.cancel();

        eventually("the provider's stream has ended", () -> model.live() == 0);
        RecordingHandler next = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, next);
        assertThat(next.await(PATIENCE).text()).isEqualTo(TEXT);
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void anotherLeadsOnWhenABlockingLeaderIsCancelled() {
        ScriptedChatModel model = ScriptedChatModel.of(Answer.hanging(), Answer.text(TEXT));
        ChatStack stack = stack(model, null);
        CompletableFuture<ChatResponse> leader = ask(stack, "turn-of-the-leader");
        eventually("the leader is with the model", () -> model.live() == 1);
        List<CompletableFuture<ChatResponse>> followers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            followers.add(ask(stack));
        }
        eventually("all are under way", () -> stack.callsUnderWay() == 9);
        stack.cancel("turn-of-the-leader");

        assertThatThrownBy(leader::join).hasCauseInstanceOf(CallCancelled.class);
        followers.forEach(each -> assertThat(each.join().aiMessage().text()).isEqualTo(TEXT));
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void anotherLeadsOnWhenALeaderFails() {
        IllegalStateException failure = new IllegalStateException("scripted");
        CountDownLatch go = new CountDownLatch(1);
        ScriptedChatModel model = ScriptedChatModel.of(Answer.failure(failure).waitFor(go), Answer.text(TEXT));
        ChatStack stack = stack(model, null);
        CompletableFuture<ChatResponse> leader = ask(stack);
        eventually("the leader is with the model", () -> model.live() == 1);
        List<CompletableFuture<ChatResponse>> followers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            followers.add(ask(stack));
        }
        eventually("all are under way", () -> stack.callsUnderWay() == 9);
        go.countDown();

        assertThatThrownBy(leader::join).hasCause(failure);
        followers.forEach(each -> assertThat(each.join().aiMessage().text()).isEqualTo(TEXT));
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void aModelThatIsDownIsAskedTwiceAndNotOnceForEach() {
        IllegalStateException failure = new IllegalStateException("scripted");
        CountDownLatch go = new CountDownLatch(1);
        ScriptedChatModel model =
                ScriptedChatModel.answering(request -> Answer.failure(failure).waitFor(go));
        ChatStack stack = stack(model, null);
        List<CompletableFuture<ChatResponse>> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            callers.add(ask(stack));
        }
        eventually("all are under way", () -> stack.callsUnderWay() == 16);
        eventually(
                "all wait for one", () -> cache.flights.underWay().stream().anyMatch(flight -> flight.aboard() == 16));
        go.countDown();

        callers.forEach(each -> assertThatThrownBy(each::join).hasCause(failure));
        assertThat(model.calls()).isEqualTo(2);
    }

    @Test
    void aStreamThatBreaksAfterItWasHeardFailsForThoseWhoHeardIt() {
        IllegalStateException failure = new IllegalStateException("scripted");
        CountDownLatch go = new CountDownLatch(1);
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Answer.text(TEXT).waitAfterTokens(2, go).failAfterTokens(4, failure));
        ScriptedChatModel blocking = ScriptedChatModel.of(Answer.text("Paris."));
        ChatStack stack = stack(blocking, model);
        RecordingHandler leader = new RecordingHandler();
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, leader);
        eventually("the leader hears something", () -> !leader.text().isEmpty());
        stack.streamingChatModel().chat(REQUEST, follower);
        eventually("the follower hears something", () -> !follower.text().isEmpty());
        CompletableFuture<ChatResponse> deaf = ask(stack);
        eventually("all are under way", () -> stack.callsUnderWay() == 3);
        eventually(
                "all wait for one", () -> cache.flights.underWay().stream().anyMatch(flight -> flight.aboard() == 3));
        go.countDown();

        assertThat(leader.await(PATIENCE).errors()).containsExactly(failure);
        assertThat(follower.await(PATIENCE).errors()).containsExactly(failure);
        assertThat(deaf.join().aiMessage().text())
                .as("who heard nothing leads on")
                .isEqualTo("Paris.");
        assertThat(TEXT).startsWith(follower.text());
    }

    @Test
    void aDeadlineEndsItsOwnCallAlone() {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text(TEXT).waitAfterTokens(3, go));
        ChatStack hurried = ChatStack.builder()
                .streamingChatModel(model)
                .layer(cache)
                .deadline(Duration.ofMillis(300))
                .build();
        stacks.add(hurried);
        ChatStack patient = stack(null, model);
        RecordingHandler leader = new RecordingHandler();
        RecordingHandler follower = new RecordingHandler();
        hurried.streamingChatModel().chat(REQUEST, leader);
        eventually("the leader hears something", () -> !leader.text().isEmpty());
        patient.streamingChatModel().chat(REQUEST, follower);
        leader.await(PATIENCE);
        assertThat(leader.errors()).hasSize(1).first().isInstanceOf(DeadlineExceeded.class);
        go.countDown();

        assertThat(follower.await(PATIENCE).text()).isEqualTo(TEXT);
        assertThat(model.calls()).isEqualTo(1);
    }

    @Test
    void followersCostNothingAndNameWhoMadeTheAnswer() {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedStreamingChatModel model =
                ScriptedStreamingChatModel.of(Answer.text(TEXT).usage(10, 5).waitAfterTokens(1, go));
        ChatStack stack = stack(null, model);
        RecordingHandler leader = new RecordingHandler();
        RecordingHandler follower = new RecordingHandler();
        stack.streamingChatModel().chat(REQUEST, leader);
        eventually("the leader hears something", () -> !leader.text().isEmpty());
        stack.streamingChatModel().chat(REQUEST, follower);
        eventually("the follower hears something", () -> !follower.text().isEmpty());
        go.countDown();
        leader.await(PATIENCE);
        AnswerInfo info =
                AnswerInfo.of(follower.await(PATIENCE).responses().get(0)).orElseThrow();
        eventually("both are recorded", () -> interactions.size() == 2);

        Interaction made = interactions.stream()
                .filter(each -> !each.id().equals(info.id()))
                .findFirst()
                .orElseThrow();
        Interaction joined = interactions.stream()
                .filter(each -> each.id().equals(info.id()))
                .findFirst()
                .orElseThrow();
        assertThat(info.origin()).isEqualTo(made.id());
        assertThat(info.servedBy()).isEqualTo("cache");
        assertThat(joined.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(joined.usage()).isEqualTo(new TokenUsage(0, 0));
        assertThat(made.usage()).isEqualTo(new TokenUsage(10, 5));
        assertThat(joined.decisions()).anySatisfy(decision -> {
            assertThat(decision.outcome()).isEqualTo("hit");
            assertThat(decision.facts().get("tier")).isEqualTo("flight");
            assertThat(decision.facts().get("savedOutputTokens")).isEqualTo(5);
        });
    }

    @Test
    void worksOnVirtualThreadsWhereThereAreSome() throws ReflectiveOperationException {
        Method virtual;
        try {
            virtual = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        } catch (NoSuchMethodException e) {
            return; // before Java 21
        }
        ExecutorService executor = (ExecutorService) virtual.invoke(null);
        CountDownLatch go = new CountDownLatch(1);
        ScriptedChatModel model = ScriptedChatModel.of(Answer.text(TEXT).waitFor(go));
        ChatStack stack = stack(model, null);
        List<CompletableFuture<ChatResponse>> callers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            callers.add(CompletableFuture.supplyAsync(() -> stack.chatModel().chat(REQUEST), executor));
        }
        eventually("all are under way", () -> stack.callsUnderWay() == 1000);
        go.countDown();
        callers.forEach(each -> assertThat(each.join().aiMessage().text()).isEqualTo(TEXT));
        assertThat(model.calls()).isEqualTo(1);
        executor.shutdownNow();
    }

    /** Callers that come, cancel and stay at random, again and again: whoever stays hears the whole answer once. */
    @Test
    void holdsWhoeverComesAndGoes() {
        for (int round = 0; round < 50; round++) {
            ScriptedStreamingChatModel model = ScriptedStreamingChatModel.answering(request -> Answer.text(TEXT));
            ChatStack stack = stack(null, model);
            List<RecordingHandler> staying = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                boolean goes = (round + i) % 3 == 0;
                RecordingHandler heard = goes ? new RecordingHandler(RecordingHandler::cancel) : new RecordingHandler();
                stack.streamingChatModel().chat(REQUEST, heard);
                if (!goes) {
                    staying.add(heard);
                }
            }
            for (RecordingHandler heard : staying) {
                heard.await(PATIENCE);
                assertThat(heard.errors()).isEmpty();
                assertThat(heard.text()).isEqualTo(TEXT);
            }
            cache.evictAll();
        }
    }

    private ChatStack stack(@Nullable ScriptedChatModel model, @Nullable ScriptedStreamingChatModel streaming) {
        ChatStack.Builder builder = ChatStack.builder().layer(cache).interactionListener(interactions::add);
        if (model != null) {
            builder.chatModel(model);
        }
        if (streaming != null) {
            builder.streamingChatModel(streaming);
        }
        ChatStack stack = builder.build();
        stacks.add(stack);
        return stack;
    }

    private CompletableFuture<ChatResponse> ask(ChatStack stack) {
        return CompletableFuture.supplyAsync(() -> stack.chatModel().chat(REQUEST), threads);
    }

    private CompletableFuture<ChatResponse> ask(ChatStack stack, boolean streams) {
        return CompletableFuture.supplyAsync(() -> Asking.ask(stack, REQUEST, CallContext.empty(), streams), threads);
    }

    private CompletableFuture<ChatResponse> ask(ChatStack stack, String turn) {
        CallContext context = CallContext.builder().turn(turn).build();
        return CompletableFuture.supplyAsync(() -> stack.chatModel().chat(REQUEST, context.options()), threads);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
