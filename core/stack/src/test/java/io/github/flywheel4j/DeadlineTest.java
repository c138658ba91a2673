package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000, Long.MAX_VALUE - 10, Long.MIN_VALUE})
    void passesAfterItsTimeWhereverTheClockBegan(long start) {
        AtomicLong now = new AtomicLong(start);
        Deadline deadline = Deadline.after(Duration.ofNanos(100), now::get);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(100));
        now.addAndGet(99);
        assertThat(deadline.isExpired()).isFalse();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1));
        now.addAndGet(1);
        assertThat(deadline.isExpired()).isTrue();
        now.addAndGet(50);
        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(-50));
    }

    @Test
    void neverPassesWhenThereIsNone() {
        assertThat(Deadline.none().isNone()).isTrue();
        assertThat(Deadline.none().isExpired()).isFalse();
        assertThat(Deadline.none().remaining()).isGreaterThan(Duration.ofDays(100 * 365));
        assertThat(Deadline.none()).hasToString("Deadline(none)");
    }

    @Test
    void hasPassedAtOnceWhenThereIsNoTime() {
        assertThat(Deadline.after(Duration.ZERO).isExpired()).isTrue();
        assertThat(Deadline.after(Duration.ofDays(-1)).isExpired()).isTrue();
    }

    @Test
    void choosesTheEarlierOne() {
        AtomicLong now = new AtomicLong(7);
        Deadline early = Deadline.after(Duration.ofSeconds(1), now::get);
        Deadline late = Deadline.after(Duration.ofSeconds(2), now::get);

        assertThat(early.earlier(late)).isSameAs(early);
        assertThat(late.earlier(early)).isSameAs(early);
        assertThat(early.earlier(Deadline.none())).isSameAs(early);
        assertThat(Deadline.none().earlier(early)).isSameAs(early);
        assertThat(Deadline.none().earlier(Deadline.none()).isNone()).isTrue();
    }

    @Test
    void countsTimesTooLongToCountWithoutOverflow() {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);

        assertThat(Deadline.after(endless).isExpired()).isFalse();
        assertThat(Deadline.after(endless).remaining()).isGreaterThan(Duration.ofDays(100 * 365));
        assertThat(Deadline.after(endless, () -> Long.MAX_VALUE - 1).isExpired())
                .isFalse();
        assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).isExpired())
                .isTrue();
    }
}
