package io.github.flywheel4j.caching.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection for commands, opened when it is first needed, and the breaker before it. Thread-safe. */
final class Commands implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Commands.class);

    private static final int CALLS_LOOKED_AT = 10;

    /** A second one may come late, or never, to a node that is hardly asked. */
    private static final int TRIALS = 1;

    private static final int LARGEST_SHARE_OF_FAILURES = 50;

    private final RedisClient client;
    private final Duration timeout;
    private final CircuitBreaker breaker;
    private final ReentrantLock connecting = new ReentrantLock();

    private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
    private volatile boolean closed;

    Commands(RedisClient client, Duration timeout, Duration pause) {
        this.client = client;
        this.timeout = timeout;
        this.breaker = CircuitBreaker.of(
                "flywheel4j-cache",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(CALLS_LOOKED_AT)
                        .minimumNumberOfCalls(CALLS_LOOKED_AT / 2)
                        .failureRateThreshold(LARGEST_SHARE_OF_FAILURES)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .waitDurationInOpenState(pause)
                        // A trial whose thread gets no processor would keep all others out for ever.
                        .maxWaitDurationInHalfOpenState(longestTrial(timeout, pause))
                        // Nothing that Redis did: a caller that was interrupted, and the first calls of many at once.
                        .ignoreExceptions(RedisCommandInterruptedException.class, StillConnecting.class)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            log.info("the shared tier of the cache: breaker {}", event.getStateTransition());
            if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                giveUpConnection();
            }
        });
    }

    /**
     * Has the next trial open another one. The other end of this one may be gone without a word, and as long as something that
     * was sent waits to be confirmed, the system asks nobody whether it is, for a quarter of an hour.
     */
    private void giveUpConnection() {
        StatefulRedisConnection<String, byte[]> old = connection;
        connection = null;
        if (old != null) {
            var unused = old.closeAsync();
        }
    }

    /** Longer than a command may take, with what a busy machine adds. */
    private static Duration longestTrial(Duration timeout, Duration pause) {
        Duration command = timeout.multipliedBy(2);
        return command.compareTo(pause) > 0 ? command : pause;
    }

    /** Whether calls are let through. */
    boolean isAvailable() {
        return breaker.getState() != CircuitBreaker.State.OPEN;
    }

    /** Runs a command, unless the breaker keeps it out. */
    <T extends @Nullable Object> T call(Function<RedisCommands<String, byte[]>, T> command) {
        return breaker.executeSupplier(() -> command.apply(connected()));
    }

    /** Commands past the breaker, on the connection, which is opened if there is none yet. */
    RedisCommands<String, byte[]> connected() {
        StatefulRedisConnection<String, byte[]> open = connection;
        if (open != null) {
            return open.sync();
        }
        if (!connecting.tryLock()) {
            throw new StillConnecting();
        }
        try {
            open = connection;
            if (open == null) {
                if (closed) {
                    throw new RedisException("the tier is closed");
                }
                open = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
                open.setTimeout(timeout);
                connection = open;
            }
            return open.sync();
        } finally {
            connecting.unlock();
        }
    }

    /** Lets calls through again, for Redis is known to be there. */
    void letThrough() {
        if (breaker.getState() != CircuitBreaker.State.CLOSED) {
            breaker.transitionToClosedState();
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

    private static final class StillConnecting extends RedisException {

        private static final long serialVersionUID = 1;

        StillConnecting() {
            super("the connection is being opened by another call");
        }
    }
}
