@NullMarked
package io.github.flywheel4j.caching;

import org.jspecify.annotations.NullMarked;
