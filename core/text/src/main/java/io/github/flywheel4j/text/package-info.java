@NullMarked
package io.github.flywheel4j.text;

import org.jspecify.annotations.NullMarked;
