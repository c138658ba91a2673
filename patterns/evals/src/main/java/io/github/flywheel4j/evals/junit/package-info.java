/**
 * Evals as tests of JUnit 5.
 *
 * <pre>{@code
 * @Eval(dataset = "src/test/evals/faq.jsonl", baseline = "src/test/evals/faq-baseline.jsonl")
 * void answersTheFaq(Evaluation evaluation) {
 *     EvalRun run = evaluation.run(candidate, List.of(exact));
 *     assertThat(run).passRate("exact").isAtLeast(0.9);
 *     assertThat(evaluation.check(run, Gate.builder().notWorse("exact", 0.02).build(), Varies.PROMPT)).passes();
 * }
 *
 * @Eval(dataset = "src/test/evals/faq.jsonl")
 * void answersEachCase(EvalCase evalCase) {
 *     org.assertj.core.api.Assertions.assertThat(assistant.ask(question(evalCase))).contains(evalCase.expected());
 * }
 * }</pre>
 *
 * <p>A rate over few cases is often neither surely above nor surely below the bar. Such a test is skipped unless told
 * otherwise: {@link io.github.flywheel4j.evals.InconclusivePolicy}, by the annotation or by {@code
 * -Dflywheel4j.evals.inconclusive=fail}. Baselines are files of the repository; {@code -Dflywheel4j.evals.update=true} writes
 * them.
 *
 * <p>Needs {@code junit-jupiter-api} on the class path; the rest of the module does not.
 *
 * <p>Not for this: a run over hundreds of cases with a model that costs money at each build. Replay it ({@link
 * io.github.flywheel4j.evals.Recording}).
 */
@NullMarked
package io.github.flywheel4j.evals.junit;

import org.jspecify.annotations.NullMarked;
