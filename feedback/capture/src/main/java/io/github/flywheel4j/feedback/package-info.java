/**
 * Every interaction recorded under one id, and everything that is learned of it later.
 */
@NullMarked
package io.github.flywheel4j.feedback;

import org.jspecify.annotations.NullMarked;
