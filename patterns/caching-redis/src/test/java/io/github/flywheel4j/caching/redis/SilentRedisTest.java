package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.Scope;
import io.github.flywheel4j.caching.TemperaturePolicy;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.RecordingHandler;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.ScriptedStreamingChatModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that takes connections and says nothing, from the first or from some moment on: the worst way to be gone. */
@Timeout(120)
class SilentRedisTest {

    private static final Duration TIMEOUT = Duration.ofMillis(200);

    /** Time-outs and a busy machine: a call that waits for Redis without a bound takes a minute. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScriptedChatModel model = ScriptedChatModel.answering(request -> Answer.text("Yes."));
    private final ScriptedStreamingChatModel streaming =
            ScriptedStreamingChatModel.answering(request -> Answer.text("Yes."));
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void closesInTime() {
        for (int i = open.size() - 1; i >= 0; i--) {
            AutoCloseable each = open.get(i);
            inTime(() -> {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void callsGoOnWhereTheServerNeverSaysAWord(boolean streams) throws IOException {
        RedisTier tier = tier(opened(new SilentServer()).uri());
        ResponseCache cache = inTime(tier);
        ChatStack stack = stack(cache);
        for (int i = 0; tier.isAvailable(); i++) {
            int question = i;
            inTime(() -> ask(stack, "Question " + question, streams));
        }

        assertThat(cache.stats().sharedTierFailures()).isPositive();
        inTime(() -> ask(stack, "Asked twice", streams));
        long calls = model.calls() + streaming.calls();
        ChatResponse again = ask(stack, "Asked twice", streams);
        assertThat(model.calls() + streaming.calls())
                .as("its own memory serves")
                .isEqualTo(calls);
        inTime(() ->
                assertThat(cache.evict(AnswerInfo.of(again).orElseThrow().id())).isTrue());
        inTime(cache::evictAll);
        assertThat(cache.stats().answers()).isZero();
    }

    @ParameterizedTest(name = "streaming: {0}")
    @ValueSource(booleans = {false, true})
    void callsGoOnWhereTheServerFallsSilentAndTheTierIsUsedAgainWhenItSpeaks(boolean streams) throws IOException {
        RedisProcess server = opened(new RedisProcess(folder));
        Cable cable = opened(new Cable(server.port()));
        RedisTier tier = tier(cable.uri());
        ResponseCache cache = inTime(tier);
        ChatStack stack = stack(cache);
        ask(stack, "Before", streams);
        assertThat(cache.stats().sharedTierFailures()).isZero();

        cable.become(Cable.State.SILENT);
        for (int i = 0; tier.isAvailable(); i++) {
            int question = i;
            inTime(() -> ask(stack, "Question " + question, streams));
        }
        inTime(cache::evictAll);

        cable.become(Cable.State.WHOLE);
        ResponseCache other = inTime(tier);
        await().atMost(PATIENCE).until(() -> {
            String question = "After " + UUID.randomUUID();
            ask(stack, question, streams);
            return AnswerInfo.of(ask(stack(other), question, streams))
                            .orElseThrow()
                            .origin()
                    != null;
        });
        assertThat(tier.isAvailable()).isTrue();
        // What was taken back while nobody listened goes soon after; each time asked of a node that has nothing in
        // memory.
        await().atMost(PATIENCE)
                .until(() -> AnswerInfo.of(ask(stack(inTime(tier)), "Before", streams))
                                .orElseThrow()
                                .origin()
                        == null);
    }

    @Test
    void manyCallersAtOnceWaitForNoMoreThanOne() throws Exception {
        RedisTier tier = tier(opened(new SilentServer()).uri());
        ChatStack stack = stack(inTime(tier));
        ExecutorService threads = Executors.newFixedThreadPool(64);
        List<Future<?>> callers = new ArrayList<>();
        inTime(() -> {
            for (int i = 0; i < 256; i++) {
                int question = i;
                callers.add(threads.submit(() -> ask(stack, "Question " + question, question % 2 == 0)));
            }
            for (Future<?> caller : callers) {
                try {
                    caller.get();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        threads.shutdown();
    }

    @Test
    void whatIsClosedInTheMidstOfWaitingFailsAtOnceFromThenOn() throws Exception {
        RedisTier tier = tier(opened(new SilentServer()).uri());
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<?> waiting = threads.submit(() -> tier.get("k"));
        inTime(tier::close);

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> tier.get("k")).isInstanceOf(RuntimeException.class);
        threads.shutdown();
    }

    private RedisTier tier(String uri) {
        return opened(RedisTier.builder(uri)
                .timeout(TIMEOUT)
                .pauseAfterFailures(Duration.ofSeconds(5))
                .build());
    }

    private ResponseCache inTime(RedisTier tier) {
        List<ResponseCache> built = new ArrayList<>();
        inTime(() -> built.add(opened(ResponseCache.builder(Scope.shared("a test"))
                .temperature(TemperaturePolicy.any())
                .shared(tier)
                .build())));
        return built.get(0);
    }

    private ChatStack stack(ResponseCache cache) {
        return opened(ChatStack.builder()
                .chatModel(model)
                .streamingChatModel(streaming)
                .layer(cache)
                .build());
    }

    private <T extends AutoCloseable> T opened(T each) {
        open.add(each);
        return each;
    }

    private static void inTime(Runnable action) {
        long start = System.nanoTime();
        action.run();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }

    private static ChatResponse ask(ChatStack stack, String question, boolean streams) {
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from(question)).build();
        if (!streams) {
            return stack.chatModel().chat(request);
        }
        RecordingHandler heard = new RecordingHandler();
        stack.streamingChatModel().chat(request, heard);
        heard.await(PATIENCE);
        assertThat(heard.errors()).isEmpty();
        assertThat(heard.text()).isEqualTo("Yes.");
        return heard.responses().get(0);
    }

    private static final class SilentServer implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        private final List<Socket> taken = new CopyOnWriteArrayList<>();

        SilentServer() throws IOException {
            Thread thread = new Thread(this::accept, "silent server");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    taken.add(socket.accept());
                } catch (IOException e) {
                    return; // closed
                }
            }
        }

        String uri() {
            return "redis://127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket each : taken) {
                each.close();
            }
        }
    }
}
