package io.github.flywheel4j.caching.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.caching.SharedTier;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that is there and does not do what it is asked, or whose other end of a connection is gone. */
@Timeout(120)
class RedisInTroubleTest extends RedisFixture {

    /** Its connection stays, so that nothing says that Redis is back, and nobody asks this node anything. */
    @Test
    void whatCouldNotBeTakenBackIsTakenBackWithoutACall() {
        Node idle = node(HOUR);
        UUID made = info(idle.ask("a", ANN, false)).id();
        allows(false, CommandType.EVAL);
        idle.cache.evict(made);
        allows(true, CommandType.EVAL);

        eventually(this::hasNoAnswers);
    }

    @Test
    void largeAnswersCanBeLookedThrough() {
        server.ask(redis -> redis.configSet("client-output-buffer-limit", "normal 20mb 0 0"));
        RedisTier tier = node(HOUR).tier;
        for (int i = 0; i < 150; i++) {
            tier.put("k" + i, new byte[256 * 1024], HOUR);
        }

        AtomicInteger shown = new AtomicInteger();
        tier.forEach((key, value) -> shown.incrementAndGet());
        assertThat(shown.get()).isEqualTo(150);
    }

    @Test
    void whatIsUnderWayWhenACacheIsClosedIsNotStoredForOthers() throws Exception {
        Held held = new Held();
        Node one = node(HOUR);
        Node ends = node(server.uri(), HOUR, "shop", held);
        Future<ChatResponse> early = held.ask(ends, "a");
        ends.cache.close();
        one.cache.evictAll();
        hearsAllFrom(one, ends);
        held.letGo(early);

        assertThat(node(server.uri(), HOUR, "shop", held).asksTheModel("a", knowing("v1")))
                .isTrue();
    }

    /** The system gives such a connection up after a quarter of an hour, for what was sent on it waits to be confirmed. */
    @Test
    void aConnectionOnWhichNothingComesBackIsReplaced() throws IOException {
        Cable cable = cable();
        RedisTier tier = RedisTier.builder(cable.uri())
                .timeout(Duration.ofMillis(500))
                .pauseAfterFailures(Duration.ofMillis(100))
                .build();
        try (tier) {
            tier.put("k", new byte[1], HOUR);
            cable.loseLines();

            eventually(() -> {
                try {
                    return tier.get("k") != null;
                } catch (RuntimeException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void anOlderStateIsNotForgottenWhenItCannotBeRemovedAtOnce() throws IOException {
        Cable cable = cable();
        Node one = node(cable.uri(), HOUR, "shop", PASS);
        for (int i = 0; i < 20; i++) {
            hearsAllFrom(one, one);
        }
        one.ask("a", ANN, false);
        long heard = published();
        allows(false, CommandType.SCAN);
        server.ask(redis -> redis.set("shop:v1", "3"));
        cable.become(Cable.State.CUT);
        cable.become(Cable.State.WHOLE);
        eventually(() -> server.ask(redis -> redis.info("errorstats")).contains("NOPERM"));
        server.ask(redis -> redis.set("shop:v1", String.valueOf(heard + 10))); // as others publish
        allows(true, CommandType.SCAN);

        eventually(this::hasNoAnswers);
    }

    @Test
    void aCountThatIsNoneHarmsNobody() {
        server.ask(redis -> redis.set("shop:v1", "someone else's"));
        Node one = node(HOUR);
        Node other = node(HOUR);
        SharedTier.Subscription unused = one.tier.subscribe(new SharedTier.Subscriber() {
            @Override
            public void message(String message) {}

            @Override
            public void missed() {}
        });
        one.cache.evictAll();
        hearsAllFrom(one, other);
        eventually(() -> {
            String question = "Is it stored? " + UUID.randomUUID();
            one.ask(question, ANN, false);
            return !other.asksTheModel(question);
        });
    }

    private void allows(boolean allowed, CommandType command) {
        server.ask(redis -> redis.aclSetuser(
                "default",
                allowed ? AclSetuserArgs.Builder.addCommand(command) : AclSetuserArgs.Builder.removeCommand(command)));
    }

    private boolean hasNoAnswers() {
        return server.ask(redis -> redis.keys("shop:v1:a:*")).isEmpty();
    }

    private long published() {
        String count = server.ask(redis -> redis.get("shop:v1"));
        return count == null ? 0 : Long.parseLong(count);
    }
}
