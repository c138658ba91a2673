@NullMarked
package io.github.flywheel4j;

import org.jspecify.annotations.NullMarked;
