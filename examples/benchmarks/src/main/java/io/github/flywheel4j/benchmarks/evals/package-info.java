/** Evals: text metrics beside other programs, and recorded judges beside people. */
@NullMarked
package io.github.flywheel4j.benchmarks.evals;

import org.jspecify.annotations.NullMarked;
