package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.feedback.Correctness.Judge;
import io.github.flywheel4j.feedback.Correctness.Reason;
import io.github.flywheel4j.feedback.Correctness.Verdict;
import io.github.flywheel4j.feedback.RaterAgreement.Grade;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsensusTest {

    @Test
    void decidesOnlyWhatTwoPeopleAgreeOn() {
        Consensus both = Consensus.unanimous(2);

        assertThat(both.verdict(List.of(said("ann", Verdict.CORRECT), said("bob", Verdict.CORRECT))))
                .contains(Verdict.CORRECT);
        assertThat(both.verdict(List.of(said("ann", Verdict.CORRECT), said("bob", Verdict.INCORRECT))))
                .isEmpty();
        assertThat(both.verdict(List.of(said("ann", Verdict.PARTLY), said("bob", Verdict.INCORRECT))))
                .isEmpty();
        assertThat(both.verdict(List.of(said("ann", Verdict.CORRECT)))).isEmpty();
        assertThat(both.verdict(List.of())).isEmpty();
    }

    @Test
    void aMajorityIsMoreThanHalf() {
        Consensus majority = Consensus.majority(1);

        assertThat(majority.verdict(List.of(said("ann", Verdict.CORRECT)))).contains(Verdict.CORRECT);
        assertThat(majority.verdict(List.of(said("ann", Verdict.CORRECT), said("bob", Verdict.INCORRECT))))
                .isEmpty();
        assertThat(majority.verdict(List.of(
                        said("ann", Verdict.CORRECT), said("bob", Verdict.INCORRECT), said("eve", Verdict.INCORRECT))))
                .contains(Verdict.INCORRECT);
        assertThat(Consensus.of(3, 0.75)
                        .verdict(List.of(
                                said("ann", Verdict.CORRECT),
                                said("bob", Verdict.INCORRECT),
                                said("eve", Verdict.INCORRECT))))
                .isEmpty();
    }

    @Test
    void whoeverSaysItTwiceHasOneVoiceTheLast() {
        Correctness first = said("ann", Verdict.CORRECT);
        Correctness later = new Correctness(
                new EventInfo(UUID.randomUUID(), Events.TIME.plusSeconds(60), "test", Events.id(1), null, "ann"),
                Verdict.INCORRECT,
                Judge.EXPERT,
                Reason.WRONG,
                null);

        assertThat(Consensus.unanimous(2).verdict(List.of(first, later))).isEmpty();
        assertThat(Consensus.majority(1).verdict(List.of(later, first))).contains(Verdict.INCORRECT);
    }

    @Test
    void whoIsNotNamedIsAVoiceOfTheirOwn() {
        assertThat(Consensus.unanimous(2).verdict(List.of(said(null, Verdict.PARTLY), said(null, Verdict.PARTLY))))
                .contains(Verdict.PARTLY);
    }

    @Test
    void ratingsOfTasteAreNoVoices() {
        assertThat(Consensus.majority(1).verdict(List.of(Satisfaction.thumb(Events.info(Events.id(1)), true))))
                .isEmpty();
    }

    @Test
    void namesAReasonOnlyIfAllDo() {
        EventInfo info = Events.info(Events.id(1));
        Consensus both = Consensus.unanimous(2);

        assertThat(both.correctness(
                        info, Judge.EXPERT, List.of(wrong("ann", Reason.INCOMPLETE), wrong("bob", Reason.INCOMPLETE))))
                .hasValueSatisfying(verdict -> assertThat(verdict.reason()).isEqualTo(Reason.INCOMPLETE));
        assertThat(both.correctness(
                        info, Judge.EXPERT, List.of(wrong("ann", Reason.INCOMPLETE), wrong("bob", Reason.STYLE))))
                .hasValueSatisfying(verdict -> assertThat(verdict.reason()).isNull());
    }

    @Test
    void refusesSharesThatTwoVerdictsCouldHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Consensus.of(2, 0.5))
                .withMessage("share: 0.5 (expected: above 0.5, up to 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> Consensus.unanimous(0));
    }

    /** Two raters of four answers; by hand: alpha 1 where they always agree, kappa 0 where one is chance. */
    @Test
    void measuresHowFarRatersAgree() {
        List<List<Grade>> same = IntStream.range(0, 60)
                .mapToObj(i -> List.of(new Grade("ann", i % 3), new Grade("bob", i % 3)))
                .toList();
        RaterAgreement agreement = RaterAgreement.of(same, 0.95, new SplittableRandom(1));

        assertThat(agreement.answers()).isEqualTo(60);
        assertThat(agreement.raters()).isEqualTo(2);
        assertThat(agreement.alpha().estimate()).isCloseTo(1, within(1e-12));
        assertThat(agreement.weightedKappa().estimate()).isCloseTo(1, within(1e-12));

        List<List<Grade>> chance = IntStream.range(0, 80)
                .mapToObj(i -> List.of(new Grade("ann", i % 2), new Grade("bob", i / 2 % 2)))
                .toList();
        assertThat(RaterAgreement.of(chance, 0.95, new SplittableRandom(1))
                        .weightedKappa()
                        .estimate())
                .isCloseTo(0, within(1e-12));
    }

    @Test
    void takesKappaOfThePairWithMostInCommon() {
        List<List<Grade>> answers = List.of(
                List.of(new Grade("ann", 1), new Grade("bob", 1), new Grade("eve", 0)),
                List.of(new Grade("ann", 0), new Grade("bob", 0)),
                List.of(new Grade("ann", 2), new Grade("bob", 2)),
                List.of(new Grade("eve", 2), new Grade("bob", 0)));

        RaterAgreement agreement = RaterAgreement.of(answers, 0.95, new SplittableRandom(1));

        assertThat(agreement.raters()).isEqualTo(3);
        assertThat(agreement.weightedKappa().estimate()).isCloseTo(1, within(1e-12));
        assertThat(agreement.alpha().estimate()).isLessThan(0.8);
    }

    @Test
    void saysNothingOfAgreementWhereNobodyRatedTheSame() {
        RaterAgreement agreement = RaterAgreement.of(
                List.of(List.of(new Grade("ann", 1)), List.of(new Grade("bob", 1))), 0.95, new SplittableRandom(1));

        assertThat(agreement).isEqualTo(new RaterAgreement(0, 0, null, null));
    }

    private static Correctness said(String user, Verdict verdict) {
        return new Correctness(info(user), verdict, Judge.EXPERT, null, null);
    }

    private static Correctness wrong(String user, Reason reason) {
        return new Correctness(info(user), Verdict.INCORRECT, Judge.EXPERT, reason, null);
    }

    private static EventInfo info(String user) {
        Instant time = Events.TIME;
        return new EventInfo(UUID.randomUUID(), time, "test", Events.id(1), null, user);
    }
}
