/** Benches of the statistics. */
@NullMarked
package io.github.flywheel4j.benchmarks.statistics;

import org.jspecify.annotations.NullMarked;
