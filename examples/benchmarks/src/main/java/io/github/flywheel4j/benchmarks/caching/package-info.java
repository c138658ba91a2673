/** Benches of caching. */
@NullMarked
package io.github.flywheel4j.benchmarks.caching;

import org.jspecify.annotations.NullMarked;
