/**
 * A test runner for answers whose verdict can be trusted: better, worse, or not known.
 *
 * <p>The problem: a changed prompt answers seven cases of ten instead of six, and nobody knows whether that is a gain or
 * chance. Averages hide it, a judge that nobody has checked invents it, and cases that depend on each other seem to be more
 * than they are.
 *
 * <pre>{@code
 * Dataset dataset = Dataset.load(file);
 * List<Scorer> scorers = List.of(Scorers.normalized());
 * Candidate before =
 *         Candidate.of(model, "small-chat-2026-07-18").named("before").withTemplate("Which team? {{input}}");
 * Candidate after = Candidate.of(model, "small-chat-2026-07-18")
 *         .named("after")
 *         .withTemplate("Reply with billing, shipping or other alone. Which team? {{input}}");
 * EvalRunner runner = EvalRunner.create();
 * EvalRun baseline = runner.run(dataset, before, scorers);
 * EvalRun candidate = runner.run(dataset, after, scorers);
 * Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
 * log.add(comparison.toString());
 * }</pre>
 *
 * <p>The parts: {@link io.github.flywheel4j.evals.Dataset}, cases with a holdout, also of production
 * ({@link io.github.flywheel4j.evals.ProductionCases}); {@link io.github.flywheel4j.evals.Scorers} and judges, of which only a
 * {@link io.github.flywheel4j.evals.CalibratedJudge} may gate; {@link io.github.flywheel4j.evals.EvalRunner}, which goes on
 * after a crash and keeps to a {@link io.github.flywheel4j.evals.Budget}; {@link io.github.flywheel4j.evals.Recording}, for
 * builds without a key; {@link io.github.flywheel4j.evals.Comparison} and {@link io.github.flywheel4j.evals.Gate}, the
 * verdict; {@link io.github.flywheel4j.evals.EvalReport}, for people; {@link io.github.flywheel4j.evals.OnlineScoring}, which
 * listens to a stack and scores a sample of production. The package {@code junit} makes tests of it.
 *
 * <p>Place in the stack: none. A candidate is a stack, a model or a function, and it is asked for fresh answers, which no
 * cache serves. Cost: a call of the candidate for each case and repeat, and one of a judge or more where one scores; the
 * runner's own is a thread for each case under way, and with a journal a line for each answer.
 *
 * <p>Not for: what has one right result, which an ordinary test asserts; fewer than twenty cases, which are read rather than
 * counted; one score for "quality".
 */
@NullMarked
package io.github.flywheel4j.evals;

import org.jspecify.annotations.NullMarked;
