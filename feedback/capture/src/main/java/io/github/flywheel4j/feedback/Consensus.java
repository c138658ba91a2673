package io.github.flywheel4j.feedback;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns what several raters say of one answer into a verdict, if enough of them agree; otherwise the answer stays undecided.
 * Undecided is an answer of its own: a verdict that one rater in two gives is a coin, and whoever trains or measures on it
 * trains or measures on the coin.
 *
 * <pre>{@code
 * Optional<Correctness.Verdict> verdict = Consensus.unanimous(2).verdict(timeline.feedback());
 * }</pre>
 *
 * <p>Each person has one voice, the last that they gave; an event that names nobody is a voice of its own. Immutable and
 * thread-safe.
 */
public final class Consensus {

    private static final double HALF = 0.5;

    private final int raters;
    private final double share;

    private Consensus(int raters, double share) {
        this.raters = raters;
        this.share = share;
    }

    /**
     * At least so many raters, of whom at least this share gives the same verdict.
     *
     * @param raters at least 1; from 2 on a verdict is more than one person's opinion
     * @param share above a half, because two verdicts must not both have it, up to 1
     * @throws IllegalArgumentException if one is out of its range
     */
    public static Consensus of(int raters, double share) {
        if (raters < 1) {
            throw new IllegalArgumentException("raters: " + raters + " (expected: >= 1)");
        }
        if (!(share > HALF && share <= 1)) {
            throw new IllegalArgumentException("share: " + share + " (expected: above 0.5, up to 1)");
        }
        return new Consensus(raters, share);
    }

    /** At least so many raters, who all say the same. */
    public static Consensus unanimous(int raters) {
        return of(raters, 1);
    }

    /** At least so many raters, of whom more than half say the same. */
    public static Consensus majority(int raters) {
        return of(raters, Math.nextUp(HALF));
    }

    /** The verdict on an answer; empty if there are too few voices or they disagree. Events of other kinds are left aside. */
    public Optional<Correctness.Verdict> verdict(Collection<? extends FeedbackEvent> onOneAnswer) {
        Map<String, Correctness> voices = voices(onOneAnswer);
        if (voices.size() < raters) {
            return Optional.empty();
        }
        Map<Correctness.Verdict, Integer> counts = new EnumMap<>(Correctness.Verdict.class);
        voices.values().forEach(voice -> counts.merge(voice.verdict(), 1, Integer::sum));
        return counts.entrySet().stream()
                .filter(count -> count.getValue() >= share * voices.size())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * The verdict as an event, to be given to a sink: with the reason that all who gave the verdict name, without one if they
     * name several.
     *
     * @param info the new event's id, time and source
     * @param by on whose word it rests
     */
    public Optional<Correctness> correctness(
            EventInfo info, Correctness.Judge by, Collection<? extends FeedbackEvent> onOneAnswer) {
        return verdict(onOneAnswer)
                .map(verdict -> new Correctness(info, verdict, by, commonReason(verdict, onOneAnswer), null));
    }

    /** The last voice of each rater. */
    static Map<String, Correctness> voices(Collection<? extends FeedbackEvent> onOneAnswer) {
        Map<String, Correctness> voices = new HashMap<>();
        for (FeedbackEvent event : onOneAnswer) {
            if (event instanceof Correctness voice) {
                voices.merge(rater(voice), voice, (a, b) -> b.time().isBefore(a.time()) ? a : b);
            }
        }
        return voices;
    }

    private static String rater(Correctness voice) {
        String user = voice.info().user();
        UUID event = voice.eventId();
        return user == null ? "event:" + event : "user:" + user;
    }

    private static Correctness.@Nullable Reason commonReason(
            Correctness.Verdict verdict, Collection<? extends FeedbackEvent> onOneAnswer) {
        Correctness.Reason common = null;
        for (Correctness voice : voices(onOneAnswer).values()) {
            if (voice.verdict() != verdict) {
                continue;
            }
            if (voice.reason() == null || (common != null && common != voice.reason())) {
                return null;
            }
            common = voice.reason();
        }
        return common;
    }

    /** Names the rule. */
    @Override
    public String toString() {
        return share == 1
                ? "at least " + raters + " raters, all of one verdict"
                : "at least " + raters + " raters, " + share + " of them of one verdict";
    }
}
