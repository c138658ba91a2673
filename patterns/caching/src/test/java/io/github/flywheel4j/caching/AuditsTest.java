package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.flywheel4j.stats.Interval;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AuditsTest {

    private final Audits audits = new Audits();

    private void add(int right, int wrong) {
        for (int i = 0; i < right + wrong; i++) {
            audits.add(0.05, i < right);
        }
    }

    private double shareAfter(int hits) {
        double share = 0;
        for (int i = 0; i < hits; i++) {
            share = audits.served(0.1, 0.1);
        }
        return share;
    }

    @Test
    void asksForAllOfTheFirstAndThenForEverFewer() {
        assertThat(shareAfter(50)).isEqualTo(1);
        assertThat(shareAfter(50)).isEqualTo(0.5);
        assertThat(shareAfter(1_000)).isEqualTo(0.1);
    }

    @Test
    void asksForMoreOfTheFirstTheFewerMayBeWrong() {
        double share = 0;
        for (int i = 0; i < 250; i++) {
            share = audits.served(0.1, 0.02);
        }

        assertThat(share).as("250 hits, of which five may be wrong").isEqualTo(1);
        assertThat(audits.served(0.1, 0.04)).as("of which ten may be").isCloseTo(0.5, within(0.01));
    }

    @Test
    void asksForMoreWhileMoreAreWrongThanExpected() {
        add(60, 40);
        double factor = (5 + 40) / (5 + 100 * 0.05);

        assertThat(shareAfter(2_000)).isCloseTo(1 - 1 / factor, within(0.02));
    }

    @Test
    void saysThatTheToleranceIsPassedOnlyWhenTheIntervalLiesAboveIt() {
        assertThat(audits.sayPassed(0.05)).isFalse();
        add(17, 3); // 3.2 to 37.9 %
        assertThat(audits.sayPassed(0.05)).isFalse();
        assertThat(audits.sayPassed(0.03)).isTrue();
        add(0, 1);
        assertThat(audits.sayPassed(0.05)).isTrue();
    }

    @Test
    void aFewAuditsSayNothing() {
        add(0, 19);

        assertThat(audits.sayPassed(0.05)).isFalse();
    }

    @Test
    void aLongGoodPastDoesNotHideABadPresent() {
        add(5_000, 0);
        add(160, 40);

        assertThat(audits.sayPassed(0.05)).isTrue();
        audits.forgetRecent();
        assertThat(audits.sayPassed(0.05)).isFalse();
        assertThat(audits.count()).isEqualTo(5_200);
    }

    @Test
    void tellsTheShareOfWrongOnesOfAll() {
        assertThat(audits.wrongShare()).isNull();
        add(95, 5);

        // R: binom.test(5, 100)
        Interval share = Objects.requireNonNull(audits.wrongShare());
        assertThat(share.estimate()).isEqualTo(0.05);
        assertThat(share.low()).isCloseTo(0.01643, within(1e-4));
        assertThat(share.high()).isCloseTo(0.11284, within(1e-4));
    }

    @Test
    void goesOnAfterARestart() {
        shareAfter(300);
        add(150, 90);
        Audits restored = new Audits();

        restored.restore(audits.state());

        assertThat(restored.state()).isEqualTo(audits.state());
        assertThat(restored.factor(0.9)).isEqualTo(audits.factor(0.9)).isGreaterThan(2);
        assertThat(restored.sayPassed(0.05)).isTrue();
        assertThat(restored.served(0.1, 0.02)).isEqualTo(audits.served(0.1, 0.02));
    }
}
