package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FeedbackTest {

    private static final UUID ID = Events.id(1);
    private static final Set<FeedbackKind> THUMBS = EnumSet.of(FeedbackKind.SATISFACTION);

    private final List<FeedbackEvent> events = new ArrayList<>();
    private final TestClock clock = new TestClock();
    private final Feedback feedback =
            Feedback.builder(events::add).users(UserIds.plain()).clock(clock).build();
    private final FeedbackTokens tokens =
            FeedbackTokens.builder().key("k1", Events.KEY).clock(clock).build();

    @Test
    void givesEachKindInOneCall() {
        feedback.on(ID)
                .thumbsUp()
                .thumbsDown()
                .rating(4, 1, 5)
                .correct(Correctness.Judge.OUTCOME)
                .partlyCorrect(Correctness.Judge.EXPERT, Correctness.Reason.INCOMPLETE)
                .incorrect(Correctness.Judge.VERIFIER, Correctness.Reason.WRONG)
                .correction("better")
                .preferredOver(Events.id(2), Preference.Shown.PREFERRED_FIRST)
                .adopted("cheap")
                .rejected(null)
                .relevant("doc-1")
                .irrelevant("doc-2")
                .missing("opening hours")
                .comment("fine")
                .copied()
                .accepted()
                .edited("one two", "one three")
                .readLong(Duration.ofSeconds(90));

        assertThat(events).hasSize(18).allSatisfy(event -> {
            assertThat(event.interactionId()).isEqualTo(ID);
            assertThat(event.time()).isEqualTo(clock.instant());
            assertThat(FeedbackEvent.fromJson(event.toJson())).isEqualTo(event);
        });
        assertThat(events.stream().map(FeedbackEvent::eventId)).doesNotHaveDuplicates();
        assertThat(events.stream().map(FeedbackEvent::kind))
                .containsAll(EnumSet.complementOf(EnumSet.of(FeedbackKind.INTERACTION, FeedbackKind.ERASURE)));
    }

    @Test
    void saysWhoAndWhenAndOnWhichOriginal() {
        feedback.on(ID).by("ann").answerFrom(Events.id(9)).at(Events.TIME).thumbsUp();

        EventInfo info = events.get(0).info();
        assertThat(info.user()).isEqualTo("ann");
        assertThat(info.answerFrom()).isEqualTo(Events.id(9));
        assertThat(info.time()).isEqualTo(Events.TIME);
    }

    @Test
    void refusesAPersonUnlessToldHowToStoreThem() {
        Feedback feedback = Feedback.to(events::add);

        assertThatThrownBy(() -> feedback.on(ID).by("ann"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("how to store people")
                .hasMessageNotContaining("ann");
        assertThat(events).isEmpty();
    }

    @Test
    void keepsWordsAsThePolicySays() {
        Feedback redacted = Feedback.builder(events::add)
                .texts(TextPolicy.redacted(text -> text.replace("ann", "***")))
                .build();
        redacted.on(ID).comment("call ann");
        Feedback.builder(events::add).texts(TextPolicy.none()).build().on(ID).correction("call ann");

        assertThat(((Comment) events.get(0)).text()).isEqualTo("call ***");
        assertThat(((Correction) events.get(1)).text()).isEmpty();
    }

    @Test
    void measuresHowMuchWasEdited() {
        feedback.on(ID)
                .edited("same", "same")
                .edited("abcd", "abxd")
                .edited("", "new")
                .edited("old", "")
                .edited("word ".repeat(20_000), "word ".repeat(20_000) + "not");

        assertThat(((Signal) events.get(0)).type()).isEqualTo(SignalType.ACCEPTED);
        assertThat(events.subList(1, 4))
                .extracting(event -> ((Signal) event).measure())
                .containsExactly(0.25, 1.0, 1.0);
        assertThat(((Signal) events.get(4)).type()).isEqualTo(SignalType.EDITED);
    }

    @Test
    void acceptsATokenForItsInteractionAndItsKinds() {
        String token = tokens.issue(ID, "ann", THUMBS, Duration.ofHours(1));

        feedback.on(ID, token, tokens).thumbsUp();

        assertThat(events.get(0).info().user()).isEqualTo("ann");
        assertThat(tokens.verify(token, ID, FeedbackKind.SATISFACTION).allowed())
                .isEqualTo(THUMBS);
        assertThat(token).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.refused()).isZero();
    }

    @Test
    void refusesATokenForAnotherInteractionKindOrTime() {
        String token = tokens.issue(ID, null, THUMBS, Duration.ofHours(1));

        assertRefused(token, Events.id(2), FeedbackKind.SATISFACTION, TokenRefused.Reason.OTHER_INTERACTION);
        assertRefused(token, ID, FeedbackKind.CORRECTNESS, TokenRefused.Reason.OTHER_KIND);
        AnswerFeedback given = feedback.on(ID, token, tokens);
        assertThatThrownBy(() -> given.correction("mine")).isInstanceOf(TokenRefused.class);
        clock.advance(Duration.ofHours(1));
        assertRefused(token, ID, FeedbackKind.SATISFACTION, TokenRefused.Reason.EXPIRED);
        assertThat(tokens.refused()).isEqualTo(4);
        assertThat(events).isEmpty();
    }

    @Test
    void refusesATokenOfWhichAnyBitWasChanged() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.issue(ID, "ann", THUMBS, Duration.ofHours(1)));
        for (int bit = 0; bit < token.length * 8; bit++) {
            token[bit / 8] ^= (byte) (1 << bit % 8);
            String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
            assertThatThrownBy(() -> tokens.verify(forged, ID, FeedbackKind.SATISFACTION))
                    .isInstanceOf(TokenRefused.class);
            token[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(tokens.refused()).isEqualTo(token.length * 8L);
    }

    @Test
    void refusesWhatIsNoTokenWithoutQuotingIt() {
        for (String text : List.of("", "a", "%%%%", "A".repeat(60), "A".repeat(10_000), "ann".repeat(20))) {
            assertThatThrownBy(() -> tokens.verify(text, ID, FeedbackKind.SATISFACTION))
                    .isInstanceOf(TokenRefused.class)
                    .message()
                    .doesNotContain("AAAA", "annann");
        }
    }

    @Test
    void acceptsTokensOfTheFormerKeyUntilItIsTakenOut() {
        String old = tokens.issue(ID, null, THUMBS, Duration.ofHours(1));
        byte[] fresh = new byte[32];
        FeedbackTokens rotated = FeedbackTokens.builder()
                .key("k2", fresh)
                .key("k1", Events.KEY)
                .clock(clock)
                .build();
        FeedbackTokens later =
                FeedbackTokens.builder().key("k2", fresh).clock(clock).build();

        assertThat(rotated.verify(old, ID, FeedbackKind.SATISFACTION).interactionId())
                .isEqualTo(ID);
        assertThat(later.verify(rotated.issue(ID, null, THUMBS, Duration.ofHours(1)), ID, FeedbackKind.SATISFACTION)
                        .user())
                .isNull();
        assertThatThrownBy(() -> later.verify(old, ID, FeedbackKind.SATISFACTION))
                .isInstanceOfSatisfying(TokenRefused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(TokenRefused.Reason.UNKNOWN_KEY));
    }

    @Test
    void aTokenHoldsForAsLongAsItWasIssuedForAlsoForLessThanASecond() {
        clock.advance(Duration.ofMillis(900));
        String token = tokens.issue(ID, null, THUMBS, Duration.ofMillis(500));

        clock.advance(Duration.ofMillis(499));
        assertThat(tokens.verify(token, ID, FeedbackKind.SATISFACTION).interactionId())
                .isEqualTo(ID);
        clock.advance(Duration.ofSeconds(1));
        assertRefused(token, ID, FeedbackKind.SATISFACTION, TokenRefused.Reason.EXPIRED);
    }

    @Test
    void issuesNoTokenThatItWouldNotTake() {
        String longest = "a".repeat(2_900);
        tokens.verify(tokens.issue(ID, longest, THUMBS, Duration.ofHours(1)), ID, FeedbackKind.SATISFACTION);

        assertThatThrownBy(() -> tokens.issue(ID, "a".repeat(4_000), THUMBS, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user: 4000 characters")
                .hasMessageNotContaining("aaa");
        assertThatThrownBy(() -> tokens.issue(ID, null, THUMBS, Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("validity");
    }

    @Test
    void eachEventHasTheTimeAtWhichItWasGivenUnlessTold() {
        AnswerFeedback given = feedback.on(ID);
        Instant begun = clock.instant();
        clock.advance(Duration.ofHours(1));
        given.thumbsUp().at(begun).thumbsDown();

        assertThat(events).extracting(FeedbackEvent::time).containsExactly(begun.plus(Duration.ofHours(1)), begun);
    }

    @Test
    void refusesShortKeysAndTokensThatAllowTooMuch() {
        assertThatThrownBy(() -> FeedbackTokens.signedWith("k", new byte[16])).hasMessageContaining("16 bytes");
        assertThatThrownBy(() -> tokens.issue(ID, null, EnumSet.of(FeedbackKind.ERASURE), Duration.ofHours(1)))
                .hasMessageContaining("neither INTERACTION nor ERASURE");
        assertThatThrownBy(() -> tokens.issue(ID, null, THUMBS, Duration.ZERO)).hasMessageContaining("validity");
    }

    private void assertRefused(String token, UUID id, FeedbackKind kind, TokenRefused.Reason reason) {
        long before = tokens.refused(reason);
        assertThatThrownBy(() -> tokens.verify(token, id, kind))
                .isInstanceOfSatisfying(TokenRefused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(reason));
        assertThat(tokens.refused(reason)).isEqualTo(before + 1);
    }
}
