package io.github.flywheel4j.caching;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A shared tier in memory, between the caches of one test; its times to live are noted and never up. */
final class MapTier implements SharedTier {

    final Map<String, byte[]> values = new ConcurrentHashMap<>();
    final Map<String, Duration> timesToLive = new ConcurrentHashMap<>();
    private final Map<String, List<String>> notes = new ConcurrentHashMap<>();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> beforePut = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> beforeRemoval = new AtomicReference<>();
    private volatile boolean isGone;
    private volatile boolean keepsAll;
    private volatile boolean isSilent;

    /** Runs something once a value was read and before its reader has it. */
    void beforeNextGetReturns(Runnable action) {
        meanwhile.set(action);
    }

    /** Runs something before the next value is put. */
    void beforeNextPut(Runnable action) {
        beforePut.set(action);
    }

    /** Runs something before the next values are removed. */
    void beforeNextRemoval(Runnable action) {
        beforeRemoval.set(action);
    }

    /** From now on every method throws. */
    void fail() {
        isGone = true;
    }

    /** From now on it serves and stores, but does not remove. */
    void keepAll() {
        keepsAll = true;
    }

    /** What is published by this action is heard by nobody. */
    void unheard(Runnable action) {
        isSilent = true;
        action.run();
        isSilent = false;
    }

    /** From now on it works again, and says so. */
    void recover() {
        isGone = false;
        subscribers.forEach(Subscriber::missed);
    }

    @Override
    public byte @Nullable [] get(String key) {
        requireThere();
        byte[] value = values.get(key);
        Runnable first = meanwhile.getAndSet(null);
        if (first != null) {
            first.run();
        }
        return value;
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) {
        requireThere();
        Runnable first = beforePut.getAndSet(null);
        if (first != null) {
            first.run();
        }
        values.put(key, value);
        timesToLive.put(key, timeToLive);
    }

    @Override
    public void remove(Collection<String> keys) {
        requireThere();
        if (keepsAll) {
            throw new IllegalStateException("scripted: the shared tier removes nothing");
        }
        Runnable first = beforeRemoval.getAndSet(null);
        if (first != null) {
            first.run();
        }
        values.keySet().removeAll(keys);
    }

    @Override
    public void forEach(BiConsumer<String, byte[]> visitor) {
        requireThere();
        values.forEach(visitor);
    }

    @Override
    public void note(String list, Collection<String> texts, int most, Duration keep) {
        requireThere();
        notes.computeIfAbsent(list, name -> new CopyOnWriteArrayList<>()).addAll(texts);
    }

    @Override
    public List<String> noted(String list) {
        requireThere();
        return notes.getOrDefault(list, List.of());
    }

    @Override
    public void publish(String message) {
        requireThere();
        if (!isSilent) {
            subscribers.forEach(each -> each.message(message));
        }
    }

    @Override
    public Subscription subscribe(Subscriber subscriber) {
        requireThere();
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    @Override
    public void close() {}

    private void requireThere() {
        if (isGone) {
            throw new IllegalStateException("scripted: the shared tier is gone");
        }
    }
}
