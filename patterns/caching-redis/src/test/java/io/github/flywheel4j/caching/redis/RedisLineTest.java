package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The breaker before a real server. */
@Timeout(120)
class RedisLineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    @TempDir
    private Path folder;

    private RedisProcess server;

    @BeforeEach
    void start() throws IOException {
        server = new RedisProcess(folder);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** A thread that is let through as a trial and then gets no processor: without a bound the breaker would wait for it. */
    @Test
    void aTrialThatNeverEndsKeepsNobodyOutForEver() {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (RedisLine line = lineThatOpened()) {
            threads.execute(() -> {
                boolean done = false;
                while (!done) {
                    try {
                        done = line.call(redis -> {
                            stuck.countDown();
                            return waits(goOn);
                        });
                    } catch (CallNotPermittedException e) {
                        LockSupport.parkNanos(1_000_000); // the pause is not over
                    }
                }
            });
            await().atMost(PATIENCE).until(() -> stuck.getCount() == 0);
            assertThatThrownBy(() -> line.call(RedisCommands::ping)).isInstanceOf(CallNotPermittedException.class);

            isLetThrough(line);
        } finally {
            goOn.countDown();
            threads.shutdown();
        }
    }

    /** One call in some pauses, as on a node that is hardly asked: it closes the breaker if Redis answers. */
    @Test
    void oneAnswerIsEnoughHoweverRarelyItIsAsked() {
        try (RedisLine line = lineThatOpened()) {
            isLetThrough(line);
            for (int i = 0; i < 5; i++) {
                LockSupport.parkNanos(PAUSE.multipliedBy(3).toNanos());
                assertThat(line.<String>call(RedisCommands::ping)).isEqualTo("PONG");
            }
        }
    }

    @Test
    void aTrialMayTakeLongerThanThePause() {
        try (RedisLine line = lineThatOpened()) {
            await().atMost(PATIENCE)
                    .ignoreException(CallNotPermittedException.class)
                    .until(() -> line.call(redis -> {
                        LockSupport.parkNanos(PAUSE.multipliedBy(2).toNanos());
                        return redis.ping().equals("PONG");
                    }));
            for (int i = 0; i < 5; i++) {
                assertThat(line.<String>call(RedisCommands::ping)).isEqualTo("PONG");
            }
        }
    }

    private RedisLine lineThatOpened() {
        RedisLine line = new RedisLine(
                RedisURI.create(server.uri()), "channel", Duration.ofSeconds(1), PAUSE, new NothingRemoved());
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> line.call(redis -> {
                        throw new RedisException("gone");
                    }))
                    .hasMessage("gone");
        }
        assertThat(line.isAvailable()).isFalse();
        return line;
    }

    private static void isLetThrough(RedisLine line) {
        await().atMost(PATIENCE)
                .ignoreException(CallNotPermittedException.class)
                .until(() -> line.call(RedisCommands::ping).equals("PONG"));
    }

    private static boolean waits(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class NothingRemoved implements RedisLine.Removal {

        @Override
        public void unlink(RedisCommands<String, byte[]> redis, Collection<String> keys) {}

        @Override
        public void unlinkAll(RedisCommands<String, byte[]> redis) {}
    }
}
