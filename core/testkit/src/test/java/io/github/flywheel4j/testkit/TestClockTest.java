package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TestClockTest {

    @Test
    void movesOnlyWhenTold() {
        TestClock clock = new TestClock();
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));

        clock.advance(Duration.ofDays(1)).advance(Duration.ofNanos(7));

        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-02T00:00:00.000000007Z"));
        assertThat(clock.elapsed()).isEqualTo(Duration.ofDays(1).plusNanos(7));
        assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofNanos(-1)));
    }

    @Test
    void itsTickerMovesWithItAndOverflowsAsNanoTimeMay() {
        TestClock clock = new TestClock();
        long before = clock.ticker().getAsLong();

        clock.advance(Duration.ofSeconds(10));

        assertThat(clock.nanoTime() - before).isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(clock.nanoTime()).isLessThan(before);
    }

    @Test
    void viewsInOtherZonesShareItsTime() {
        TestClock clock = new TestClock(Instant.EPOCH);
        TestClock paris = clock.withZone(ZoneId.of("Europe/Paris"));

        clock.advance(Duration.ofSeconds(5));

        assertThat(paris.instant()).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(paris.getZone()).isEqualTo(ZoneId.of("Europe/Paris"));
        assertThat(paris).hasToString("TestClock[1970-01-01T00:00:05Z, Europe/Paris]");
    }

    @Test
    void theSleeperMovesTheClockAndRemembers() throws Exception {
        TestClock clock = new TestClock();
        TestSleeper sleeper = new TestSleeper(clock);

        sleeper.sleep(Duration.ofSeconds(1));
        sleeper.sleep(Duration.ZERO);
        sleeper.sleep(Duration.ofSeconds(-2));
        sleeper.sleep(Duration.ofSeconds(3));

        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(4));
        assertThat(sleeper.sleeps()).hasSize(4);
        assertThat(sleeper.total()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void bothSleepersObeyAnInterrupt() {
        for (Sleeper sleeper : new Sleeper[] {new TestSleeper(), Sleeper.real()}) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> sleeper.sleep(Duration.ofHours(1))).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void theRealSleeperReallyWaits() throws Exception {
        long start = System.nanoTime();

        Sleeper.real().sleep(Duration.ofMillis(20));

        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }
}
