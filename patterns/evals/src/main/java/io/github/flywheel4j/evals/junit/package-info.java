/**
 * Evals as tests of JUnit 5: {@link io.github.flywheel4j.evals.junit.Eval} makes a method one test for each case of a
 * dataset, or one over all of them.
 *
 * <pre>{@code
 * EvalRun run = evaluation.run(candidate, List.of(exact));
 * assertThat(run).passRate("exact").isAtLeast(0.9);
 * assertThat(evaluation.check(run, gate, Varies.PROMPT)).passes();
 * }</pre>
 *
 * <p>A rate over few cases is often neither surely above nor surely below the bar. Such a test is skipped unless told
 * otherwise: {@link io.github.flywheel4j.evals.InconclusivePolicy}, by the annotation or by {@code
 * -Dflywheel4j.evals.inconclusive=fail}. Baselines are files of the repository; {@code -Dflywheel4j.evals.update=true} writes
 * them.
 *
 * <p>Needs {@code junit-jupiter-api} on the class path; the rest of the module does not.
 *
 * <p>Not for this: a run with a model that costs money at each build. Replay it ({@link
 * io.github.flywheel4j.evals.Recording}).
 */
@NullMarked
package io.github.flywheel4j.evals.junit;

import org.jspecify.annotations.NullMarked;
