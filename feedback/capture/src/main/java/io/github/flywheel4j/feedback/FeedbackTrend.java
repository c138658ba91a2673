package io.github.flywheel4j.feedback;

import io.github.flywheel4j.stats.CountTests;

/**
 * Ratings of the earlier and the later half of the interactions, by time. When complaints fall, either answers got better, and
 * then praise rises, or people gave up; {@link #complaintsFallSilent()} tells the second.
 *
 * @param earlier the first half
 * @param later the second half; as large, or larger by one
 */
public record FeedbackTrend(Half earlier, Half later) {

    private static final double SURE = 0.05;

    /**
     * Half of the interactions.
     *
     * @param interactions how many
     * @param liked how many were rated as liked
     * @param disliked how many were rated otherwise
     */
    public record Half(long interactions, long liked, long disliked) {}

    /**
     * Whether the share of interactions with a bad rating fell, beyond chance (Fisher's exact test, two-sided, 5 %), while the
     * share with a good one did not rise, or not beyond chance.
     */
    public boolean complaintsFallSilent() {
        return moved(earlier.disliked, later.disliked) < 0 && moved(earlier.liked, later.liked) <= 0;
    }

    /** 1 if the share rose, -1 if it fell, 0 if it is chance. */
    private int moved(long before, long after) {
        if (earlier.interactions == 0 || later.interactions == 0) {
            return 0;
        }
        double p = CountTests.fisherExact(
                        Math.toIntExact(before),
                        Math.toIntExact(earlier.interactions - before),
                        Math.toIntExact(after),
                        Math.toIntExact(later.interactions - after))
                .pValue();
        double difference = (double) after / later.interactions - (double) before / earlier.interactions;
        return p < SURE ? (int) Math.signum(difference) : 0;
    }
}
