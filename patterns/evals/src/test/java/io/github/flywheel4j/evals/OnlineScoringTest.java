package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.model.chat.ChatModel;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Stage;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.TestClock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OnlineScoringTest {

    private final List<EvaluationEvent> events = new CopyOnWriteArrayList<>();
    private final TestClock clock = new TestClock();

    @Test
    void scoresEveryAnswerWhenTheShareIsOne() {
        OnlineScoring online = scoring().share(1).build();

        ask(online, ScriptedChatModel.answering(request -> Answer.text("yes")), 3);
        online.close();

        assertThat(events).hasSize(3).allSatisfy(event -> {
            assertThat(event.attributes())
                    .containsEntry("gen_ai.evaluation.name", "short")
                    .containsEntry("gen_ai.evaluation.score.value", 1.0)
                    .containsEntry("gen_ai.evaluation.score.label", "pass")
                    .containsEntry("flywheel4j.workload", "support")
                    .doesNotContainKey("error.type");
            assertThat(event.toJson()).contains(EvaluationEvent.NAME).doesNotContain("question");
        });
        assertThat(online.counts()).isEqualTo(new OnlineScoring.Counts(3, 0, 3, 3, 0, 0, 0));
    }

    @Test
    void knowsWhatWasRetrievedForTheAnswer() {
        List<List<String>> retrieved = new ArrayList<>();
        OnlineScoring online = OnlineScoring.builder(event -> {})
                .scorer(Runs.scorer("seen", false, (evalCase, output) -> {
                    retrieved.add(output.retrieved());
                    return Score.of(true);
                }))
                .share(1)
                .build();
        askRetrieving(online, List.of("a", "b"));

        assertThat(retrieved).containsExactly(List.of("a", "b"));
    }

    /** Else its questions would be scored in their turn, without an end. */
    @Test
    void doesNotScoreWhatAJudgeAsksThroughTheSameStack() {
        ScriptedChatModel model = ScriptedChatModel.saying("VERDICT: YES");
        List<ChatModel> judging = new ArrayList<>();
        List<CallContext> contexts = Collections.synchronizedList(new ArrayList<>());
        OnlineScoring online = OnlineScoring.builder(event -> {})
                .scorer(Runs.scorer("asks", true, (evalCase, output) -> {
                    judging.get(0).chat("is it right?");
                    return Score.of(true);
                }))
                .share(1)
                .build();
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .interactionListener(online)
                .interactionListener(interaction -> contexts.add(interaction.context()))
                .build();
        judging.add(stack.chatModel());

        stack.chatModel().chat("question");
        online.close();
        stack.close();

        assertThat(online.counts().seen()).isOne();
        assertThat(model.requests()).hasSize(2);
        assertThat(contexts)
                .hasSize(2)
                // In no order: the judge may have its answer before the first call is told to its listeners.
                .filteredOn(each -> each.attributes().containsKey(Candidate.ATTRIBUTE))
                .singleElement()
                .satisfies(each -> assertThat(each.isFresh()).isTrue());
    }

    @Test
    void givesAJudgeThePassagesThatItJudgesBy() {
        List<String> context = new ArrayList<>();
        OnlineScoring online = OnlineScoring.builder(event -> {})
                .scorer(Runs.scorer("seen", false, (evalCase, output) -> {
                    context.addAll(evalCase.context());
                    return Score.of(true);
                }))
                .passages(source -> Optional.of("the text of " + source))
                .share(1)
                .build();
        askRetrieving(online, List.of("a", Map.of("id", "b", "text", "told")));

        assertThat(context).containsExactly("the text of a", "told");
    }

    @Test
    void choosesTheSameCallsWhateverTheOrder() {
        Set<String> small = sampledIds(0.3);

        assertThat(small.size()).isBetween(40, 80);
    }

    /** Of 200 calls. */
    private Set<String> sampledIds(double share) {
        events.clear();
        OnlineScoring online =
                scoring().share(share).atMost(1_000, Duration.ofHours(1)).build();
        OnlineScoring again = OnlineScoring.builder(event -> {})
                .scorer(new Brief())
                .share(share)
                .atMost(1_000, Duration.ofHours(1))
                .build();
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.answering(request -> Answer.text("yes")))
                .interactionListener(online)
                .interactionListener(again)
                .build();
        for (int call = 0; call < 200; call++) {
            stack.chatModel().chat("question");
        }
        stack.close();
        online.close();
        again.close();
        assertThat(again.counts()).isEqualTo(online.counts());
        return events.stream()
                .map(event -> event.interactionId().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void countsCallsWithoutAnAnswerAndScoresNone() {
        OnlineScoring online = scoring().share(1).build();
        ScriptedChatModel broken =
                ScriptedChatModel.answering(request -> Answer.failure(new IllegalStateException("down")));
        ChatStack stack = ChatStack.builder()
                .chatModel(broken)
                .interactionListener(online)
                .build();

        try {
            stack.chatModel().chat("question");
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("down");
        }
        stack.close();
        online.close();

        assertThat(online.counts()).isEqualTo(new OnlineScoring.Counts(1, 1, 0, 0, 0, 0, 0));
        assertThat(events).isEmpty();
    }

    @Test
    void staysWithinTheBudgetOfEachPeriod() {
        OnlineScoring online =
                scoring().share(1).atMost(2, Duration.ofMinutes(1)).build();
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("yes"));

        ask(online, model, 5);
        clock.advance(Duration.ofMinutes(1));
        ask(online, model, 1);
        online.close();

        assertThat(online.counts().scored()).isEqualTo(3);
        assertThat(online.counts().overBudget()).isEqualTo(3);
    }

    @Test
    void tellsOfAScorerThatThrowsAndGoesOn() {
        OnlineScoring online = OnlineScoring.builder(events::add)
                .scorer(new Throwing())
                .scorer(new Brief())
                .share(1)
                .clock(clock)
                .build();

        ask(online, ScriptedChatModel.answering(request -> Answer.text("yes")), 1);
        online.close();

        assertThat(events)
                .extracting(EvaluationEvent::errorType)
                .containsExactly("java.lang.IllegalStateException", null);
        assertThat(events.get(0).attributes())
                .containsEntry("error.type", "java.lang.IllegalStateException")
                .doesNotContainKey("gen_ai.evaluation.score.value");
        assertThat(online.counts().errors()).isEqualTo(1);
    }

    @Test
    void tellsOfPassagesThatCannotBeHad() {
        OnlineScoring online = scoring()
                .passages(source -> {
                    throw new IllegalStateException("the store is away");
                })
                .share(1)
                .build();
        askRetrieving(online, List.of("a"));

        assertThat(events).extracting(EvaluationEvent::errorType).containsExactly("java.lang.IllegalStateException");
        assertThat(online.counts().errors()).isEqualTo(1);
    }

    @Test
    void tellsOfAScorerThatAssertsOrNeverEnds() {
        OnlineScoring online = OnlineScoring.builder(events::add)
                .scorer(Runs.scorer("asserts", false, (evalCase, output) -> {
                    throw new AssertionError("no");
                }))
                .scorer(Runs.scorer("recurses", false, (evalCase, output) -> {
                    throw new StackOverflowError();
                }))
                .scorer(new Brief())
                .share(1)
                .clock(clock)
                .build();

        ask(online, ScriptedChatModel.saying("yes"), 1);
        online.close();

        assertThat(events)
                .extracting(EvaluationEvent::errorType)
                .containsExactly("java.lang.AssertionError", "java.lang.StackOverflowError", null);
    }

    /** Such as one whose library is not on the class path: it must not cost the scores of the others. */
    @Test
    void tellsOfAScorerThatLacksAClass() {
        OnlineScoring online = OnlineScoring.builder(events::add)
                .scorer(Runs.scorer("lacks", false, (evalCase, output) -> {
                    throw new NoClassDefFoundError("library");
                }))
                .scorer(new Brief())
                .share(1)
                .clock(clock)
                .build();

        ask(online, ScriptedChatModel.saying("yes"), 1);
        online.close();

        assertThat(events)
                .extracting(EvaluationEvent::errorType)
                .containsExactly("java.lang.NoClassDefFoundError", null);
        assertThat(online.counts().errors()).isEqualTo(1);
    }

    @Test
    void takesABudgetForEver() {
        OnlineScoring online =
                scoring().share(1).atMost(2, ChronoUnit.FOREVER.getDuration()).build();

        ask(online, ScriptedChatModel.saying("yes"), 3);
        online.close();

        assertThat(online.counts().scored()).isEqualTo(2);
        assertThat(online.counts().overBudget()).isEqualTo(1);
    }

    @Test
    void neverMakesACallWaitForASlowScorer() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        OnlineScoring online = OnlineScoring.builder(event -> {
                    started.countDown();
                    awaitQuietly(goOn);
                })
                .scorer(new Brief())
                .share(1)
                .queue(1)
                .build();
        ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("yes"));

        ask(online, model, 1);
        started.await();
        ask(online, model, 4); // one waits, three find no room

        assertThat(online.counts().dropped()).isEqualTo(3);
        goOn.countDown();
        online.close();
    }

    @Test
    void aConsumerThatThrowsHarmsNobody() {
        OnlineScoring online = OnlineScoring.builder(event -> {
                    events.add(event);
                    throw new IllegalStateException("full");
                })
                .scorer(new Brief())
                .share(1)
                .build();

        ask(online, ScriptedChatModel.answering(request -> Answer.text("yes")), 2);
        online.close();

        assertThat(events).hasSize(2);
    }

    @Test
    void refusesBadSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnlineScoring.builder(events::add).build())
                .withMessage("scorers: none (expected: at least one scorer(...))");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scoring().share(0).build())
                .withMessage("share: 0.0 (expected: above 0 and up to 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scoring().share(Double.NaN).build())
                .withMessageContaining("share: NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scoring().scorer(new Brief()).build())
                .withMessageContaining("each name once");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scoring().atMost(1, Duration.ZERO).build())
                .withMessageContaining("period of atMost: PT0S");
    }

    private OnlineScoring.Builder scoring() {
        return OnlineScoring.builder(events::add).scorer(new Brief()).clock(clock);
    }

    /** One call for which these sources are found, best first. */
    private static void askRetrieving(OnlineScoring online, List<Object> sources) {
        ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("yes"))
                .layerBefore(Stage.AUGMENT, (call, next) -> {
                    call.trace().record("Retrieval", "found", Map.of("sources", sources), Duration.ZERO);
                    return next.proceed(call);
                })
                .interactionListener(online)
                .build();
        stack.chatModel().chat("question");
        stack.close();
        online.close();
    }

    private static void ask(OnlineScoring online, ScriptedChatModel model, int calls) {
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .workload("support")
                .interactionListener(online)
                .build();
        for (int call = 0; call < calls; call++) {
            stack.chatModel().chat("question");
        }
        stack.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Brief implements Scorer {
        @Override
        public String name() {
            return "short";
        }

        @Override
        public String fingerprint() {
            return "short:10";
        }

        @Override
        public boolean lossy() {
            return false;
        }

        @Override
        public Score score(EvalCase evalCase, Output output) {
            return Score.of(output.text().length() < 10);
        }
    }

    private static final class Throwing extends Brief {
        @Override
        public String name() {
            return "throwing";
        }

        @Override
        public Score score(EvalCase evalCase, Output output) {
            throw new IllegalStateException("unreadable");
        }
    }
}
