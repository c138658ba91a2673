package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Pairs of questions that are known not to have the same answer, the newest ones. They outlive the answers that they are
 * about: an answer that is made anew is as wrong for the other question as it was before. Guarded by the lock of {@link Entries}.
 */
final class KnownWrong {

    /** Some 10 MB; judges and people find a few a day. */
    private static final int MOST = 50_000;

    private final Set<Pair> pairs = new LinkedHashSet<>();

    /** Two forms, in one order of the two: an answer that is wrong for one question is wrong for it whichever came first. */
    record Pair(UUID one, UUID other) {

        static Pair of(UUID one, UUID other) {
            return one.compareTo(other) <= 0 ? new Pair(one, other) : new Pair(other, one);
        }
    }

    /**
     * What stays the same of a question when it is re-worded in case, white space or Unicode form; a digest, so that no text is
     * kept.
     */
    static UUID form(Partition partition, String text) {
        return UUID.nameUUIDFromBytes(
                (partition.digest() + "\n" + Spelling.fold(text)).getBytes(StandardCharsets.UTF_8));
    }

    /** Notes a pair; false if it was known. */
    boolean add(Pair pair) {
        boolean isNew = pairs.add(pair);
        if (pairs.size() > MOST) {
            Iterator<Pair> oldest = pairs.iterator();
            oldest.next();
            oldest.remove();
        }
        return isNew;
    }

    void addAll(Collection<Pair> more) {
        more.forEach(this::add);
    }

    boolean contains(Pair pair) {
        return pairs.contains(pair);
    }

    List<Pair> all() {
        return List.copyOf(pairs);
    }
}
