/** What a bench must see of the cache's inside. */
@NullMarked
package io.github.flywheel4j.caching;

import org.jspecify.annotations.NullMarked;
