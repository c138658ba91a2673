package io.github.flywheel4j.benchmarks;

import io.github.flywheel4j.benchmarks.caching.CacheQualityBench;
import io.github.flywheel4j.benchmarks.caching.CacheSpeedBench;
import io.github.flywheel4j.benchmarks.caching.CacheStreamBench;
import io.github.flywheel4j.benchmarks.caching.TrapsBench;
import io.github.flywheel4j.benchmarks.evals.EvalSpeedBench;
import io.github.flywheel4j.benchmarks.evals.GateHonestyBench;
import io.github.flywheel4j.benchmarks.evals.JudgeReplayBench;
import io.github.flywheel4j.benchmarks.evals.MetricParityBench;
import io.github.flywheel4j.benchmarks.feedback.CaptureBench;
import io.github.flywheel4j.benchmarks.feedback.DurabilityBench;
import io.github.flywheel4j.benchmarks.feedback.EstimatesBench;
import io.github.flywheel4j.benchmarks.feedback.RatersBench;
import io.github.flywheel4j.benchmarks.overhead.JmhBench;
import io.github.flywheel4j.benchmarks.overhead.OverheadBench;
import io.github.flywheel4j.benchmarks.statistics.StatsParityBench;
import java.util.List;

/** The benches there are. */
final class Benches {

    private Benches() {}

    /** A fresh instance of each bench, in the order in which {@code bench list} names them. */
    static List<Bench> all() {
        return List.of(
                new OverheadBench(),
                new JmhBench(),
                new CaptureBench(),
                new DurabilityBench(),
                new EstimatesBench(),
                new RatersBench(),
                new StatsParityBench(),
                new MetricParityBench(),
                new JudgeReplayBench(),
                new GateHonestyBench(),
                new EvalSpeedBench(),
                new CacheQualityBench(),
                new CacheStreamBench(),
                new CacheSpeedBench(),
                new TrapsBench());
    }
}
