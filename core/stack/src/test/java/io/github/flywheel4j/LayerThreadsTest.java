package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LayerThreadsTest {

    @Test
    void isOnePoolForAllStacks() {
        assertThat(LayerThreads.shared()).isSameAs(LayerThreads.shared());
    }

    @Test
    void neverKeepsAJvmAlive() throws Exception {
        for (Executor executor : List.of(LayerThreads.shared(), LayerThreads.cachedDaemons())) {
            CompletableFuture<Boolean> daemon = new CompletableFuture<>();
            executor.execute(() -> daemon.complete(Thread.currentThread().isDaemon()));
            assertThat(daemon.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void runsTasksThatWaitForTasksTheySubmitted() throws Exception {
        for (Executor executor : List.of(LayerThreads.shared(), LayerThreads.cachedDaemons())) {
            int depth = 200;
            CompletableFuture<Integer> bottom = new CompletableFuture<>();
            nest(executor, depth, bottom);
            assertThat(bottom.get(30, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void runsAllTasksAtOnce() throws Exception {
        int tasks = 300;
        CountDownLatch all = new CountDownLatch(tasks);
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            done.add(CompletableFuture.runAsync(
                    () -> {
                        all.countDown();
                        awaitQuietly(all);
                    },
                    LayerThreads.cachedDaemons()));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    }

    private static void nest(Executor executor, int depth, CompletableFuture<Integer> bottom) {
        executor.execute(() -> {
            if (depth == 0) {
                bottom.complete(0);
                return;
            }
            nest(executor, depth - 1, bottom);
            bottom.join();
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
