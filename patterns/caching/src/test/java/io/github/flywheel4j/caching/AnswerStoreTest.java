package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import io.github.flywheel4j.CallContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the store keeps answers and lets them go, where the order of the two is the point. */
class AnswerStoreTest {

    private static final UUID MADE = new UUID(1, 1);
    private static final UUID SERVED = new UUID(1, 2);
    private static final CacheKey KEY = key("one");

    @Test
    void aCallThatWasEvictedBeforeItIsServedTakesItsAnswerBack() {
        AnswerStore store = new AnswerStore(Caches.shared(), new CacheCounters(), id -> {}, id -> {}, null);
        assertThat(store.evict(SERVED)).isFalse();
        assertThat(store.put(KEY, answer(MADE), CallContext.empty(), store.epoch(), List.of(MADE)))
                .isTrue();
        store.served(SERVED, ServedAnswers.Again.asAsked(MADE));

        assertThat(store.get(KEY)).isNull();
    }

    /** What hears of it may be slow, or take back answers itself. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tellsWhatWentWhenNothingIsLocked() {
        AtomicReference<@Nullable AnswerStore> store = new AtomicReference<>();
        List<UUID> gone = new ArrayList<>();
        store.set(new AnswerStore(
                Caches.shared().entriesPerTenant(1),
                new CacheCounters(),
                id -> {
                    gone.add(id);
                    boolean unused = Objects.requireNonNull(store.get()).evict(UUID.randomUUID());
                },
                id -> {},
                null));
        AnswerStore filled = Objects.requireNonNull(store.get());
        filled.put(KEY, answer(MADE), Caches.ANN, filled.epoch(), List.of());
        filled.put(key("two"), answer(SERVED), Caches.ANN, filled.epoch(), List.of());

        assertThat(gone).containsExactly(MADE);
        assertThat(filled.size()).isEqualTo(1);
    }

    private static CacheKey key(String text) {
        return new KeyBytes().add(text).digest();
    }

    private static StoredAnswer answer(UUID filledBy) {
        Instant now = Instant.now();
        return new StoredAnswer(
                AiMessage.from("Yes."), null, null, "", filledBy, now, now.plusSeconds(60), List.of(), List.of());
    }
}
