package io.github.flywheel4j.feedback;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What people said and nobody acted upon yet: feedback that waits teaches its givers that it is useless.
 *
 * @param events ratings, verdicts, corrections and all else that somebody gave, without signals, that is not used yet
 * @param oldest the age of the oldest one; null if there is none
 * @param median the age that half of them exceed; null if there is none
 */
public record UnusedFeedback(
        long events, @Nullable Duration oldest, @Nullable Duration median) {}
