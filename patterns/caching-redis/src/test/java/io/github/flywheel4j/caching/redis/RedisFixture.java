package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.caching.ResponseCache;
import io.github.flywheel4j.caching.SharedTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis server, and nodes around it that a test can cut off. */
abstract class RedisFixture {

    static final Duration HOUR = Duration.ofHours(1);
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final CallContext ANN =
            CallContext.builder().tenant("north").user("ann").build();
    static final CallContext CAT =
            CallContext.builder().tenant("south").user("cat").build();
    static final ChatLayer PASS = (call, next) -> next.proceed(call);

    /** Says on which document an answer rests. */
    static final ChatLayer SOURCES = (call, next) -> {
        String question = ((UserMessage) call.request().messages().get(0)).singleText();
        call.trace()
                .record(
                        "Retrieval",
                        "found",
                        Map.of(ResponseCache.SOURCES, List.of("document of " + question)),
                        Duration.ZERO);
        return next.proceed(call);
    };

    private final List<Node> nodes = new ArrayList<>();
    private final List<Cable> cables = new ArrayList<>();

    @TempDir
    private Path folders;

    Path folder;

    RedisProcess server;

    @BeforeEach
    void start() throws IOException {
        folder = Files.createDirectory(folders.resolve("redis"));
        server = new RedisProcess(folder);
    }

    @AfterEach
    void stop() throws IOException {
        nodes.forEach(Node::close);
        cables.forEach(Cable::close);
        server.close();
    }

    final Node node(Duration timeToLive) {
        return node(server.uri(), timeToLive, "shop", PASS);
    }

    final Node node(String uri, Duration timeToLive, String namespace, ChatLayer inner) {
        return node(uri, namespace, inner, settings -> settings.timeToLive(timeToLive));
    }

    final Node node(String uri, String namespace, ChatLayer inner, UnaryOperator<ResponseCache.Builder> settings) {
        Node node = new Node(uri, namespace, inner, settings);
        nodes.add(node);
        return node;
    }

    final Cable cable() throws IOException {
        Cable cable = new Cable(server.port());
        cables.add(cable);
        return cable;
    }

    /** Counts how often a node was told that it may have missed something; its cache was told before. */
    static AtomicInteger missed(Node node) {
        AtomicInteger missed = new AtomicInteger();
        SharedTier.Subscription unused = node.tier.subscribe(new SharedTier.Subscriber() {
            @Override
            public void message(String message) {}

            @Override
            public void missed() {
                missed.incrementAndGet();
            }
        });
        return missed;
    }

    /** Waits until a node has heard all that another one told so far. */
    static void hearsAllFrom(Node teller, Node hearer) {
        String mark = "mark " + UUID.randomUUID();
        CountDownLatch heard = new CountDownLatch(1);
        SharedTier.Subscription subscription = hearer.tier.subscribe(new SharedTier.Subscriber() {
            @Override
            public void message(String message) {
                if (message.equals(mark)) {
                    heard.countDown();
                }
            }

            @Override
            public void missed() {}
        });
        teller.tier.publish(mark);
        assertThatNoException().isThrownBy(() -> assertThat(heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue());
        subscription.close();
    }

    static CallContext knowing(String version) {
        return CallContext.builder()
                .tenant("north")
                .user("ann")
                .knowledgeVersion(version)
                .build();
    }

    static AnswerInfo info(ChatResponse response) {
        return AnswerInfo.of(response).orElseThrow();
    }

    static void eventually(BooleanSupplier happens) {
        await().atMost(PATIENCE).until(happens::getAsBoolean);
    }
}
