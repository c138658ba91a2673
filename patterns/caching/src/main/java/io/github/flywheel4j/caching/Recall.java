package io.github.flywheel4j.caching;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What is to be taken back from a shared tier, and what all nodes are to be told. Several become one, because one look at the
 * tier and a few messages are enough for all of them. Bounded; not thread-safe.
 */
final class Recall {

    /** Of interactions, names and pairs each; some MB. */
    static final int MOST = 10_000;

    /** Each is asked of every answer. */
    private static final int MOST_PREDICATES = 1_000;

    private final Map<UUID, Optional<CacheKey>> interactions = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final List<Pick> picks = new ArrayList<>();
    private final Set<Invalidation> messages = new LinkedHashSet<>();
    private final Set<KnownWrong.Pair> pairs = new LinkedHashSet<>();
    private boolean isExchange;

    /**
     * Answers that are picked by what they are.
     *
     * @param isTold whether nodes are told which these are; else they are told of each answer
     */
    record Pick(Predicate<StoredAnswer> what, boolean isTold) {}

    /** The answer that an interaction filled; what is not known of its key is asked for when it is done. */
    static Recall of(UUID filledBy, Optional<CacheKey> key) {
        Recall recall = new Recall();
        recall.interactions.put(filledBy, key);
        return recall;
    }

    /** What the tier has under names; nobody is told. */
    static Recall ofNames(Collection<String> names) {
        Recall recall = new Recall();
        recall.names.addAll(names);
        return recall;
    }

    /**
     * The answers that a predicate picks.
     *
     * @param message what nodes are told
     */
    static Recall of(Pick pick, Invalidation message) {
        Recall recall = new Recall();
        recall.picks.add(pick);
        recall.messages.add(message);
        return recall;
    }

    /** No answer, but that two questions do not have the same one. */
    static Recall of(KnownWrong.Pair pair) {
        Recall recall = new Recall();
        recall.pairs.add(pair);
        return recall;
    }

    /** No answer, but that nodes may not know the same pairs. */
    static Recall ofExchange() {
        Recall recall = new Recall();
        recall.isExchange = true;
        return recall;
    }

    /** Adds another one. Where that is more than can be kept, all answers are taken back. */
    void add(Recall other) {
        interactions.putAll(other.interactions);
        names.addAll(other.names);
        picks.addAll(other.picks);
        messages.addAll(other.messages);
        pairs.addAll(other.pairs);
        isExchange |= other.isExchange;
        if (interactions.size() > MOST || names.size() > MOST || picks.size() > MOST_PREDICATES) {
            Invalidation all = new Invalidation(Invalidation.Kind.ALL, "");
            interactions.clear();
            names.clear();
            picks.clear();
            messages.clear();
            picks.add(new Pick(all.predicate(), true));
            messages.add(all);
        }
        while (pairs.size() > MOST) {
            pairs.remove(pairs.iterator().next());
        }
    }

    boolean isEmpty() {
        return interactions.isEmpty()
                && names.isEmpty()
                && picks.isEmpty()
                && messages.isEmpty()
                && pairs.isEmpty()
                && !isExchange;
    }

    Map<UUID, Optional<CacheKey>> interactions() {
        return interactions;
    }

    Set<String> names() {
        return names;
    }

    List<Pick> picks() {
        return picks;
    }

    Set<KnownWrong.Pair> pairs() {
        return pairs;
    }

    boolean isExchange() {
        return isExchange;
    }

    /** What nodes are told of the answers that are known by now. */
    List<Invalidation> messages() {
        List<Invalidation> all = new ArrayList<>(messages);
        all.addAll(Invalidation.ofInteractions(interactions.keySet()));
        return all;
    }
}
