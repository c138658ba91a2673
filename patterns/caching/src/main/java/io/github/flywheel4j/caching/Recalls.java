package io.github.flywheel4j.caching;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Carries out what is to be taken back from a shared tier. Thread-safe; throws what the tier throws. */
record Recalls(SharedTier tier, @Nullable SharedPairs pairs) {

    /** The key of the answer that an interaction filled; null if it is not there. */
    @Nullable
    CacheKey keyOf(UUID filledBy) {
        byte[] key = tier.get(SharedAnswers.FILLED_BY + filledBy);
        return key == null ? null : CacheKey.parse(new String(key, StandardCharsets.US_ASCII));
    }

    /**
     * Nodes are told twice: before, so that none stores what it was asked before, and after, so that none keeps what it fetched
     * until then.
     */
    void carryOut(Recall recall) {
        List<Invalidation> messages = recall.messages();
        publish(messages);
        List<String> names = new ArrayList<>(recall.names());
        recall.interactions().forEach((filledBy, key) -> {
            names.add(SharedAnswers.FILLED_BY + filledBy);
            CacheKey made = key.orElseGet(() -> keyOf(filledBy));
            if (made != null) {
                names.add(SharedAnswers.ANSWER + made);
            }
        });
        List<UUID> untold = recall.picks().isEmpty() ? List.of() : pick(recall.picks(), names);
        if (!names.isEmpty()) {
            tier.remove(names);
        }
        publish(messages);
        publish(Invalidation.ofInteractions(untold));
        if (!recall.pairs().isEmpty()) {
            SharedPairs.note(tier, recall.pairs());
            publish(recall.pairs().stream().map(Invalidation::ofPair).toList());
        }
        if (recall.isExchange() && pairs != null) {
            pairs.exchange();
        }
    }

    private void publish(List<Invalidation> messages) {
        messages.forEach(each -> tier.publish(each.toMessage()));
    }

    /** Adds the names of the answers that are picked, and returns those of which nodes do not know that they are. */
    private List<UUID> pick(List<Recall.Pick> picks, List<String> names) {
        List<UUID> untold = new ArrayList<>();
        tier.forEach((name, bytes) -> {
            if (!name.startsWith(SharedAnswers.ANSWER)) {
                return;
            }
            StoredAnswer answer = StoredAnswer.fromBytes(bytes).orElse(null);
            if (answer == null) {
                names.add(name); // of a newer version, say: nobody here can say that it may stay
                return;
            }
            List<Recall.Pick> by =
                    picks.stream().filter(each -> each.what().test(answer)).toList();
            if (!by.isEmpty()) {
                names.add(name);
                names.add(SharedAnswers.FILLED_BY + answer.filledBy());
                if (by.stream().noneMatch(Recall.Pick::isTold)) {
                    untold.add(answer.filledBy());
                }
            }
        });
        return untold;
    }
}
