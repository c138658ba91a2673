/**
 * The benches: each one measures a promise of the library on this machine and prints what it found.
 *
 * <p>{@code examples/benchmarks/bench NAME [--option value]...} runs one after {@code mvn -q -DskipTests package};
 * {@code bench list} names them. A bench prints a table for a person and, as the very last line of standard output, one
 * JSON object on one line. Progress, logs and everything a library prints go to standard error. The exit status is 0 when
 * the bench ran, whatever its figures are, and 2 with one line on standard error for a bad option or a missing or malformed
 * file.
 *
 * <p>To add a bench: implement {@link io.github.flywheel4j.benchmarks.Bench} in one class, annotate it with its name,
 * sentence and options, and add a line to {@link io.github.flywheel4j.benchmarks.Benches#all()}.
 */
@NullMarked
package io.github.flywheel4j.benchmarks;

import org.jspecify.annotations.NullMarked;
