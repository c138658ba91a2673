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
 * for (long call = 0; call < 50_000; call++) {
 *     long intended = schedule.intendedNanos(call);
 *     waitUntil(intended);
 *     model.chat(request);
 *     latencies.record(intended, System.nanoTime());
 * }
 * LatencyPercentiles percentiles = latencies.percentiles();
 * }</pre>
 *
 * <p>Cost: some 50 nanoseconds and no allocation for each recorded value; a recorder holds a few hundred kilobytes.
 *
 * <p>Not for this: comparing two systems by one run each. {@link io.github.flywheel4j.stats.Quantiles#median median} of
 * interleaved rounds is steadier.
 */
@NullMarked
package io.github.flywheel4j.stats;

import org.jspecify.annotations.NullMarked;
