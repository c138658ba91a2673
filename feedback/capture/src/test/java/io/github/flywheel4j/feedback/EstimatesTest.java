package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Outcome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimatesTest {

    @TempDir
    Path folder;

    private JsonLinesSink sink;
    private int number;

    @BeforeEach
    void open() {
        sink = JsonLinesSink.builder(folder).flush(FlushPolicy.none()).build();
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void hasNoRateOfNothingAndSaysSo() {
        FeedbackReport report = report();

        assertThat(report.interactions()).isZero();
        assertThat(report.satisfaction().observed()).isNull();
        assertThat(report.satisfaction().weighted()).isNull();
        assertThat(report.satisfaction().note()).isEqualTo("no interactions");
        assertThat(report.satisfaction().coverage()).isZero();
        assertThat(report.warnings()).isEmpty();
        assertThat(report.unused()).isEqualTo(new UnusedFeedback(0, null, null));
    }

    @Test
    void countsAllInteractionsWhereNobodyRates() {
        for (int i = 0; i < 30; i++) {
            asked("acme", Outcome.ANSWERED, 100);
        }

        FeedbackReport report = report();

        assertThat(report.interactions()).isEqualTo(30);
        assertThat(report.satisfaction().denominator()).isZero();
        assertThat(report.satisfaction().observed()).isNull();
        assertThat(report.satisfaction().weighted()).isNull();
        assertThat(report.satisfaction().note()).isEqualTo("nothing is known of any of them");
        assertThat(report.satisfaction().contrasts()).isEmpty();
    }

    @Test
    void hasNothingToWeighWhereEverybodyRates() {
        for (int i = 0; i < 40; i++) {
            rate(asked("acme", Outcome.ANSWERED, 100), i % 4 != 0);
        }

        RateEstimate satisfaction = report().satisfaction();

        assertThat(satisfaction.numerator()).isEqualTo(30);
        assertThat(satisfaction.coverage()).isEqualTo(1);
        assertThat(satisfaction.observed().estimate()).isEqualTo(0.75);
        assertThat(satisfaction.weighted()).isNull();
        assertThat(satisfaction.note()).isEqualTo("all are known, so there is nothing to weigh");
    }

    @Test
    void doesNotWeighAHandful() {
        for (int i = 0; i < 100; i++) {
            UUID id = asked("acme", Outcome.ANSWERED, 100);
            if (i % 10 == 0) {
                rate(id, true);
            }
        }

        RateEstimate satisfaction = report().satisfaction();

        assertThat(satisfaction.denominator()).isEqualTo(10);
        assertThat(satisfaction.observed().low()).isBetween(0.6, 0.8);
        assertThat(satisfaction.weighted()).isNull();
        assertThat(satisfaction.note()).contains("fewer than 20 are known");
    }

    @Test
    void isNotSureOfARateOfOneKindOnly() {
        for (int i = 0; i < 300; i++) {
            UUID id = asked(i % 2 == 0 ? "acme" : "bolt", Outcome.ANSWERED, 100);
            if (i % 4 == 0) {
                rate(id, true);
            }
        }

        RateEstimate satisfaction = report().satisfaction();

        assertThat(satisfaction.weighted().interval().estimate()).isEqualTo(1);
        assertThat(satisfaction.weighted().interval().low()).isBetween(0.85, 0.99);
        assertThat(satisfaction.note()).contains("alike");
    }

    /** Content acme rates each second answer, bolt each tenth; half of the answers are each one's. */
    @Test
    void weighsThoseWhoRarelyRate() {
        sometimesRated();

        RateEstimate satisfaction = report().satisfaction();

        assertThat(satisfaction.observed().estimate()).isCloseTo(0.7, within(0.04));
        assertThat(satisfaction.weighted().interval().estimate()).isCloseTo(0.5, within(0.05));
        assertThat(satisfaction.weighted().interval().contains(0.5)).isTrue();
        assertThat(satisfaction.observed().contains(0.5)).isFalse();
        assertThat(satisfaction.weighted().effectiveSize()).isLessThan((double) satisfaction.denominator());
        assertThat(satisfaction.weighted().doublyRobust()).isFalse();
    }

    /** Who rates can be told for certain, so no weight is right, and none may be infinite. */
    @Test
    void isFiniteWhereItIsCertainWhoRates() {
        for (int i = 0; i < 400; i++) {
            boolean acme = i % 2 == 0;
            UUID id = asked(acme ? "acme" : "bolt", Outcome.ANSWERED, 100);
            if (acme) {
                rate(id, i % 3 != 0);
            }
        }

        RateEstimate satisfaction = report().satisfaction();

        assertThat(satisfaction.weighted().interval().estimate()).isBetween(0.0, 1.0);
        assertThat(satisfaction.weighted().interval().low()).isBetween(0.0, 1.0);
        assertThat(satisfaction.weighted().interval().high()).isBetween(0.0, 1.0);
        assertThat(satisfaction.weighted().effectiveSize()).isBetween(1.0, 200.0);
        assertThat(report().warnings()).anyMatch(warning -> warning.contains("tenant"));
    }

    @Test
    void tellsHowTheRatedDifferFromTheOthers() {
        sometimesRated();

        FeedbackReport report = report();

        assertThat(report.satisfaction().contrasts().get(0).what()).startsWith("tenant ");
        Contrast acme = report.satisfaction().contrasts().stream()
                .filter(each -> each.what().equals("tenant acme"))
                .findFirst()
                .orElseThrow();
        assertThat(acme.known()).isCloseTo(5 / 6.0, within(0.02));
        assertThat(acme.unknown()).isCloseTo(5 / 14.0, within(0.02));
        assertThat(acme.difference()).isGreaterThan(0.5);
        assertThat(report.warnings()).anyMatch(warning -> warning.startsWith("the rated are not like the others"));
        assertThat(report.toString()).contains("liked: ", "right: ", "warning: ");
    }

    @Test
    void anApplicationsFeatureCorrectsWhatTheLibraryDoesNotKnow() {
        Map<UUID, Double> years = new HashMap<>();
        var random = new SplittableRandom(5);
        for (int i = 0; i < 2_000; i++) {
            UUID id = asked("acme", Outcome.ANSWERED, 100);
            boolean longCustomer = i % 2 == 0;
            years.put(id, longCustomer ? 1.0 : 0.0);
            if (random.nextDouble() < (longCustomer ? 0.4 : 0.1)) {
                rate(id, random.nextDouble() < (longCustomer ? 0.8 : 0.2));
            }
        }

        RateEstimate without = report().satisfaction();
        RateEstimate with = Estimates.builder(() -> new SplittableRandom(1))
                .feature("years", event -> years.get(event.interactionId()))
                .build()
                .of(store(), InteractionQuery.all())
                .satisfaction();

        assertThat(without.weighted().interval().contains(0.5)).isFalse();
        assertThat(with.weighted().interval().contains(0.5)).isTrue();
        assertThat(with.contrasts().get(0).what()).isEqualTo("years");
    }

    @Test
    void aJudgeMakesItDoublyRobust() {
        sometimesRated();

        RateEstimate satisfaction = Estimates.builder(() -> new SplittableRandom(1))
                .judge(event -> "acme".equals(event.context().tenant()) ? 0.75 : 0.2)
                .build()
                .of(store(), InteractionQuery.all())
                .satisfaction();

        assertThat(satisfaction.weighted().doublyRobust()).isTrue();
        assertThat(satisfaction.weighted().interval().contains(0.5)).isTrue();
    }

    @Test
    void equalEventsGiveEqualReports() {
        sometimesRated();

        assertThat(report()).isEqualTo(report());
    }

    @Test
    void theLastRatingOfAnAnswerCountsAndScalesHaveAThreshold() {
        UUID changed = asked("acme", Outcome.ANSWERED, 100);
        Feedback feedback = Feedback.to(sink);
        feedback.on(changed).at(Events.TIME.plusSeconds(60)).thumbsDown();
        feedback.on(changed).at(Events.TIME).thumbsUp();
        feedback.on(asked("acme", Outcome.ANSWERED, 100)).rating(4, 1, 5);
        feedback.on(asked("acme", Outcome.ANSWERED, 100)).rating(3, 1, 5);

        assertThat(report().satisfaction().numerator()).isEqualTo(1);
        assertThat(report().satisfaction().denominator()).isEqualTo(3);
        assertThat(Estimates.builder(() -> new SplittableRandom(1))
                        .likedFrom(0.5)
                        .build()
                        .of(store(), InteractionQuery.all())
                        .satisfaction()
                        .numerator())
                .isEqualTo(2);
    }

    @Test
    void verdictsThatDisagreeAreNotKnown() {
        Feedback feedback = Feedback.builder(sink).users(UserIds.plain()).build();
        UUID agreed = asked("acme", Outcome.ANSWERED, 100);
        UUID disputed = asked("acme", Outcome.ANSWERED, 100);
        UUID partly = asked("acme", Outcome.ANSWERED, 100);
        asked("acme", Outcome.ANSWERED, 100);
        feedback.on(agreed).by("ann").correct(Correctness.Judge.EXPERT);
        feedback.on(agreed).by("bob").correct(Correctness.Judge.EXPERT);
        feedback.on(disputed).by("ann").correct(Correctness.Judge.EXPERT);
        feedback.on(disputed).by("bob").incorrect(Correctness.Judge.EXPERT, Correctness.Reason.WRONG);
        feedback.on(partly).by("ann").partlyCorrect(Correctness.Judge.EXPERT, Correctness.Reason.INCOMPLETE);

        FeedbackReport report = report();

        assertThat(report.correctness().numerator()).isEqualTo(1);
        assertThat(report.correctness().denominator()).isEqualTo(2);
        assertThat(report.undecided()).isEqualTo(1);
        assertThat(report.satisfaction().denominator()).isZero();
        assertThat(report.agreement().answers()).isEqualTo(2);
        assertThat(report.agreement().raters()).isEqualTo(2);
    }

    @Test
    void warnsWhenComplaintsFallSilent() {
        halves(40, 20, 40, 2);

        assertThat(report().trend().complaintsFallSilent()).isTrue();
        assertThat(report().warnings()).anyMatch(warning -> warning.contains("people may have given up"));
    }

    @Test
    void doesNotWarnWhenPraiseTakesTheirPlaceOrItIsChance() {
        halves(20, 40, 60, 5);
        assertThat(report().trend().complaintsFallSilent()).isFalse();

        assertThat(new FeedbackTrend(new FeedbackTrend.Half(200, 10, 6), new FeedbackTrend.Half(200, 10, 4))
                        .complaintsFallSilent())
                .isFalse();
        assertThat(new FeedbackTrend(new FeedbackTrend.Half(0, 0, 0), new FeedbackTrend.Half(0, 0, 0))
                        .complaintsFallSilent())
                .isFalse();
    }

    @Test
    void tellsHowLongFeedbackWaits() {
        Feedback feedback = Feedback.to(sink);
        UUID id = asked("acme", Outcome.ANSWERED, 100);
        feedback.on(id).at(Events.TIME).thumbsDown();
        feedback.on(id).at(Events.TIME.plus(Duration.ofDays(1))).correction("better");
        feedback.on(id).at(Events.TIME.plus(Duration.ofDays(2))).comment("why?");
        feedback.on(id).at(Events.TIME).copied();
        Clock later = Clock.fixed(Events.TIME.plus(Duration.ofDays(10)), ZoneOffset.UTC);

        UnusedFeedback unused = Estimates.builder(() -> new SplittableRandom(1))
                .clock(later)
                .build()
                .of(store(), InteractionQuery.all())
                .unused();
        UnusedFeedback rest = Estimates.builder(() -> new SplittableRandom(1))
                .clock(later)
                .used(event -> event instanceof Satisfaction)
                .build()
                .of(store(), InteractionQuery.all())
                .unused();

        assertThat(unused).isEqualTo(new UnusedFeedback(3, Duration.ofDays(10), Duration.ofDays(9)));
        assertThat(rest).isEqualTo(new UnusedFeedback(2, Duration.ofDays(9), Duration.ofDays(9)));
    }

    @Test
    void looksOnlyAtTheInteractionsOfTheQuery() {
        rate(asked("acme", Outcome.ANSWERED, 100), true);
        rate(asked("bolt", Outcome.ANSWERED, 100), false);

        FeedbackReport acme = Estimates.with(() -> new SplittableRandom(1))
                .of(store(), InteractionQuery.all().tenant("acme"));

        assertThat(acme.satisfaction().numerator()).isEqualTo(1);
        assertThat(acme.satisfaction().denominator()).isEqualTo(1);
        assertThat(acme.unused().events()).isEqualTo(1);
    }

    @Test
    void refusesSettingsOutOfTheirRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Estimates.builder(() -> new SplittableRandom(1))
                        .level(1)
                        .build())
                .withMessageContaining("level: 1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> Estimates.builder(() -> new SplittableRandom(1))
                .resamples(99)
                .build());
        assertThatIllegalArgumentException().isThrownBy(() -> Estimates.builder(() -> new SplittableRandom(1))
                .leastPropensity(0)
                .build());
        assertThatIllegalArgumentException().isThrownBy(() -> Estimates.builder(() -> new SplittableRandom(1))
                .likedFrom(0)
                .build());
        asked("acme", Outcome.ANSWERED, 100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Estimates.builder(() -> new SplittableRandom(1))
                        .feature("age", event -> Double.NaN)
                        .build()
                        .of(store(), InteractionQuery.all()))
                .withMessageContaining("age: NaN");
    }

    private void sometimesRated() {
        var random = new SplittableRandom(11);
        for (int i = 0; i < 2_000; i++) {
            boolean acme = i % 2 == 0;
            UUID id = asked(acme ? "acme" : "bolt", Outcome.ANSWERED, 50 + random.nextInt(500));
            if (i % (acme ? 4 : 20) == (acme ? 0 : 1)) {
                rate(id, random.nextDouble() < (acme ? 0.8 : 0.2));
            }
        }
    }

    private void halves(int likedBefore, int dislikedBefore, int likedAfter, int dislikedAfter) {
        List<int[]> halves = List.of(new int[] {likedBefore, dislikedBefore}, new int[] {likedAfter, dislikedAfter});
        for (int[] half : halves) {
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ids.add(asked("acme", Outcome.ANSWERED, 100));
            }
            for (int i = 0; i < half[0] + half[1]; i++) {
                rate(ids.get(i), i < half[0]);
            }
        }
    }

    private UUID asked(String tenant, Outcome outcome, int length) {
        InteractionEvent like = Events.interaction(++number);
        InteractionEvent.Message answer = new InteractionEvent.Message(
                InteractionEvent.Role.ASSISTANT, null, length, null, List.of(), null, List.of());
        sink.accept(new InteractionEvent(
                like.info(),
                CallContext.builder()
                        .workload("support")
                        .tenant(tenant)
                        .session("session-" + number)
                        .build(),
                Consent.RECORD,
                outcome,
                false,
                "model",
                "f1",
                like.latency(),
                null,
                null,
                null,
                null,
                List.of(),
                InteractionEvent.Texts.NONE,
                like.request(),
                answer,
                null));
        return like.interactionId();
    }

    private void rate(UUID id, boolean up) {
        sink.accept(Satisfaction.thumb(Events.info(id), up));
    }

    private FeedbackStore store() {
        return sink.store(UserIds.none());
    }

    private FeedbackReport report() {
        return Estimates.builder(() -> new SplittableRandom(1))
                .clock(Clock.fixed(Events.TIME, ZoneOffset.UTC))
                .build()
                .of(store(), InteractionQuery.all());
    }
}
