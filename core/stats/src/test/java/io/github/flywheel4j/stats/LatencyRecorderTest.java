package io.github.flywheel4j.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {

    /** What three significant digits promise. */
    private static final Percentage PRECISION = Percentage.withPercentage(0.1);

    @Test
    void readsThePercentilesOfAnEvenSpread() {
        var latencies = new LatencyRecorder();
        for (long nanos = 1; nanos <= 100_000; nanos++) {
            latencies.recordNanos(nanos);
        }

        var percentiles = latencies.percentiles();

        assertThat(percentiles.count()).isEqualTo(100_000);
        assertThat(percentiles.meanNanos()).isCloseTo(50_000.5, PRECISION);
        assertThat(percentiles.p50Nanos()).isCloseTo(50_000, PRECISION);
        assertThat(percentiles.p90Nanos()).isCloseTo(90_000, PRECISION);
        assertThat(percentiles.p99Nanos()).isCloseTo(99_000, PRECISION);
        assertThat(percentiles.p999Nanos()).isCloseTo(99_900, PRECISION);
        assertThat(percentiles.maxNanos()).isCloseTo(100_000, PRECISION);
        assertThat(percentiles.p50Micros()).isCloseTo(50.0, PRECISION);
        assertThat(percentiles.p99Micros()).isCloseTo(99.0, PRECISION);
    }

    /**
     * Gil Tene's example: 100 calls a second for 200 seconds, 1 ms each, and the system stands still from second 100
     * to second 200. A generator that waits records one bad call among 10,001 good ones; half of all calls were bad.
     */
    @Test
    void chargesAStallToEveryCallThatWasMeantToStartInIt() {
        long serviceNanos = TimeUnit.MILLISECONDS.toNanos(1);
        long stallBegin = TimeUnit.SECONDS.toNanos(100);
        long stallEnd = TimeUnit.SECONDS.toNanos(200);
        var schedule = ArrivalSchedule.perSecond(100, 0);
        var latencies = new LatencyRecorder();
        for (long call = 0; call < 20_000; call++) {
            long intended = schedule.intendedNanos(call);
            latencies.record(intended, intended < stallBegin ? intended + serviceNanos : stallEnd);
        }

        var percentiles = latencies.percentiles();

        assertThat(percentiles.p50Micros()).isCloseTo(1_000, PRECISION);
        assertThat(percentiles.p90Micros()).isCloseTo(80e6, PRECISION);
        assertThat(percentiles.p99Micros()).isCloseTo(98e6, PRECISION);
        assertThat(percentiles.p999Micros()).isCloseTo(99.8e6, PRECISION);
        assertThat(percentiles.maxMicros()).isCloseTo(100e6, PRECISION);
    }

    @Test
    void agreesWithHdrHistogramsOwnCorrectionWhereThatHasNothingToGuess() {
        long intervalNanos = TimeUnit.MILLISECONDS.toNanos(10);
        var corrected = new Histogram(3);
        var schedule = ArrivalSchedule.perSecond(100, 0);
        var latencies = new LatencyRecorder();
        for (long call = 0; call < 10_000; call++) {
            corrected.recordValueWithExpectedInterval(TimeUnit.MILLISECONDS.toNanos(1), intervalNanos);
            latencies.recordNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        corrected.recordValueWithExpectedInterval(TimeUnit.SECONDS.toNanos(100), intervalNanos);
        long stallEnd = TimeUnit.SECONDS.toNanos(200);
        for (long call = 10_000; call < 20_000; call++) {
            latencies.record(schedule.intendedNanos(call), stallEnd);
        }

        var percentiles = latencies.percentiles();

        assertThat(percentiles.count()).isEqualTo(corrected.getTotalCount());
        assertThat(percentiles.p50Nanos()).isEqualTo(corrected.getValueAtPercentile(50));
        assertThat(percentiles.p99Nanos()).isEqualTo(corrected.getValueAtPercentile(99));
        assertThat(percentiles.p999Nanos()).isEqualTo(corrected.getValueAtPercentile(99.9));
        assertThat(percentiles.maxNanos()).isEqualTo(corrected.getMaxValue());
    }

    @Test
    void losesNothingWhenManyThreadsRecord() throws InterruptedException {
        var latencies = new LatencyRecorder();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            long base = 1L << (4 * thread); // each thread forces the histogram to grow
            threads.add(new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    latencies.recordNanos(base + i);
                }
            }));
        }

        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(latencies.percentiles().count()).isEqualTo(80_000);
    }

    @Test
    void acceptsALatencyOfNothing() {
        var latencies = new LatencyRecorder();

        latencies.record(Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(latencies.percentiles().maxNanos()).isZero();
    }

    @Test
    void measuresAcrossTheWrapOfTheClock() {
        var latencies = new LatencyRecorder();

        latencies.record(Long.MAX_VALUE - 10, Long.MIN_VALUE + 9);

        assertThat(latencies.percentiles().p50Nanos()).isEqualTo(20);
    }

    @Test
    void refusesACallThatEndedBeforeItWasMeantToStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LatencyRecorder().record(100, 99))
                .withMessageContaining("latencyNanos: -1 (expected: >= 0");
    }

    @Test
    void hasNoPercentilesOfNoCalls() {
        assertThatIllegalStateException().isThrownBy(() -> new LatencyRecorder().percentiles());
    }

    @Test
    void keepsToTheRateWhenTheGapIsNoWholeNumberOfNanoseconds() {
        var schedule = ArrivalSchedule.perSecond(3_000, 17);

        assertThat(schedule.intendedNanos(0)).isEqualTo(17);
        assertThat(schedule.intendedNanos(1)).isEqualTo(17 + 333_333);
        assertThat(schedule.intendedNanos(3_000_000)).isEqualTo(17 + 1_000_000_000_000L);
    }

    @Test
    void refusesARateThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArrivalSchedule.perSecond(0, 0))
                .withMessage("callsPerSecond: 0.0 (expected: > 0 and <= 1,000,000,000)");
        assertThatIllegalArgumentException().isThrownBy(() -> ArrivalSchedule.perSecond(Double.NaN, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArrivalSchedule.perSecond(1, 0).intendedNanos(-1));
    }

    @Test
    void meanIsExactForOneValue() {
        var latencies = new LatencyRecorder();

        latencies.recordNanos(7);

        assertThat(latencies.percentiles().meanNanos()).isCloseTo(7, within(1e-9));
    }
}
