package io.github.flywheel4j.caching.redis;

import io.github.flywheel4j.caching.SharedTier.Subscriber;
import io.github.flywheel4j.caching.SharedTier.Subscription;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two connections to Redis, one for commands and one that listens, and the breaker before the first. Thread-safe.
 *
 * <p>Each is opened when it is first needed; once open, Lettuce opens it again whenever it breaks. The listening one is tried
 * until it is there, because nothing else would notice that Redis came up.
 */
final class RedisLine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisLine.class);

    /** Before what a cache publishes, and what this class does itself. */
    private static final char MESSAGE = 'm';

    private static final char LOST = 'l';

    private static final int CALLS_LOOKED_AT = 10;
    private static final int TRIALS = 2;
    private static final int LARGEST_SHARE_OF_FAILURES = 50;

    /** A node that lost its connection learns of invalidations when it is back, so it tries often. */
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);

    private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(2);

    /** A connection whose other end went away without a word is given up after about ten seconds. */
    private static final SocketOptions.KeepAliveOptions KEEP_ALIVE = SocketOptions.KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(5))
            .interval(Duration.ofSeconds(2))
            .count(3)
            .build();

    private final String channel;
    private final Duration timeout;
    private final Removal removal;
    private final ClientResources resources;
    private final RedisClient client;
    private final CircuitBreaker breaker;
    private final Owed owed = new Owed();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final ReentrantLock connecting = new ReentrantLock();
    private final ExecutorService telling;
    private final ScheduledExecutorService retrying;

    private volatile @Nullable StatefulRedisConnection<String, byte[]> commands;
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> listening;
    private volatile boolean closed;

    /** Whether the next confirmation of the subscription is the first one, which misses nothing. */
    private volatile boolean punctual;

    /** How often hearing was lost, and the count of it after which all was told that may have been missed. */
    private final AtomicLong losses = new AtomicLong();

    private volatile long lossesTold;

    /** Whether a further attempt to settle is due; of the thread that tells. */
    private boolean settlesLater;

    RedisLine(RedisURI uri, String channel, Duration timeout, Duration pause, Removal removal) {
        this.channel = channel;
        this.timeout = timeout;
        this.removal = removal;
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.constant(BETWEEN_ATTEMPTS))
                .build();
        Duration connect = timeout.compareTo(CONNECT_AT_MOST) < 0 ? timeout : CONNECT_AT_MOST;
        // Of the handshake too: a server that takes connections and says nothing would hold a call for a minute.
        uri.setTimeout(connect);
        this.client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                // A call does not wait for a connection to come back, it goes on without the shared tier.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connect)
                        .keepAlive(KEEP_ALIVE)
                        .build())
                .build());
        this.breaker = CircuitBreaker.of(
                "flywheel4j-cache",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(CALLS_LOOKED_AT)
                        .minimumNumberOfCalls(CALLS_LOOKED_AT / 2)
                        .failureRateThreshold(LARGEST_SHARE_OF_FAILURES)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .waitDurationInOpenState(pause)
                        // A trial whose thread gets no processor would keep all others out for ever.
                        .maxWaitDurationInHalfOpenState(pause)
                        // Nothing that Redis did: a caller that was interrupted, and the first calls of many at once.
                        .ignoreExceptions(RedisCommandInterruptedException.class, StillConnecting.class)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(
                        event -> log.info("the shared tier of the cache: breaker {}", event.getStateTransition()));
        this.telling = Executors.newSingleThreadExecutor(RedisLine::thread);
        this.retrying = Executors.newSingleThreadScheduledExecutor(RedisLine::thread);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "flywheel4j-cache-redis");
        thread.setDaemon(true);
        return thread;
    }

    boolean isAvailable() {
        return breaker.getState() != CircuitBreaker.State.OPEN;
    }

    /**
     * Whether what others take back may be missed at the moment. A node that does not hear must not store: what it makes may
     * rest on what is no longer so, and would be served by those who heard it.
     */
    boolean isDeaf() {
        return lossesTold != losses.get();
    }

    // ---------------------------------------------------------------- commands

    <T extends @Nullable Object> T call(Function<RedisCommands<String, byte[]>, T> command) {
        return breaker.executeSupplier(() -> command.apply(connected().sync()));
    }

    /** Removes; what fails is done when Redis is back, besides that it throws. */
    void remove(Collection<String> keys) {
        try {
            breaker.executeRunnable(() -> removal.unlink(connected().sync(), keys));
        } catch (RuntimeException e) {
            owed.removal(keys);
            throw e;
        }
    }

    void publish(String message) {
        try {
            Long unused = call(redis -> redis.publish(channel, bytes(MESSAGE + message)));
        } catch (RuntimeException e) {
            owed.message(message);
            throw e;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private StatefulRedisConnection<String, byte[]> connected() {
        StatefulRedisConnection<String, byte[]> open = commands;
        if (open != null) {
            return open;
        }
        if (!connecting.tryLock()) {
            throw new StillConnecting();
        }
        try {
            open = commands;
            if (open == null) {
                if (closed) {
                    throw new RedisException("the tier is closed");
                }
                open = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
                open.setTimeout(timeout);
                commands = open;
            }
            return open;
        } finally {
            connecting.unlock();
        }
    }

    private static final class StillConnecting extends RedisException {

        private static final long serialVersionUID = 1;

        StillConnecting() {
            super("the connection is being opened by another call");
        }
    }

    // ---------------------------------------------------------------- listening

    Subscription subscribe(Subscriber subscriber) {
        subscribers.add(subscriber);
        connecting.lock();
        try {
            if (listening == null && !closed) {
                listen(true);
                if (listening != null) {
                    var unused = connected(); // so that the first calls find it open
                }
            }
        } catch (RedisException e) {
            log.debug("the first call opens the connection", e);
        } finally {
            connecting.unlock();
        }
        return () -> subscribers.remove(subscriber);
    }

    private void listen(boolean inTime) {
        StatefulRedisPubSubConnection<String, String> open = null;
        try {
            open = client.connectPubSub(StringCodec.UTF8);
            open.setTimeout(timeout);
            open.addListener(new Listener());
            open.addListener(new Watch());
            punctual = inTime;
            open.sync().subscribe(channel);
            listening = open;
        } catch (RedisException e) {
            losses.incrementAndGet();
            if (open != null) {
                var unused = open.closeAsync();
            }
            if (inTime) {
                log.warn(
                        "the shared tier of the cache cannot be reached ({}); it is tried again until it can",
                        e.getClass().getSimpleName());
            }
            later(this::listenLater);
        }
    }

    private void later(Runnable task) {
        try {
            var unused = retrying.schedule(task, BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("closed: no further attempt", e);
        }
    }

    private void listenLater() {
        connecting.lock();
        try {
            if (listening == null && !closed) {
                listen(false);
            }
        } finally {
            connecting.unlock();
        }
    }

    /** Calls back on a thread of its own: on Lettuce's, a subscriber that asks Redis something would wait for itself. */
    private final class Listener extends RedisPubSubAdapter<String, String> {

        @Override
        public void message(String heardOn, String text) {
            if (text.isEmpty()) {
                return;
            }
            if (text.charAt(0) == MESSAGE) {
                tellAll(subscriber -> subscriber.message(text.substring(1)));
            } else if (text.charAt(0) == LOST) {
                tellAll(Subscriber::missed);
            }
        }

        /** Confirmed by the server: once by the first subscription, and each time that Lettuce renewed it. */
        @Override
        public void subscribed(String to, long count) {
            if (punctual) {
                punctual = false;
                return;
            }
            long lost = losses.get();
            inOrder(RedisLine.this::settle);
            tellAll(Subscriber::missed);
            inOrder(() -> lossesTold = lost);
        }
    }

    /** Notes when the listening connection breaks. */
    private final class Watch implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            losses.incrementAndGet();
        }
    }

    /**
     * Does what could not be done while Redis was gone, and lets calls through again; the other connection may not be back yet,
     * then it tries again soon. Only on the thread that tells.
     */
    private void settle() {
        Owed.Debts debts = owed.take();
        try {
            RedisCommands<String, byte[]> redis = connected().sync();
            String unused = redis.ping();
            removal.unlink(redis, debts.keys());
            for (String message : debts.messages()) {
                Long unused2 = redis.publish(channel, bytes(MESSAGE + message));
            }
            if (debts.more()) {
                removal.unlinkAll(redis);
                Long unused3 = redis.publish(channel, bytes(String.valueOf(LOST)));
            }
            if (breaker.getState() != CircuitBreaker.State.CLOSED) {
                breaker.transitionToClosedState(); // subscribers may owe something too, and are told next
            }
        } catch (RedisException e) {
            owed.add(debts);
            log.debug(
                    "{} removals and {} messages wait for Redis",
                    debts.keys().size(),
                    debts.messages().size(),
                    e);
            if (!settlesLater) {
                settlesLater = true;
                later(() -> inOrder(this::settleLater));
            }
        }
    }

    private void settleLater() {
        settlesLater = false;
        settle();
        if (!settlesLater) {
            tellAll(Subscriber::missed); // those that could do nothing when they were told first
        }
    }

    /** How entries are removed. */
    interface Removal {

        void unlink(RedisCommands<String, byte[]> redis, Collection<String> keys);

        void unlinkAll(RedisCommands<String, byte[]> redis);
    }

    private void tellAll(Consumer<Subscriber> news) {
        for (Subscriber each : subscribers) {
            inOrder(() -> news.accept(each));
        }
    }

    private void inOrder(Runnable task) {
        try {
            telling.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.warn("a subscriber of the shared tier of the cache failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("closed: nobody is told any more", e);
        }
    }

    @Override
    public void close() {
        connecting.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            connecting.unlock();
        }
        retrying.shutdownNow();
        telling.shutdown();
        client.shutdown(Duration.ZERO, timeout);
        resources.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(timeout.toMillis());
    }
}
