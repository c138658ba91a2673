package io.github.flywheel4j.caching.redis;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** What could not be removed and published while Redis was gone, up to a bound. Thread-safe. */
final class Owed {

    /** Keys, and messages, of some hundred bytes each. */
    static final int MOST = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> keys = new LinkedHashSet<>();
    private final Set<String> messages = new LinkedHashSet<>();
    private boolean more;

    /**
     * What is owed.
     *
     * @param more whether there was more than could be kept, so that anything may have to go
     */
    record Debts(List<String> keys, List<String> messages, boolean more) {

        boolean isEmpty() {
            return keys.isEmpty() && messages.isEmpty() && !more;
        }
    }

    void add(Debts debts) {
        lock.lock();
        try {
            keep(keys, debts.keys());
            keep(messages, debts.messages());
            more |= debts.more();
        } finally {
            lock.unlock();
        }
    }

    void removal(Collection<String> removed) {
        add(new Debts(List.copyOf(removed), List.of(), false));
    }

    void message(String message) {
        add(new Debts(List.of(), List.of(message), false));
    }

    /** That anything may have to go. */
    void everything() {
        add(new Debts(List.of(), List.of(), true));
    }

    private void keep(Set<String> owed, List<String> added) {
        for (String each : added) {
            if (owed.size() < MOST) {
                owed.add(each);
            } else {
                more |= !owed.contains(each);
            }
        }
    }

    /** Hands out what is owed and forgets it. */
    Debts take() {
        lock.lock();
        try {
            Debts debts = new Debts(List.copyOf(keys), List.copyOf(messages), more);
            keys.clear();
            messages.clear();
            more = false;
            return debts;
        } finally {
            lock.unlock();
        }
    }
}
