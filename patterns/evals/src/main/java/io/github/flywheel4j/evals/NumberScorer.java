package io.github.flywheel4j.evals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A number in an answer beside the expected one; told at {@link Scorers#number} and {@link Scorers#lastNumber}. */
record NumberScorer(String name, boolean last, double absolute, double relative) implements Scorer {

    NumberScorer {
        check("absolute", absolute);
        check("relative", relative);
    }

    static NumberScorer single(double absolute, double relative) {
        return new NumberScorer("number", false, absolute, relative);
    }

    static NumberScorer last(double absolute, double relative) {
        return new NumberScorer("last-number", true, absolute, relative);
    }

    private static void check(String name, double tolerance) {
        if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
            throw new IllegalArgumentException(name + ": " + tolerance + " (expected: 0 or more)");
        }
    }

    @Override
    public String fingerprint() {
        return name + " " + absolute + " " + relative;
    }

    @Override
    public boolean lossy() {
        return last;
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        List<BigDecimal> expected = distinct(PlainScorer.expected(evalCase));
        if (expected.size() != 1) {
            throw new IllegalStateException("case '" + evalCase.id() + "': the expected answer has " + expected.size()
                    + " numbers (expected: one)");
        }
        List<BigDecimal> found = last ? NumbersInText.of(output.text()) : distinct(output.text());
        if (found.isEmpty() || (!last && found.size() > 1)) {
            return new Score(
                    0, false, found.isEmpty() ? "no number" : "several numbers", Map.of("numbers", found.size()));
        }
        BigDecimal actual = found.get(found.size() - 1);
        BigDecimal wanted = expected.get(0);
        BigDecimal granted =
                BigDecimal.valueOf(absolute).max(BigDecimal.valueOf(relative).multiply(wanted.abs()));
        boolean passed = actual.subtract(wanted).abs().compareTo(granted) <= 0;
        return new Score(
                passed ? 1 : 0, passed, passed ? null : "wrong number", Map.of("found", actual, "expected", wanted));
    }

    private static List<BigDecimal> distinct(String text) {
        return NumbersInText.of(text).stream()
                .map(BigDecimal::stripTrailingZeros)
                .distinct()
                .toList();
    }
}
