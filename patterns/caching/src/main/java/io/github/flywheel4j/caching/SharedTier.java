package io.github.flywheel4j.caching;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A store of answers that several nodes share, behind the tier that each {@link ResponseCache} holds in its own memory: for
 * those who write one. {@code flywheel4j-caching-redis} has one for Redis.
 *
 * <p>It moves bytes and understands none of them. Keys are short texts of letters, digits, {@code -}, {@code _} and
 * {@code :}; they are digests, so that they say nothing of a question. Values are answers and may be personal data.
 *
 * <p>Every method ends within a bounded time, well below a model call's, and throws an unchecked exception if it could not
 * do its job. The cache then goes on with its own tier alone; what protects a server in trouble, such as a breaker, is in
 * the implementation. Implementations are thread-safe. Whoever made a shared tier closes it; a cache never does.
 */
public interface SharedTier extends AutoCloseable {

    /** The value under a key; null if there is none or its time is up. */
    byte @Nullable [] get(String key);

    /**
     * Puts a value under a key, in the place of another one. Where a tier can tell that this node has not heard all that was
     * published, it throws: what the node made may rest on what others have just taken back, and nobody would remove it.
     *
     * @param timeToLive after which it is gone, at least one millisecond
     */
    void put(String key, byte[] value, Duration timeToLive);

    /** Removes the values of these keys; those that are not there are ignored. */
    void remove(Collection<String> keys);

    /**
     * Shows every key and value that is there from the begin to the end; one that comes or goes meanwhile may be shown or
     * not, and one may be shown twice. It takes as long as there are many, and is used for rare invalidations.
     */
    void forEach(BiConsumer<String, byte[]> visitor);

    /**
     * Adds short texts to a list that all nodes read and that outlives all values; one that is in it becomes the newest.
     *
     * @param list a word of letters
     * @param most how many stay in it, the newest ones
     * @param keep after which the list is gone if nothing is added
     */
    void note(String list, Collection<String> texts, int most, Duration keep);

    /** What is in such a list, the oldest first; nothing if there is none. */
    List<String> noted(String list);

    /** Tells all nodes, this one perhaps too, a short text. Best effort: a node that is cut off does not hear it. */
    void publish(String message);

    /** Hears what any node publishes, from now on until the subscription is closed; several may listen. */
    Subscription subscribe(Subscriber subscriber);

    /** Lets go of connections and threads; what was stored stays. */
    @Override
    void close();

    /** Who hears what is published. Called on a thread of the shared tier; an exception is logged and harms nothing. */
    interface Subscriber {

        /** A text was published. */
        void message(String message);

        /** The connection was lost and is back: texts may have been missed in between. */
        void missed();
    }

    /** Ends a subscription. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
