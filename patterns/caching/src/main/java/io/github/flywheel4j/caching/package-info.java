/** Exact and semantic answers from a cache. */
@NullMarked
package io.github.flywheel4j.caching;

import org.jspecify.annotations.NullMarked;
