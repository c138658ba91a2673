package io.github.flywheel4j.caching.redis;

import io.github.flywheel4j.caching.SharedTier.Subscriber;
import io.github.flywheel4j.caching.SharedTier.Subscription;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two connections to Redis, one for {@link Commands} and one for {@link Listening}, and what is owed while it is gone.
 * Once open, Lettuce opens each again whenever it breaks. Thread-safe.
 */
final class RedisLine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisLine.class);

    /** A node that lost its connection learns of invalidations when it is back, so it tries often. */
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);

    /** A node that was not told for so long what Redis has published takes it that it will not be told any more. */
    private static final Duration NEWS_TAKES_AT_MOST = Duration.ofSeconds(1);

    private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(2);

    /** A connection whose other end went away without a word is given up after about ten seconds. */
    private static final SocketOptions.KeepAliveOptions KEEP_ALIVE = SocketOptions.KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(5))
            .interval(Duration.ofSeconds(2))
            .count(3)
            .build();

    private final Bulletin bulletin;
    private final Duration timeout;
    private final Removal removal;
    private final ClientResources resources;
    private final RedisClient client;
    private final Errands errands = new Errands();
    private final Owed owed = new Owed();
    private final Commands commands;
    private final Listening listening;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Whether it is looked after whether what Redis has published is still to come. */
    private final AtomicBoolean waitsForNews = new AtomicBoolean();

    /** Whether a further attempt to settle is due; of the errands in order. */
    private boolean settlesLater;

    /** Whether it was said that Redis refuses; of the errands in order. */
    private boolean isRefused;

    RedisLine(RedisURI uri, String channel, Duration timeout, Duration pause, Removal removal) {
        this.bulletin = new Bulletin(channel);
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
        this.commands = new Commands(client, timeout, pause);
        this.listening = new Listening(client, channel, timeout, BETWEEN_ATTEMPTS, errands, this::settle);
    }

    boolean isAvailable() {
        return commands.isAvailable();
    }

    <T extends @Nullable Object> T call(Function<RedisCommands<String, byte[]>, T> command) {
        return commands.call(command);
    }

    /**
     * Puts a value, unless this node has not heard all that was published: what it made may rest on what is no longer so, and
     * would be served by those who heard it.
     */
    void put(String key, byte[] value, Duration timeToLive) {
        long heard = listening.heardUpTo();
        if (listening.isDeaf()) {
            throw notHeard();
        }
        if (heard == Heard.NOBODY) {
            String unused = call(redis -> redis.set(key, value, SetArgs.Builder.px(timeToLive.toMillis())));
        } else if (!call(redis -> bulletin.putIfPublished(redis, heard, key, value, timeToLive))) {
            if (!waitsForNews.getAndSet(true)) {
                errands.later(NEWS_TAKES_AT_MOST, () -> errands.inOrder(() -> stillNothing(heard)));
            }
            throw notHeard();
        }
    }

    private void stillNothing(long heard) {
        waitsForNews.set(false);
        if (listening.heardUpTo() == heard) {
            listening.catchUp();
        }
    }

    private static RedisException notHeard() {
        return new RedisException("invalidations may be missed at the moment, so nothing is stored for other nodes");
    }

    /**
     * Runs a command on which depends that something is taken back. Where it fails, subscribers owe that, and are told when Redis
     * does what it is asked: nothing else might tell them, where no connection broke and no call comes.
     */
    <T extends @Nullable Object> T callForRecall(Function<RedisCommands<String, byte[]>, T> command) {
        try {
            return call(command);
        } catch (RuntimeException e) {
            errands.inOrder(this::settleSoon);
            throw e;
        }
    }

    /** Removes; what fails is done when Redis is back, besides that it throws. */
    void remove(Collection<String> keys) {
        try {
            boolean unused = callForRecall(redis -> {
                removal.unlink(redis, keys);
                return true;
            });
        } catch (RuntimeException e) {
            owed.removal(keys);
            throw e;
        }
    }

    /** Publishes; what fails is done when Redis is back, besides that it throws. */
    void publish(String message) {
        long heard = listening.heardUpTo();
        try {
            if (callForRecall(redis -> bulletin.publish(redis, Listening.published(message))) <= heard) {
                owed.everything();
                listening.catchUp();
            }
        } catch (RuntimeException e) {
            owed.message(message);
            throw e;
        }
    }

    Subscription subscribe(Subscriber subscriber) {
        if (listening.add(subscriber)) {
            try {
                listening.begins(bulletin.published(commands.connected())); // so that the first calls find it open
            } catch (RedisException e) {
                log.debug("the first call opens the connection", e);
            }
        }
        return () -> listening.remove(subscriber);
    }

    /**
     * Does what could not be done while Redis was gone, and lets calls through again; the other connection may not be back yet,
     * then it tries again soon. A server that has published less than was heard from it has an older state, in which there may
     * be what was taken back since: all goes, also if that takes several attempts. Only in order.
     */
    private void settle() {
        Owed.Debts debts = owed.take();
        boolean isOlder = false;
        try {
            RedisCommands<String, byte[]> redis = commands.connected();
            long published = bulletin.published(redis);
            isOlder = published < listening.heardUpTo();
            removal.unlink(redis, debts.keys());
            for (String message : debts.messages()) {
                long unused = bulletin.publish(redis, Listening.published(message));
            }
            if (debts.more() || isOlder) {
                removal.unlinkAll(redis);
                long unused2 = bulletin.publish(redis, Listening.publishedLoss());
            }
            if (isOlder) {
                listening.forget();
            }
            listening.missesUpTo(published);
            commands.letThrough(); // subscribers may owe something too, and are told next
            settlesLater = false;
            isRefused = false;
        } catch (RuntimeException e) {
            owed.add(debts);
            if (e instanceof RedisCommandExecutionException && !isRefused) {
                isRefused = true;
                log.warn(
                        "the shared tier of the cache counts as absent until Redis does what it is owed, and it refuses: {}"
                                + " (expected: a server that is no replica and allows EVAL, GET, SCAN and UNLINK)",
                        e.getMessage());
            }
            if (isOlder) {
                owed.everything(); // by then others may have published, so that it is no longer to be seen
            }
            log.debug(
                    "{} removals and {} messages wait for Redis",
                    debts.keys().size(),
                    debts.messages().size(),
                    e);
            settleSoon();
        }
    }

    private void settleSoon() {
        if (!settlesLater) {
            settlesLater = true;
            errands.later(BETWEEN_ATTEMPTS, () -> errands.inOrder(this::settleLater));
        }
    }

    private void settleLater() {
        if (!settlesLater) {
            return; // done meanwhile
        }
        settlesLater = false;
        settle();
        if (!settlesLater) {
            listening.tellOfMissed(); // those that could do nothing when they were told first
        }
    }

    /** How entries are removed. */
    interface Removal {

        void unlink(RedisCommands<String, byte[]> redis, Collection<String> keys);

        void unlinkAll(RedisCommands<String, byte[]> redis);
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        commands.close();
        listening.close();
        errands.close();
        client.shutdown(Duration.ZERO, timeout);
        resources.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(timeout.toMillis());
    }
}
