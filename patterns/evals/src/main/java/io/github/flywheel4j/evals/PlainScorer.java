package io.github.flywheel4j.evals;

import java.util.function.BiFunction;

/** A scorer that is a function of the case and the answer. */
record PlainScorer(
        String name,
        String fingerprint,
        boolean lossy,
        boolean higherIsBetter,
        BiFunction<EvalCase, Output, Score> function)
        implements Scorer {

    /** What the name says is all that the score depends on. */
    static PlainScorer of(String name, boolean lossy, BiFunction<EvalCase, Output, Score> function) {
        return new PlainScorer(name, name, lossy, true, function);
    }

    static PlainScorer of(String name, String settings, boolean lossy, BiFunction<EvalCase, Output, Score> function) {
        return new PlainScorer(name, name + " " + settings, lossy, true, function);
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        return function.apply(evalCase, output);
    }

    /**
     * The expected answer.
     *
     * @throws IllegalStateException if the case has none
     */
    static String expected(EvalCase evalCase) {
        String expected = evalCase.expected();
        if (expected == null) {
            throw new IllegalStateException("case '" + evalCase.id() + "' has no expected answer (expected: one, or a"
                    + " scorer that needs none)");
        }
        return expected;
    }

    @Override
    public String toString() {
        return "Scorer(" + name + ")";
    }
}
