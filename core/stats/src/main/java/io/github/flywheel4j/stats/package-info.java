/**
 * Measures of latency and quality as pure functions: arrays and numbers in, records out. Nothing here knows a model, a
 * call or a clock; whoever measures brings the times.
 *
 * <h2>Latency that does not lie</h2>
 *
 * A load generator that waits for an answer before it sends the next request stops asking exactly when the system is
 * slow, so its percentiles leave out the requests that would have suffered. Fix the time at which each call is
 * <em>meant</em> to start, whatever the calls before it do, and measure from there:
 *
 * <pre>{@code
 * ArrivalSchedule schedule = ArrivalSchedule.perSecond(10_000, System.nanoTime());
 * LatencyRecorder latencies = new LatencyRecorder();
 * for (long call = 0; call < 5_000; call++) {
 *     long intended = schedule.intendedNanos(call);
 *     waitUntil(intended);
 *     model.chat(request);
 *     latencies.record(intended, System.nanoTime());
 * }
 * LatencyPercentiles percentiles = latencies.percentiles();
 * }</pre>
 *
 * <h2>Better, worse, or noise</h2>
 *
 * A rate without its interval and a difference without its test are anecdotes. Rates and means have theirs in {@link
 * io.github.flywheel4j.stats.Intervals Intervals}, any other statistic in {@link io.github.flywheel4j.stats.Bootstrap
 * Bootstrap}, the same cases under two systems in {@link io.github.flywheel4j.stats.PairedTests PairedTests} and {@link
 * io.github.flywheel4j.stats.CountTests CountTests}. Cases of one conversation or document are not independent: give their
 * clusters. Several metrics or slices: {@link io.github.flywheel4j.stats.MultipleTesting MultipleTesting}. Looking while the
 * run goes on: {@link io.github.flywheel4j.stats.ConfidenceSequence ConfidenceSequence}. How many cases: {@link
 * io.github.flywheel4j.stats.SampleSize SampleSize}.
 *
 * <pre>{@code
 * TestResult test =
 *         PairedTests.clusteredSignFlip(candidate, baseline, conversations, 10_000, new SplittableRandom(1));
 * Interval rate = Intervals.wilson(passed, cases, 0.95);
 * }</pre>
 *
 * <p>Who says so: raters in {@link io.github.flywheel4j.stats.Agreement Agreement} and {@link
 * io.github.flywheel4j.stats.Correlation Correlation}, judges that err in {@link io.github.flywheel4j.stats.JudgeCorrection
 * JudgeCorrection}, users who rate more often than others in {@link io.github.flywheel4j.stats.WeightedMeans WeightedMeans},
 * how probable something is given numbers in {@link io.github.flywheel4j.stats.LogisticRegression LogisticRegression}.
 *
 * <p>Cost: some 50 nanoseconds and no allocation for each recorded value; a recorder holds a few hundred kilobytes.
 *
 * <p>Not for this: comparing two systems by one run each. {@link io.github.flywheel4j.stats.Quantiles#median median} of
 * interleaved rounds is steadier.
 */
@NullMarked
package io.github.flywheel4j.stats;

import org.jspecify.annotations.NullMarked;
