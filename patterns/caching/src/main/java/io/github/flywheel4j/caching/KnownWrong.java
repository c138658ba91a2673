package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.Spelling;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Pairs of questions that are known not to have the same answer, the newest ones. They outlive the answers that they are
 * about: an answer that is made anew is as wrong for the other question as it was before. Guarded by the lock of {@link Entries}.
 */
final class KnownWrong {

    /** Some 20 MB, and years of them: people find a few a day. */
    static final int MOST_TOLD = 100_000;

    /** How long nodes remember together without a new one; each of them does as long as it runs. */
    static final Duration KEPT_AFTER_THE_LAST = Duration.ofDays(365);

    /** A judge may find thousands a day, and finds them again; they push out none that people found. */
    private static final int MOST_JUDGED = 50_000;

    private final Set<Pair> told = new LinkedHashSet<>();
    private final Set<Pair> judged = new LinkedHashSet<>();

    /** Two forms, in one order of the two: an answer that is wrong for one question is wrong for it whichever came first. */
    record Pair(UUID one, UUID other) {

        static Pair of(UUID one, UUID other) {
            return one.compareTo(other) <= 0 ? new Pair(one, other) : new Pair(other, one);
        }

        /** Reads what {@link #toString()} wrote; empty if it is none. */
        static Optional<Pair> parse(String text) {
            String[] forms = text.split(" ", -1);
            try {
                return forms.length == 2
                        ? Optional.of(of(UUID.fromString(forms[0]), UUID.fromString(forms[1])))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** The two forms, as nodes tell each other. */
        @Override
        public String toString() {
            return one + " " + other;
        }
    }

    /**
     * What stays the same of a question when it is re-worded in case, white space or Unicode form; a digest, so that no text is
     * kept. It is the same for all partitions of a scope and a workload: a state of the documents or a deployment does not make
     * two questions equal, and at worst the model is asked once more.
     */
    static UUID form(Partition partition, String text) {
        return UUID.nameUUIDFromBytes(
                (partition.askers() + "\n" + Spelling.fold(text)).getBytes(StandardCharsets.UTF_8));
    }

    /** Notes a pair that people found, or that was known before a restart. */
    void told(Pair pair) {
        judged.remove(pair);
        add(told, pair, MOST_TOLD);
    }

    /** Notes a pair that the judge found; false if it was known. */
    boolean judged(Pair pair) {
        boolean isNew = !contains(pair);
        if (isNew) {
            add(judged, pair, MOST_JUDGED);
        }
        return isNew;
    }

    private static void add(Set<Pair> pairs, Pair pair, int most) {
        pairs.add(pair);
        if (pairs.size() > most) {
            Iterator<Pair> oldest = pairs.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    boolean contains(Pair pair) {
        return told.contains(pair) || judged.contains(pair);
    }

    /** Those that people found. */
    List<Pair> told() {
        return List.copyOf(told);
    }

    /** All of them; those that people found come last, so that they stay longest where all are told anew. */
    List<Pair> all() {
        List<Pair> all = new ArrayList<>(judged);
        all.addAll(told);
        return all;
    }
}
