package io.github.flywheel4j.caching;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Plays a labelled log through a semantic tier, one question after the other, as if there were a model behind it: how many
 * hits would a tolerance have brought, and how many of them wrong?
 *
 * <pre>{@code
 * SemanticReplay replay = SemanticReplay.of(tier);
 * for (Map.Entry<String, String> question : log.entrySet()) {
 *     SemanticReplay.Outcome outcome = replay.ask(question.getKey(), question.getValue());
 *     if (outcome.kind() == SemanticReplay.Kind.HIT) {
 *         hits++;
 *         wrong += outcome.right() ? 0 : 1;
 *     }
 * }
 * }</pre>
 *
 * <p>Two questions of the same answer label may share an answer. The label stands for the judge, and is shown to the tier only
 * where the tier asks for a judgement. A question that hits is not stored, all others are. Give each replay a tier of its
 * own. Stateful, not thread-safe.
 */
public final class SemanticReplay {

    /** What became of a question. */
    public enum Kind {
        /** Served from the cache. */
        HIT,
        /** Something similar was there and the verifier refused it. */
        VETOED,
        /** Something similar was there and was not served. */
        NOT_SERVED,
        /** Nothing similar was there. */
        MISS
    }

    /**
     * What became of a question.
     *
     * @param right of a candidate: whether its answer would have been the right one; false without a candidate
     * @param judged whether the label was shown to the tier
     * @param candidate the text that the candidate was stored under; empty without one
     * @param veto why a candidate was refused; empty without one
     */
    public record Outcome(
            Kind kind, boolean right, boolean judged, Optional<String> candidate, Optional<Veto.Reason> veto) {}

    private record Stored(String text, Object answer) {}

    private final SemanticTier tier;
    private final boolean learns;
    private final Partition partition = new Partition("replay");
    /** Two replays may go through one tier. */
    private static final AtomicLong IDS = new AtomicLong();

    private final Map<UUID, Stored> stored = new HashMap<>();

    private SemanticReplay(SemanticTier tier, boolean learns) {
        this.tier = tier;
        this.learns = learns;
    }

    /** A replay through a tier, which learns from it and stores what it does not serve. */
    public static SemanticReplay of(SemanticTier tier) {
        return new SemanticReplay(tier, true);
    }

    /** A replay in which the tier learns and stores nothing but what {@link #store} is given: for a held-out set. */
    public static SemanticReplay frozen(SemanticTier tier) {
        return new SemanticReplay(tier, false);
    }

    /** Stores a question without asking it. */
    public void store(String text, Object answer) {
        store(text, answer, tier.lookup(partition, text));
    }

    private void store(String text, Object answer, Lookup lookup) {
        UUID id = new UUID(0, IDS.incrementAndGet());
        stored.put(id, new Stored(text, answer));
        tier.put(partition, text, lookup, id);
    }

    /**
     * Asks the next question.
     *
     * @param answer a label, equal for questions that may share an answer
     */
    public Outcome ask(String text, Object answer) {
        Lookup lookup = tier.lookup(partition, text);
        UUID entry = entryOf(lookup);
        Stored before = entry == null ? null : stored.get(entry);
        boolean right = before != null && before.answer.equals(answer);
        boolean judged = learns && before != null && lookup.wantsJudgement();
        Kind kind = kind(lookup);
        if (learns && kind != Kind.HIT) {
            store(text, answer, lookup);
        }
        if (judged) {
            tier.judged(lookup, right);
        }
        return new Outcome(
                kind,
                right,
                judged,
                Optional.ofNullable(before).map(Stored::text),
                lookup instanceof Lookup.Vetoed vetoed ? Optional.of(vetoed.reason()) : Optional.empty());
    }

    private static Kind kind(Lookup lookup) {
        if (lookup instanceof Lookup.Hit) {
            return Kind.HIT;
        }
        if (lookup instanceof Lookup.Vetoed) {
            return Kind.VETOED;
        }
        return lookup instanceof Lookup.Miss ? Kind.MISS : Kind.NOT_SERVED;
    }

    private static @Nullable UUID entryOf(Lookup lookup) {
        Lookup.Candidate candidate = lookup.candidate();
        if (candidate != null) {
            return candidate.entry();
        }
        return lookup instanceof Lookup.Vetoed vetoed ? vetoed.entry() : null;
    }
}
