package io.github.flywheel4j.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What feedback says of some interactions, and how far it can be trusted; made by {@link Estimates}.
 *
 * @param interactions how many there are, whatever came of them
 * @param satisfaction how many were liked
 * @param correctness how many were right
 * @param undecided how many have verdicts that disagree; they count as not known
 * @param agreement how far the experts agree who judged the same answers
 * @param trend ratings over time
 * @param unused what people said and nobody acted upon yet
 */
public record FeedbackReport(
        long interactions,
        RateEstimate satisfaction,
        RateEstimate correctness,
        long undecided,
        RaterAgreement agreement,
        FeedbackTrend trend,
        UnusedFeedback unused) {

    private static final double MUCH = 0.25;

    /** What should keep somebody from taking the figures at face value, one sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (trend.complaintsFallSilent()) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "negative feedback fell (%,d of %,d, then %,d of %,d) while positive did not rise (%,d, then %,d):"
                            + " people may have given up",
                    trend.earlier().disliked(),
                    trend.earlier().interactions(),
                    trend.later().disliked(),
                    trend.later().interactions(),
                    trend.earlier().liked(),
                    trend.later().liked()));
        }
        warnOfDifferences("rated", satisfaction, warnings);
        warnOfDifferences("judged", correctness, warnings);
        return warnings;
    }

    private static void warnOfDifferences(String which, RateEstimate rate, List<String> warnings) {
        if (!rate.contrasts().isEmpty() && Math.abs(rate.contrasts().get(0).difference()) > MUCH) {
            warnings.add("the " + which + " are not like the others: "
                    + rate.contrasts().get(0));
        }
    }

    /** For people, some lines. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add("liked: " + satisfaction);
        lines.add("right: " + correctness);
        warnings().forEach(warning -> lines.add("warning: " + warning));
        return String.join("\n", lines);
    }
}
