/** What capture costs a call, how much a sink takes, and what a killed process loses. */
@NullMarked
package io.github.flywheel4j.benchmarks.feedback;

import org.jspecify.annotations.NullMarked;
