/** Every pair of published layers in one stack. */
@NullMarked
package io.github.flywheel4j.pairs;

import org.jspecify.annotations.NullMarked;
