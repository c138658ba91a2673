package io.github.flywheel4j.caching.redis;

import io.github.flywheel4j.caching.SharedTier.Subscriber;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that hears what all nodes publish, and who is told. It is tried until it is there, because nothing else would
 * notice that Redis came up. Thread-safe.
 */
final class Listening implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Listening.class);

    /** Before what a cache publishes. */
    private static final char MESSAGE = 'm';

    /** That there was more to publish than could be kept. */
    private static final String LOST = "l";

    private final RedisClient client;
    private final String channel;
    private final Duration timeout;
    private final Duration betweenAttempts;
    private final Errands errands;
    private final Runnable onBack;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final ReentrantLock connecting = new ReentrantLock();

    private volatile @Nullable StatefulRedisPubSubConnection<String, String> connection;
    private volatile boolean closed;

    /** Whether the next confirmation of the subscription is the first one, which misses nothing. */
    private volatile boolean punctual;

    /** How often hearing was lost, and the count of it after which all was told that may have been missed. */
    private final AtomicLong losses = new AtomicLong();

    private volatile long lossesTold;

    /** What was published and heard; it grows in order with what subscribers are told. */
    private final Heard heard = new Heard();

    /** How much was published when subscribers were last told that they may have missed something; of the errands in order. */
    private long publishedBefore;

    /** Whether it is caught up on messages between two that were heard; of the errands in order. */
    private boolean looksForGap;

    /** @param onBack what is done in order before subscribers hear that messages may have been missed */
    Listening(
            RedisClient client,
            String channel,
            Duration timeout,
            Duration betweenAttempts,
            Errands errands,
            Runnable onBack) {
        this.client = client;
        this.channel = channel;
        this.timeout = timeout;
        this.betweenAttempts = betweenAttempts;
        this.errands = errands;
        this.onBack = onBack;
    }

    /** What is to be published for a subscriber to hear this message. */
    static String published(String message) {
        return MESSAGE + message;
    }

    /** What is to be published for all subscribers to hear that messages may have been missed. */
    static String publishedLoss() {
        return LOST;
    }

    /** Whether messages may be missed at the moment. */
    boolean isDeaf() {
        return lossesTold != losses.get();
    }

    /** Up to which number all that was published was heard, see {@link Heard}. */
    long heardUpTo() {
        return heard.upTo();
    }

    /** Notes how much was published before the first one listened. */
    void begins(long published) {
        heard.nothingBefore(published);
    }

    /** Notes how much was published before subscribers are told of what they may have missed; only in order. */
    void missesUpTo(long published) {
        publishedBefore = published;
    }

    /** What was heard from this server is no longer what it has. */
    void forget() {
        heard.forget();
    }

    void remove(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    /** Tells a subscriber from now on, or from when the connection is there; says whether it is. */
    boolean add(Subscriber subscriber) {
        heard.begin();
        subscribers.add(subscriber);
        connecting.lock();
        try {
            if (connection == null && !closed) {
                listen(true);
            }
            return connection != null;
        } finally {
            connecting.unlock();
        }
    }

    private void listen(boolean inTime) {
        StatefulRedisPubSubConnection<String, String> open = null;
        try {
            open = client.connectPubSub(StringCodec.UTF8);
            open.setTimeout(timeout);
            open.addListener(new Ear());
            open.addListener(new Watch());
            punctual = inTime;
            open.sync().subscribe(channel);
            connection = open;
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
            errands.later(betweenAttempts, this::listenLater);
        }
    }

    private void listenLater() {
        connecting.lock();
        try {
            if (connection == null && !closed) {
                listen(false);
            }
        } finally {
            connecting.unlock();
        }
    }

    /** In order, tells all subscribers that messages may have been missed. */
    void tellOfMissed() {
        tellAll(Subscriber::missed);
        errands.inOrder(() -> heard.allUpTo(publishedBefore));
    }

    /** Does what is owed and has subscribers told that messages may have been missed, up to now. */
    void catchUp() {
        long lost = losses.get();
        errands.inOrder(onBack);
        tellOfMissed();
        errands.inOrder(() -> lossesTold = lost);
    }

    private void tellAll(Consumer<Subscriber> news) {
        for (Subscriber each : subscribers) {
            errands.inOrder(() -> news.accept(each));
        }
    }

    /** From now on no connection is opened; what is open goes with the client. */
    @Override
    public void close() {
        connecting.lock();
        try {
            closed = true;
        } finally {
            connecting.unlock();
        }
    }

    private final class Ear extends RedisPubSubAdapter<String, String> {

        @Override
        public void message(String heardOn, String text) {
            Bulletin.News news = Bulletin.News.parse(text);
            if (news == null) {
                return;
            }
            if (news.text().equals(LOST)) {
                tellAll(Subscriber::missed);
            } else if (!news.text().isEmpty() && news.text().charAt(0) == MESSAGE) {
                tellAll(subscriber -> subscriber.message(news.text().substring(1)));
            }
            errands.inOrder(() -> {
                if (!heard.next(news.number()) && !looksForGap) {
                    looksForGap = true;
                    catchUp();
                    errands.inOrder(() -> looksForGap = false);
                }
            });
        }

        /** Confirmed by the server: once by the first subscription, and each time that Lettuce renewed it. */
        @Override
        public void subscribed(String to, long count) {
            if (punctual) {
                punctual = false;
            } else {
                catchUp();
            }
        }
    }

    /** Notes when the connection breaks. */
    private final class Watch implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> broken) {
            losses.incrementAndGet();
        }
    }
}
