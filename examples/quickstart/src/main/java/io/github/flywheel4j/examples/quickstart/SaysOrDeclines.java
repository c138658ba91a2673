package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.Output;
import io.github.flywheel4j.evals.Score;
import io.github.flywheel4j.evals.Scorer;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The quickstart's own metric: an answerable question is answered with words that the case expects (a regular expression),
 * an unanswerable one, of which nothing is expected, is declined. It names what went wrong, so that failures can be counted
 * by kind. Not lossy, because it claims no more than that.
 */
final class SaysOrDeclines implements Scorer {

    @Override
    public String name() {
        return "says-or-declines";
    }

    @Override
    public String fingerprint() {
        return "says-or-declines:1";
    }

    @Override
    public boolean lossy() {
        return false;
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        boolean declined = output.text().equals(Retrieval.NOTHING_FOUND)
                || output.text().equals(ExtractiveAnswer.NOTHING_FITS);
        String expected = evalCase.expected();
        if (expected == null) {
            return declined ? Score.of(true) : failed("answered what it does not know");
        }
        if (declined) {
            return failed("declined what it could answer");
        }
        boolean says = Pattern.compile(expected, Pattern.CASE_INSENSITIVE)
                .matcher(output.text())
                .find();
        return says ? Score.of(true) : failed("answered something else");
    }

    private static Score failed(String category) {
        return new Score(0, false, category, Map.of());
    }
}
