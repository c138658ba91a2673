package io.github.flywheel4j.caching.redis;

import io.github.flywheel4j.caching.SharedTier;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SharedTier} in Redis 6 or newer, or a server that speaks like it: what one node was answered, all serve. Thread-safe;
 * it holds two connections and a few threads until it is closed.
 *
 * <pre>{@code
 * RedisTier tier =
 *         RedisTier.builder("redis://localhost:6379").namespace("shop").build();
 * ResponseCache cache = ResponseCache.builder(Scope.tenant())
 *         .temperature(TemperaturePolicy.any())
 *         .shared(tier)
 *         .build();
 * }</pre>
 *
 * <p>Keys are {@code namespace:v1:key}, values live as long as they are told; a server that is full may drop them earlier
 * ({@code maxmemory-policy allkeys-lru} or {@code volatile-ttl}). Invalidations are published on the channel
 * {@code namespace:v1} and counted under the key of that name, and lists are under {@code namespace:v1.list}. The server must
 * let it run scripts ({@code EVAL}).
 *
 * <p><b>When Redis is gone</b>, calls fail within the {@linkplain Builder#timeout time-out}, and after a few failures at once: a
 * breaker lets only a trial through now and then until Redis answers again. Nothing waits for Redis to start either: a tier is
 * built without a server, and connects when there is one. What was to be removed or published meanwhile is kept and done when
 * the connection is back, and subscribers are told that they may have missed something, so that a node which was cut off never
 * serves on what others took back. While it is cut off it cannot know, so it stores nothing for others; how long it serves
 * what it has is bounded by the times to live.
 */
public final class RedisTier implements SharedTier {

    /** Keys of one command: enough to make the round trip cheap, and too few to keep the server from others. */
    private static final int BATCH = 500;

    private final String prefix;
    private final ScanArgs all;
    private final RedisLine line;
    private final Notes notes;

    private RedisTier(Builder builder) {
        this.prefix = builder.namespace + ":v1:";
        this.all = ScanArgs.Builder.matches(prefix + "*").limit(BATCH);
        this.line = new RedisLine(
                builder.uri, builder.namespace + ":v1", builder.timeout, builder.pauseAfterFailures, new Removal());
        // Beside the values, which may all have to go.
        this.notes = new Notes(line, builder.namespace + ":v1.", BATCH);
    }

    /**
     * A tier at a Redis server, to be built.
     *
     * @param uri in the notation of Lettuce, such as {@code redis://user:password@host:6379/0}, {@code rediss://} with TLS, or
     *     {@code redis-sentinel://}
     * @throws IllegalArgumentException if it is none
     */
    public static Builder builder(String uri) {
        try {
            return new Builder(RedisURI.create(uri));
        } catch (IllegalArgumentException e) {
            // Neither the value nor the cause: both hold the password.
            throw new IllegalArgumentException("uri: not that of a Redis server (expected: redis://host:port or"
                    + " rediss://user:password@host:port)");
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        return line.call(commands -> commands.get(prefix + key));
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) {
        if (timeToLive.toMillis() < 1) {
            throw new IllegalArgumentException("timeToLive: " + timeToLive
                    + " (expected: at least one millisecond; do not store what nobody may see)");
        }
        line.put(prefix + key, value, timeToLive);
    }

    @Override
    public void remove(Collection<String> keys) {
        line.remove(keys);
    }

    @Override
    public void forEach(BiConsumer<String, byte[]> visitor) {
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            ScanCursor from = cursor;
            KeyScanCursor<String> page = line.call(redis -> redis.scan(from, all));
            if (!page.getKeys().isEmpty()) {
                String[] names = page.getKeys().toArray(String[]::new);
                for (KeyValue<String, byte[]> each : line.call(redis -> redis.mget(names))) {
                    each.ifHasValue(value -> visitor.accept(each.getKey().substring(prefix.length()), value));
                }
            }
            cursor = page;
        } while (!cursor.isFinished());
    }

    @Override
    public void note(String list, Collection<String> texts, int most, Duration keep) {
        notes.add(list, texts, most, keep);
    }

    @Override
    public List<String> noted(String list) {
        return notes.of(list);
    }

    /** Takes keys without their prefix. */
    private final class Removal implements RedisLine.Removal {

        @Override
        public void unlink(RedisCommands<String, byte[]> redis, Collection<String> keys) {
            List<String> names = keys.stream().map(prefix::concat).toList();
            for (int from = 0; from < names.size(); from += BATCH) {
                Long unused = redis.unlink(names.subList(from, Math.min(names.size(), from + BATCH))
                        .toArray(String[]::new));
            }
        }

        @Override
        public void unlinkAll(RedisCommands<String, byte[]> redis) {
            ScanCursor cursor = ScanCursor.INITIAL;
            do {
                KeyScanCursor<String> page = redis.scan(cursor, all);
                if (!page.getKeys().isEmpty()) {
                    Long unused = redis.unlink(page.getKeys().toArray(String[]::new));
                }
                cursor = page;
            } while (!cursor.isFinished());
        }
    }

    @Override
    public void publish(String message) {
        line.publish(message);
    }

    /**
     * {@inheritDoc}
     *
     * <p>When Redis cannot be reached, the subscription begins when it can, with {@link Subscriber#missed()}.
     */
    @Override
    public Subscription subscribe(Subscriber subscriber) {
        return line.subscribe(subscriber);
    }

    /** Whether calls are let through to Redis at the moment: false while its breaker is open. */
    public boolean isAvailable() {
        return line.isAvailable();
    }

    @Override
    public void close() {
        line.close();
    }

    /** Names the namespace: the address may hold a password. */
    @Override
    public String toString() {
        return "RedisTier(" + prefix + "*)";
    }

    /** Settings of a {@link RedisTier}. */
    public static final class Builder {

        private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
        private static final Duration LEAST_TIMEOUT = Duration.ofMillis(1);
        private static final Duration MOST_TIMEOUT = Duration.ofSeconds(10);

        private final RedisURI uri;
        private String namespace = "flywheel4j";
        private Duration timeout = Duration.ofMillis(200);
        private Duration pauseAfterFailures = Duration.ofSeconds(5);

        private Builder(RedisURI uri) {
            this.uri = uri;
        }

        /**
         * What all keys of this cache begin with, 1 to 64 letters, digits and {@code _ . -}. Caches with one namespace share
         * their answers and their invalidations; default: {@code flywheel4j}.
         */
        public Builder namespace(String namespace) {
            this.namespace = namespace;
            return this;
        }

        /**
         * How long a call may wait for Redis, 1 ms to 10 s; default: 200 ms, which is long for Redis and short beside a model.
         */
        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /**
         * How long Redis is left alone when at least half of the last ten calls failed, before a trial; default: 5 s, which
         * bounds what an outage costs to a time-out every few seconds.
         */
        public Builder pauseAfterFailures(Duration pause) {
            this.pauseAfterFailures = pause;
            return this;
        }

        /**
         * Builds the tier. Needs no server yet.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public RedisTier build() {
            if (!NAMESPACE.matcher(namespace).matches()) {
                throw new IllegalArgumentException("namespace: '" + namespace
                        + "' (expected: 1 to 64 letters, digits and _ . -, because it is a part of each key)");
            }
            if (timeout.compareTo(LEAST_TIMEOUT) < 0 || timeout.compareTo(MOST_TIMEOUT) > 0) {
                throw new IllegalArgumentException("timeout: " + timeout
                        + " (expected: 1 ms to 10 s; a call waits so long for an answer that the model could give)");
            }
            if (pauseAfterFailures.toMillis() < 1) {
                throw new IllegalArgumentException(
                        "pauseAfterFailures: " + pauseAfterFailures + " (expected: at least 1 ms)");
            }
            return new RedisTier(this);
        }
    }
}
