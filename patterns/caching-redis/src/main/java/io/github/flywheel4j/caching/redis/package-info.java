/** The exact tier of the response cache in Redis. */
@NullMarked
package io.github.flywheel4j.caching.redis;

import org.jspecify.annotations.NullMarked;
