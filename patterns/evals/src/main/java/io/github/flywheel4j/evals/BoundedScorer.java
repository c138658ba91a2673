package io.github.flywheel4j.evals;

/** Another scorer with a bar: its values, and whether they are good enough. */
record BoundedScorer(Scorer scorer, double bound, boolean atLeast) implements Scorer {

    BoundedScorer {
        if (!Double.isFinite(bound)) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: a finite number)");
        }
    }

    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public String fingerprint() {
        return scorer.fingerprint() + (atLeast ? " >= " : " <= ") + bound;
    }

    @Override
    public boolean lossy() {
        return scorer.lossy();
    }

    @Override
    public boolean higherIsBetter() {
        return scorer.higherIsBetter();
    }

    @Override
    public boolean fromZeroToOne() {
        return scorer.fromZeroToOne();
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        Score score = scorer.score(evalCase, output);
        boolean passed = atLeast ? score.value() >= bound : score.value() <= bound;
        return new Score(score.value(), passed, passed ? null : score.category(), score.facts());
    }

    @Override
    public String toString() {
        return "Scorer(" + name() + (atLeast ? " >= " : " <= ") + bound + ")";
    }
}
