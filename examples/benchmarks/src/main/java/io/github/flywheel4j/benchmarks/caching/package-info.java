/** How many answers a cache serves, and how many of them wrong. */
@NullMarked
package io.github.flywheel4j.benchmarks.caching;

import org.jspecify.annotations.NullMarked;
