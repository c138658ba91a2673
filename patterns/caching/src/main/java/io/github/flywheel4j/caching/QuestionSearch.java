package io.github.flywheel4j.caching;

import io.github.flywheel4j.caching.Entries.Found;
import io.github.flywheel4j.caching.HitPolicy.Decision;
import io.github.flywheel4j.caching.Lookup.Asked;
import io.github.flywheel4j.caching.Lookup.Candidate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The way of a question through the semantic tier: the nearest stored ones, what the verifier says of them, and what the policy
 * makes of the first that is left. Counts what came of it. Thread-safe.
 */
final class QuestionSearch {

    /** How many neighbours are looked at, also by what {@link Calibration} learns from. */
    static final int NEIGHBOURS = 10;

    private static final int MOST_CANDIDATES = 3;

    private final QuestionVectors vectors;
    private final Entries entries;
    private final HitVerifier verifier;
    private final HitPolicy policy;
    private final double tolerance;
    private final RareWords words = new RareWords();
    private final LongAdder hits = new LongAdder();
    private final LongAdder shadowHits = new LongAdder();
    private final LongAdder explored = new LongAdder();
    private final Map<Veto.Reason, LongAdder> vetoes = new ConcurrentHashMap<>();

    /** @param tolerance the tolerated share of wrong hits: what is surer than that counts as a hit in shadow mode */
    QuestionSearch(QuestionVectors vectors, Entries entries, HitVerifier verifier, HitPolicy policy, double tolerance) {
        this.vectors = vectors;
        this.entries = entries;
        this.verifier = verifier;
        this.policy = policy;
        this.tolerance = tolerance;
    }

    /**
     * Looks a text up. Never throws for a failing embedding model or store: that is a miss, and without an embedding one under
     * which nothing can be stored.
     */
    Lookup lookup(Partition partition, String text) {
        float[] vector = vectors.of(text);
        TextShape shape = TextShape.of(text);
        if (vector.length == 0) {
            return new Lookup.Miss(new Asked(vector, shape, 0));
        }
        words.add(shape);
        List<Found> found;
        try {
            found = entries.near(partition, vector, text, NEIGHBOURS);
        } catch (StoreFailed e) {
            return new Lookup.Miss(new Asked(vector, shape, 0));
        }
        Asked asked = new Asked(vector, shape, density(found));
        Lookup refused = new Lookup.Miss(asked);
        int tried = 0;
        for (int i = 0; i < found.size() && tried < MOST_CANDIDATES; i++) {
            Found candidate = found.get(i);
            if (candidate.knownWrong()) {
                refused = refused instanceof Lookup.Miss ? vetoed(asked, candidate, Veto.Reason.KNOWN_WRONG) : refused;
                continue;
            }
            tried++;
            Optional<Veto> veto = verifier.verify(text, candidate.entry().text);
            if (veto.isEmpty()) {
                return decided(asked, found, i, refused);
            }
            if (tried == 1 && refused instanceof Lookup.Miss) {
                refused = vetoed(asked, candidate, veto.get().reason());
            }
        }
        return refused;
    }

    /**
     * What is needed to store a text in the place of an entry of its own: nobody asked, so that nothing is considered, decided
     * or counted. Never throws, as {@link #lookup} does not.
     *
     * @param own the entry; null if there is none
     */
    Lookup embed(Partition partition, String text, @Nullable UUID own) {
        float[] vector = vectors.of(text);
        TextShape shape = TextShape.of(text);
        List<Found> found = List.of();
        if (vector.length > 0) {
            try {
                found = entries.near(partition, vector, text, NEIGHBOURS).stream()
                        .filter(near -> !near.entry().id.equals(own))
                        .toList();
            } catch (StoreFailed e) {
                found = List.of(); // as when there are none
            }
        }
        return new Lookup.Miss(new Asked(vector, shape, density(found)));
    }

    private static double density(List<Found> found) {
        return PairContext.density(
                found.stream().map(each -> each.near().similarity()).toList());
    }

    private Lookup vetoed(Asked asked, Found candidate, Veto.Reason reason) {
        vetoes.computeIfAbsent(reason, r -> new LongAdder()).increment();
        return new Lookup.Vetoed(asked, reason, candidate.near().similarity(), candidate.entry().id);
    }

    /** What is decided of a candidate; where it is not worth a word, what there was before it. */
    private Lookup decided(Asked asked, List<Found> found, int i, Lookup otherwise) {
        double[] features = PairContext.features(
                asked.shape, i, found.stream().map(Found::near).toList(), words);
        Decision decision = policy.decide(features);
        Found near = found.get(i);
        UUID entry = near.entry().id;
        Candidate candidate = new Candidate(entry, near.near().similarity(), features, decision, near.pair());
        switch (decision.action()) {
            case SERVE -> {
                entries.used(entry);
                hits.increment();
                return new Lookup.Hit(asked, candidate);
            }
            case EXPLORE -> {
                explored.increment();
                return new Lookup.Explore(asked, candidate);
            }
            case SHADOW -> {
                if (decision.probability() >= 1 - tolerance) {
                    shadowHits.increment();
                }
                if (decision.judge()) {
                    explored.increment();
                }
                return new Lookup.Shadow(asked, candidate);
            }
            case PASS -> {
                return otherwise;
            }
        }
        throw new AssertionError(decision.action());
    }

    long hits() {
        return hits.sum();
    }

    long shadowHits() {
        return shadowHits.sum();
    }

    long explored() {
        return explored.sum();
    }

    /** How many candidates were refused, by the reason. */
    Map<Veto.Reason, Long> vetoes() {
        Map<Veto.Reason, Long> refused = new EnumMap<>(Veto.Reason.class);
        vetoes.forEach((reason, count) -> refused.put(reason, count.sum()));
        return refused;
    }
}
