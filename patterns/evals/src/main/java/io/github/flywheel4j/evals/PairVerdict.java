package io.github.flywheel4j.evals;

import org.jspecify.annotations.Nullable;

/**
 * What a judge said of two answers that were shown in both orders. Immutable.
 *
 * @param id the case
 * @param forward its verdict when A was shown first; null if unreadable
 * @param reverse its verdict when B was shown first, named as in {@code forward}; null if unreadable or not asked
 * @param asked how often it was asked: 2, or 1 in records of a single order
 * @param lengthA characters of A
 * @param lengthB characters of B
 */
public record PairVerdict(
        String id, @Nullable Preference forward, @Nullable Preference reverse, int asked, int lengthA, int lengthB) {

    /** Whether a verdict that was asked for could not be read; nothing is known of the pair then. */
    public boolean isUnreadable() {
        return forward == null || (asked > 1 && reverse == null);
    }

    /** Whether the verdict changed with the order, which only a prejudice for a place can do. */
    public boolean isFlip() {
        return forward != null && reverse != null && forward != reverse;
    }

    /** The verdict: a tie if the two orders disagree; null if it is unreadable. */
    public @Nullable Preference outcome() {
        return isUnreadable() ? null : isFlip() ? Preference.TIE : forward;
    }
}
