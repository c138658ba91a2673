@NullMarked
package io.github.flywheel4j.testkit;

import org.jspecify.annotations.NullMarked;
