/** A test runner for answers whose verdict can be trusted. */
@NullMarked
package io.github.flywheel4j.evals;

import org.jspecify.annotations.NullMarked;
