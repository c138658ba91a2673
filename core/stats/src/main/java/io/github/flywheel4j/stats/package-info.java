@NullMarked
package io.github.flywheel4j.stats;

import org.jspecify.annotations.NullMarked;
