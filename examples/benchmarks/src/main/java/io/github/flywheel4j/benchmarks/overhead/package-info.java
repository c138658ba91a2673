/**
 * What a stack of layers costs on every call, beside the bare model and beside Spring AI's advisor chain in one run.
 */
@NullMarked
package io.github.flywheel4j.benchmarks.overhead;

import org.jspecify.annotations.NullMarked;
