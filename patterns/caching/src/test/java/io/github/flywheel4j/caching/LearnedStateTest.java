package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.flywheel4j.caching.HitPolicy.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearnedStateTest {

    private static final Audits.State AUDITS = new Audits.State(300, 60, 4, 3.9, 2.7, List.of(true, false, true));

    private static String snapshot() {
        JudgedLookup verdict = new JudgedLookup(new double[PairContext.SIZE], true, 2);
        return new LearnedState(new State(List.of(), false, List.of(verdict), AUDITS), List.of()).toJson("m");
    }

    @Test
    void holdsWhatAuditsFound() {
        LearnedState read = LearnedState.read(snapshot(), "m");

        assertThat(read.state().audits()).isEqualTo(AUDITS);
        assertThat(read.state().judged()).hasSize(1);
    }

    @Test
    void readsAnOlderOneThatSaysNothingOfAudits() {
        String older = snapshot().replaceAll("\"audits\":\\{[^}]*},", "");
        assertThat(older).doesNotContain("audits");

        LearnedState read = LearnedState.read(older, "m");

        assertThat(read.state().audits()).isEqualTo(Audits.State.NONE);
        assertThat(read.state().judged()).hasSize(1);
    }

    @Test
    void holdsWhetherTheCalibrationIsDoubted() {
        State doubted = new State(List.of(), true, List.of(), AUDITS);
        String json = new LearnedState(doubted, List.of()).toJson("m");

        assertThat(LearnedState.read(json, "m").state().doubted()).isTrue();
        assertThat(LearnedState.read(json.replace("\"calibrationDoubted\":true,", ""), "m")
                        .state()
                        .doubted())
                .isFalse();
    }

    @Test
    void refusesAuditsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearnedState.read(snapshot().replace("\"wrong\":4", "\"wrong\":61"), "m"))
                .withMessageContaining("snapshot: audits that cannot be");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearnedState.read(snapshot().replace("3.9", "\"x\""), "m"))
                .withMessageContaining("snapshot: audits that cannot be");
    }
}
