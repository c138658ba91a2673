package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Holds the calls of a node before its model. */
final class Held implements ChatLayer {

    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final ExecutorService threads = Executors.newCachedThreadPool();

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        asked.countDown();
        assertThatNoException().isThrownBy(go::await);
        return next.proceed(call);
    }

    Future<ChatResponse> ask(Node node, String question) throws InterruptedException {
        Future<ChatResponse> call = threads.submit(() -> node.ask(question, RedisFixture.knowing("v1"), false));
        asked.await();
        return call;
    }

    void letGo(Future<ChatResponse> call) throws Exception {
        go.countDown();
        call.get();
        threads.shutdown();
    }
}
