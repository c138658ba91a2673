package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {

    private int number;
    private Instant time = Events.TIME;

    @Test
    void findsTheSameQuestionAskedAgain() {
        List<Signal> signals = signals(asked("s", "When do you close?"), asked("s", "When do you close? "));

        assertThat(signals).singleElement().satisfies(signal -> {
            assertThat(signal.type()).isEqualTo(SignalType.REGENERATED);
            assertThat(signal.interactionId()).isEqualTo(Events.id(1));
            assertThat(signal.followedBy()).isEqualTo(Events.id(2));
        });
    }

    @Test
    void readsWordsThatAreRepeatedWithoutEnd() {
        for (String word : List.of("ok ", "sorry, ", "that is just just ", "perfect! ", "it is totally ")) {
            assertThat(signals(asked("s", "When do you close?"), asked("s", word.repeat(50_000) + "wrong")))
                    .hasSizeLessThan(2);
        }
    }

    @Test
    void findsNothingAcrossPeopleWhoseSessionsHaveTheSameName() {
        InteractionEvent first = asked("default", "When do you close?");
        InteractionEvent other = of(asked("default", "When do you close?"), "zebra", null);
        InteractionEvent third = of(asked("default", "When do you close?"), "acme", "u:bob");

        assertThat(signals(first, other, third)).isEmpty();
    }

    @Test
    void findsNothingWhereAClockWentBackForHours() {
        InteractionEvent now = asked("s", "When do you close?");
        time = time.minus(Duration.ofHours(3));

        assertThat(signals(now, asked("s", "When do you close?"))).isEmpty();
    }

    @Test
    void remembersTheLastWordsOfAMillionSessionsInBoundedMemory() {
        Detectors.Sessions sessions = Detectors.standard().sessions();
        String long10k = "x".repeat(10_000);
        InteractionEvent one = asked("s", long10k);
        for (int i = 0; i < 1_000_000; i++) {
            sessions.next(inSession(one, i));
        }

        assertThat(sessions.remembered()).isBetween(100, 10_000);
        assertThat(sessions.characters()).isLessThanOrEqualTo(16_000_000);
    }

    @Test
    void findsTheSameQuestionInHashedTextsToo() {
        InteractionEvent one = texts(asked("s", "hash"), InteractionEvent.Texts.HASHED);
        InteractionEvent other = texts(asked("s", "hash"), InteractionEvent.Texts.HASHED);

        assertThat(signals(one, other)).extracting(Signal::type).containsExactly(SignalType.REGENERATED);
    }

    @Test
    void findsTheSameQuestionInOtherWords() {
        List<Signal> signals = signals(
                asked("s", "How can I return a broken kettle?"), asked("s", "returning a kettle that is broken, how?"));

        assertThat(signals).extracting(Signal::type).containsExactly(SignalType.REPHRASED);
        assertThat(signals.get(0).measure()).isBetween(0.5, 1.0);
    }

    @Test
    void findsNothingInAnotherQuestion() {
        assertThat(signals(asked("s", "How can I return a kettle?"), asked("s", "When does the shop open on Sunday?")))
                .isEmpty();
    }

    @Test
    void findsNothingAcrossSessionsTurnsOrHours() {
        assertThat(signals(asked("s", "When do you close?"), asked("other", "When do you close?")))
                .isEmpty();
        InteractionEvent late = asked("s", "When do you close?");
        time = time.plus(Duration.ofHours(1));
        assertThat(signals(late, asked("s", "When do you close?"))).isEmpty();
        InteractionEvent round = asked("s", "When do you close?");
        assertThat(signals(round, sameTurn(round))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No, I meant the other one",
                "no. that's the old price",
                "That is wrong.",
                "that\u2019s not what I asked",
                "Sorry, but that is just wrong",
                "thanks, but that's incorrect",
                "Wrong!",
                "I meant the blue one",
                "you misunderstood me",
                "This isn't right",
                "Not what I wanted"
            })
    void findsWordsAgainstAnAnswer(String words) {
        assertThat(signals(asked("s", "Which kettle is red?"), asked("s", words)))
                .extracting(Signal::type)
                .containsExactly(SignalType.CORRECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No problem, what about Sunday?",
                "No worries",
                "Is that wrong?",
                "What is wrong with my kettle?",
                "Not bad. And on Monday?",
                "Nothing else",
                "The wrong kettle came",
                "no, thanks",
                "Notwithstanding that, go on",
                "Is it not right that it leaks?"
            })
    void doesNotTakeOtherWordsForACorrection(String words) {
        assertThat(signals(asked("s", "Which one boils fastest?"), asked("s", words)))
                .extracting(Signal::type)
                .doesNotContain(SignalType.CORRECTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Thanks, that works | THANKED",
                "Great, thank you! | THANKED",
                "perfect | THANKED",
                "Thanks but it does not fit |",
                "thankless task, isn't it |",
                "Perfect, however it leaks |"
            })
    void findsThanks(String words, SignalType type) {
        List<SignalType> found = signals(asked("s", "Which one boils fastest?"), asked("s", words)).stream()
                .map(Signal::type)
                .toList();

        assertThat(found).isEqualTo(type == null ? List.of() : List.of(type));
    }

    @Test
    void findsAStreamThatItsReaderStopped() {
        InteractionEvent stopped = stopped("the begin");

        assertThat(signals(stopped)).singleElement().satisfies(signal -> {
            assertThat(signal.type()).isEqualTo(SignalType.ABANDONED);
            assertThat(signal.measure()).isEqualTo(9.0);
        });
    }

    @Test
    void addsSignalsToWhatItPassesOnAndTheSameOnesAgainWhenItIsAskedAgain() {
        List<FeedbackEvent> events = new ArrayList<>();
        FeedbackSink sink = Detectors.standard().before(events::add);
        List<FeedbackEvent> session = List.of(asked("s", "When do you close?"), asked("s", "When do you close?"));

        sink.acceptAll(session);
        sink.acceptAll(session);

        assertThat(events).hasSize(6);
        assertThat(events.stream().map(FeedbackEvent::eventId).distinct()).hasSize(3);
        assertThat(events.subList(0, 3)).isEqualTo(events.subList(3, 6));
        assertThat(events.get(2).eventId())
                .isEqualTo(signals((InteractionEvent) session.get(0), (InteractionEvent) session.get(1))
                        .get(0)
                        .eventId());
    }

    @Test
    void labelsOnlyWhatTwoFamiliesAgreeOn() {
        Labeler labeler = Labeler.standard();

        assertThat(labeler.label(List.of())).isEmpty();
        assertThat(labeler.label(signalsOf(SignalType.COPIED, SignalType.ACCEPTED)))
                .isEmpty();
        assertThat(labeler.label(signalsOf(SignalType.CORRECTED, SignalType.REGENERATED, SignalType.REPHRASED)))
                .isEmpty();
        assertThat(labeler.label(signalsOf(SignalType.COPIED, SignalType.THANKED)))
                .contains(new SignalLabel(true, 0.55, Set.of(SignalFamily.USE, SignalFamily.NEXT_MESSAGE)));
        assertThat(labeler.label(signalsOf(SignalType.ABANDONED, SignalType.REGENERATED)))
                .hasValueSatisfying(label -> assertThat(label.good()).isFalse());
    }

    @Test
    void leavesUnlabelledWhatFamiliesDisagreeOn() {
        Labeler labeler = Labeler.standard();

        assertThat(labeler.label(signalsOf(SignalType.COPIED, SignalType.CORRECTED)))
                .isEmpty();
        assertThat(labeler.label(signalsOf(SignalType.COPIED, SignalType.THANKED, SignalType.ABANDONED)))
                .isEmpty();
        assertThat(labeler.label(signalsOf(SignalType.THANKED, SignalType.CORRECTED, SignalType.COPIED)))
                .isEmpty();
    }

    @Test
    void takesLongReadingForNothingUnlessAWorkloadSaysSo() {
        assertThat(Labeler.standard().label(signalsOf(SignalType.COPIED, SignalType.READ_LONG)))
                .isEmpty();
        assertThat(Labeler.with(SignalStrengths.defaults().with(SignalType.READ_LONG, 0.3))
                        .label(signalsOf(SignalType.COPIED, SignalType.READ_LONG)))
                .isPresent();
        assertThat(SignalType.READ_LONG.isAmbiguous()).isTrue();
    }

    @Test
    void anEditSaysTheLessTheMoreWasChanged() {
        SignalStrengths strengths = SignalStrengths.defaults();

        assertThat(strengths.of(edited(0.0))).isEqualTo(0.8);
        assertThat(strengths.of(edited(0.5))).isZero();
        assertThat(strengths.of(edited(1.0))).isEqualTo(-0.8);
        assertThatThrownBy(() -> strengths.with(SignalType.COPIED, 2)).hasMessageContaining("expected: -1 to 1");
    }

    @Test
    void thumbsDoNotMakeALabel() {
        assertThat(Labeler.standard()
                        .label(List.of(
                                Satisfaction.thumb(Events.info(Events.id(1)), true),
                                new Signal(Events.info(Events.id(1)), SignalType.COPIED, null, null))))
                .isEmpty();
    }

    private static List<Signal> signalsOf(SignalType... types) {
        List<Signal> signals = new ArrayList<>();
        for (SignalType type : types) {
            signals.add(new Signal(Events.info(Events.id(1)), type, null, null));
        }
        return signals;
    }

    private static Signal edited(double distance) {
        return new Signal(Events.info(Events.id(1)), SignalType.EDITED, distance, null);
    }

    private static List<Signal> signals(InteractionEvent... interactions) {
        return Detectors.standard().in(List.of(interactions).stream()).toList();
    }

    private InteractionEvent asked(String session, String question) {
        number++;
        time = time.plusSeconds(20);
        InteractionEvent event = Events.interaction(Events.id(number), time, "w", null, question, "an answer");
        return changed(
                event,
                event.context().toBuilder().session(session).turn("t" + number).build(),
                InteractionEvent.Texts.FULL,
                Outcome.ANSWERED,
                null);
    }

    private static InteractionEvent of(InteractionEvent event, String tenant, String user) {
        return Events.with(
                event, event.context().toBuilder().tenant(tenant).user(user).build(), event.info());
    }

    private static InteractionEvent inSession(InteractionEvent event, int number) {
        EventInfo info =
                new EventInfo(Events.id(number), event.time(), event.info().source(), Events.id(number), null, null);
        CallContext context =
                CallContext.builder().session("s" + number).turn("t" + number).build();
        return Events.with(event, context, info);
    }

    private InteractionEvent sameTurn(InteractionEvent event) {
        InteractionEvent next = asked("s", event.question().text());
        return changed(next, event.context(), next.texts(), next.outcome(), null);
    }

    private InteractionEvent stopped(String released) {
        InteractionEvent event = asked("s", "Tell me more");
        return changed(
                event,
                event.context(),
                event.texts(),
                Outcome.CANCELLED,
                InteractionEvent.Message.of(InteractionEvent.Role.ASSISTANT, released));
    }

    private static InteractionEvent texts(InteractionEvent event, InteractionEvent.Texts texts) {
        return changed(event, event.context(), texts, event.outcome(), null);
    }

    private static InteractionEvent changed(
            InteractionEvent event,
            CallContext context,
            InteractionEvent.Texts texts,
            Outcome outcome,
            InteractionEvent.Message released) {
        return new InteractionEvent(
                event.info(),
                context,
                event.consent(),
                outcome,
                event.streaming(),
                event.servedBy(),
                event.fingerprint(),
                event.latency(),
                null,
                event.usage(),
                null,
                null,
                event.decisions(),
                texts,
                event.request(),
                released == null ? event.answer() : null,
                released);
    }
}
