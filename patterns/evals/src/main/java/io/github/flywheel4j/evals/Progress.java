package io.github.flywheel4j.evals;

import io.github.flywheel4j.Cost;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is. Immutable.
 *
 * @param done answers there are, those of an earlier part of a resumed run among them
 * @param planned answers there will be
 * @param resumed of the answers done those that an earlier part of the run had
 * @param errors of the answers done those that are none: the candidate failed
 * @param scorerErrors scores that are missing because a scorer failed
 * @param elapsed time of the run, without pauses
 * @param sinceResumed time since it went on, or began
 * @param tokens tokens used, by judges and failed calls too, as far as providers say
 * @param cost money used, by judges and failed calls too; null if no price is known, or prices are in several currencies
 */
public record Progress(
        int done,
        int planned,
        int resumed,
        int errors,
        int scorerErrors,
        Duration elapsed,
        Duration sinceResumed,
        long tokens,
        @Nullable Cost cost) {

    /** Answers per second since the run began or went on; 0 before the first. */
    public double perSecond() {
        double seconds = sinceResumed.toNanos() / 1e9;
        return seconds > 0 ? (done - resumed) / seconds : 0;
    }

    /** The time left at the rate so far; empty before the first answer. */
    public Optional<Duration> timeLeft() {
        double rate = perSecond();
        return rate > 0 ? Optional.of(Duration.ofMillis((long) ((planned - done) / rate * 1000))) : Optional.empty();
    }
}
