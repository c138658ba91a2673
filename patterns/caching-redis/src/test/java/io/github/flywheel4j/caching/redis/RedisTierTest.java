package io.github.flywheel4j.caching.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.flywheel4j.caching.SharedTier;
import io.github.flywheel4j.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes and a real Redis server that is killed and started again. */
class RedisTierTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final List<RedisTier> tiers = new ArrayList<>();

    @TempDir
    private Path folder;

    private RedisProcess server;

    @BeforeEach
    void start() throws IOException {
        server = new RedisProcess(folder);
    }

    @AfterEach
    void stop() throws IOException {
        tiers.forEach(RedisTier::close);
        server.close();
    }

    private RedisTier tier(String namespace) {
        RedisTier tier = RedisTier.builder(server.uri())
                .namespace(namespace)
                .timeout(TIMEOUT)
                .pauseAfterFailures(Duration.ofMillis(200))
                .build();
        tiers.add(tier);
        return tier;
    }

    @Test
    void sharesWhatOneNodePutsWithTheOther() {
        RedisTier here = tier("shop");
        RedisTier there = tier("shop");
        byte[] value = {0, 1, -1, 127, -128};

        assertThat(there.get("k:1")).isNull();
        here.put("k:1", value, MINUTE);

        assertThat(there.get("k:1")).isEqualTo(value);
        there.put("k:1", new byte[0], MINUTE);
        assertThat(here.get("k:1")).isEmpty();
        there.remove(List.of("k:1", "never there"));
        here.remove(List.of());
        assertThat(here.get("k:1")).isNull();
    }

    @Test
    void forgetsWhatItsTimeIsUpFor() {
        RedisTier tier = tier("shop");
        tier.put("short", bytes("x"), Duration.ofMillis(30));
        tier.put("long", bytes("y"), MINUTE);

        await().atMost(Duration.ofSeconds(10)).until(() -> tier.get("short") == null);
        assertThat(tier.get("long")).isEqualTo(bytes("y"));
        assertThatThrownBy(() -> tier.put("k", bytes("x"), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("timeToLive: PT0S (expected: at least one millisecond");
    }

    @Test
    void showsAllItHasAndNothingOfOtherNamespaces() {
        RedisTier tier = tier("shop");
        RedisTier other = tier("shop2");
        Map<String, String> put = new HashMap<>();
        for (int i = 0; i < 1_300; i++) {
            tier.put("k" + i, bytes("v" + i), MINUTE);
            put.put("k" + i, "v" + i);
        }
        other.put("k0", bytes("someone else's"), MINUTE);
        other.put("secret", bytes("someone else's"), MINUTE);

        Map<String, String> shown = new HashMap<>();
        tier.forEach((key, value) -> shown.put(key, new String(value, UTF_8)));

        assertThat(shown).isEqualTo(put);
        tier.remove(put.keySet());
        assertThat(other.get("k0")).isEqualTo(bytes("someone else's"));
        tier.forEach((key, value) -> assertThat(key).as("nothing is left").isNull());
    }

    @Test
    void neverMixesTwoNamespaces() {
        RedisTier[] caches = {tier("acme"), tier("acme.v1"), tier("globex")};
        Random random = Seeds.named("redis namespaces").random();
        List<Map<String, String>> models = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (int i = 0; i < 600; i++) {
            int who = random.nextInt(3);
            String key = "k" + random.nextInt(40);
            if (random.nextInt(4) == 0) {
                caches[who].remove(List.of(key));
                models.get(who).remove(key);
            } else {
                caches[who].put(key, bytes(who + ":" + i), MINUTE);
                models.get(who).put(key, who + ":" + i);
            }
            int reader = random.nextInt(3);
            byte[] value = caches[reader].get(key);
            assertThat(value == null ? null : new String(value, UTF_8))
                    .isEqualTo(models.get(reader).get(key));
        }
    }

    @Test
    void tellsEveryNodeWhatOnePublishesAndNoOtherNamespace() {
        Hearer here = new Hearer();
        Hearer there = new Hearer();
        Hearer elsewhere = new Hearer();
        RedisTier tier = tier("shop");
        SharedTier.Subscription subscription = tier.subscribe(here);
        SharedTier.Subscription unused = tier("shop").subscribe(there);
        SharedTier.Subscription unused2 = tier("other").subscribe(elsewhere);

        tier.publish("gone: ü");
        tier.publish("");

        await().untilAsserted(() -> {
            assertThat(here.messages).containsExactly("gone: ü", "");
            assertThat(there.messages).containsExactly("gone: ü", "");
        });
        subscription.close();
        tier.publish("later");
        await().until(() -> there.messages.contains("later"));
        assertThat(here.messages).doesNotContain("later");
        assertThat(here.missed).hasValue(0);
        assertThat(elsewhere.messages).isEmpty();
    }

    @Test
    void tellsThatSomethingWasMissedWhereANumberIsMissing() {
        RedisTier tier = tier("shop");
        Hearer heard = new Hearer();
        SharedTier.Subscription unused = tier.subscribe(heard);
        tier.publish("1");
        await().until(() -> heard.messages.contains("1"));
        assertThat(heard.missed).hasValue(0);
        server.ask(redis -> redis.incr("shop:v1")); // published, and lost

        tier.publish("3");

        await().until(() -> heard.missed.get() > 0);
        await().ignoreExceptions().until(() -> {
            tier.put("k", bytes("v"), MINUTE);
            return true;
        });
    }

    @Test
    void storesNothingBeforeItHasHeardAllThatWasPublished() {
        RedisTier tier = tier("shop");
        Hearer heard = new Hearer();
        SharedTier.Subscription unused = tier.subscribe(heard);
        tier.put("k", bytes("before"), MINUTE);
        server.ask(redis -> redis.incr("shop:v1")); // published, and still on its way

        assertThatThrownBy(() -> tier.put("k", bytes("v"), MINUTE))
                .hasMessage("invalidations may be missed at the moment, so nothing is stored for other nodes");
        assertThat(tier.get("k")).isEqualTo(bytes("before"));
        await().until(() -> heard.missed.get() > 0);
        await().ignoreExceptions().until(() -> {
            tier.put("k", bytes("after"), MINUTE);
            return true;
        });
        assertThat(tier.isAvailable()).isTrue();
    }

    @Test
    void goesOnWhereTheServerLostItsCount() {
        RedisTier tier = tier("shop");
        SharedTier.Subscription unused = tier.subscribe(new Hearer());
        tier.publish("1");
        tier.publish("2");
        server.ask(redis -> redis.flushall());

        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            tier.put("k", bytes("v"), MINUTE);
            return tier.get("k") != null;
        });
        tier.publish("3");
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            tier.put("k", bytes("w"), MINUTE);
            return true;
        });
    }

    @Test
    void tellsAndRemovesOnAServerThatIsFullToo() {
        RedisTier tier = tier("shop");
        Hearer hearer = new Hearer();
        SharedTier.Subscription unused = tier.subscribe(hearer);
        tier.put("k", bytes("v"), MINUTE);
        tier.publish("1");
        server.ask(redis -> redis.configSet("maxmemory", "1"));
        assertThatThrownBy(() -> tier.put("k2", bytes("v"), MINUTE)).isInstanceOf(RuntimeException.class);

        tier.publish("2");
        tier.remove(List.of("k"));

        await().until(() -> hearer.messages.contains("2"));
        assertThat(tier.get("k")).isNull();
        server.ask(redis -> redis.configSet("maxmemory", "0"));
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            tier.put("k", bytes("v"), MINUTE);
            return true;
        });
    }

    @Test
    void keepsTheNewestTextsOfAList() {
        RedisTier here = tier("shop");
        RedisTier there = tier("shop");
        assertThat(there.noted("wrong")).isEmpty();
        here.note("wrong", List.of("a", "b"), 3, MINUTE);
        here.note("wrong", List.of("c"), 3, MINUTE);
        there.note("wrong", List.of("a", "ü"), 3, MINUTE);

        assertThat(here.noted("wrong")).containsExactlyInAnyOrder("c", "a", "ü").startsWith("c");
        assertThat(here.noted("right")).isEmpty();
        assertThat(tier("shop2").noted("wrong")).isEmpty();
        here.forEach((key, value) -> assertThat(key).as("no value").isNull());
    }

    @Test
    void keepsManyTextsAndForgetsThemWhenTheirTimeIsUp() {
        RedisTier tier = tier("shop");
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            many.add("text " + i);
        }
        tier.note("many", many, 2_000, MINUTE);
        assertThat(tier.noted("many")).hasSize(2_000).contains("text 2499").isSubsetOf(many);
        tier.note("many", List.of("last"), 2_000, Duration.ofMillis(30));

        await().atMost(Duration.ofSeconds(10)).until(() -> tier.noted("many").isEmpty());
    }

    @Test
    void goesOnWhenASubscriberThrowsOrAsksTheTier() {
        RedisTier tier = tier("shop");
        Hearer heard = new Hearer();
        SharedTier.Subscription first = tier.subscribe(new SharedTier.Subscriber() {
            @Override
            public void message(String message) {
                throw new IllegalStateException("scripted");
            }

            @Override
            public void missed() {}
        });
        SharedTier.Subscription second = tier.subscribe(new SharedTier.Subscriber() {
            @Override
            public void message(String message) {
                heard.message(message + " " + (tier.get("k") == null));
            }

            @Override
            public void missed() {}
        });

        tier.publish("a");
        tier.publish("b");

        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("a true", "b true"));
        first.close();
        second.close();
    }

    /** The heart of it: every call ends in time, with its value or an exception, and afterwards all is as before. */
    @Test
    void losesNoCallWhenTheServerIsKilledAndStartedAgain() throws Exception {
        RedisTier here = tier("shop");
        RedisTier there = tier("shop");
        Hearer heard = new Hearer();
        SharedTier.Subscription unused = there.subscribe(heard);
        here.put("before", bytes("1"), MINUTE);
        AtomicInteger served = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        boolean[] running = {true};
        Thread traffic = new Thread(() -> {
            while (running[0]) {
                calls.incrementAndGet();
                long start = System.nanoTime();
                try {
                    here.put("k", bytes("v"), MINUTE);
                    byte[] value = here.get("k");
                    assertThat(value).isEqualTo(bytes("v"));
                    served.incrementAndGet();
                } catch (RuntimeException e) {
                    failed.incrementAndGet();
                }
                if (System.nanoTime() - start > TIMEOUT.multipliedBy(20).toNanos()) {
                    late.incrementAndGet();
                }
                LockSupport.parkNanos(500_000);
            }
        });
        traffic.start();
        await().until(() -> served.get() > 20);

        server.kill();
        await().until(() -> failed.get() > 0);
        await().atMost(Duration.ofSeconds(20)).until(() -> !here.isAvailable());
        // Redis away: a removal and a message, which must not be lost.
        assertThatThrownBy(() -> here.remove(List.of("taken back"))).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> here.publish("taken back")).isInstanceOf(RuntimeException.class);
        SharedTier.Subscription listening = here.subscribe(new Hearer());

        server.startAgain();
        int before = served.get();
        await().atMost(Duration.ofSeconds(20)).until(() -> served.get() > before + 20);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(heard.missed)
                    .as("told that something may have been missed")
                    .hasPositiveValue();
            assertThat(heard.messages).contains("taken back");
        });
        running[0] = false;
        traffic.join();
        listening.close();

        assertThat(calls).hasValue(served.get() + failed.get());
        assertThat(late).as("calls that took far longer than two time-outs").hasValue(0);
        assertThat(here.isAvailable()).isTrue();
    }

    @Test
    void removesWhenRedisIsBackWhatCouldNotBeRemovedBefore() throws IOException {
        RedisTier here = tier("shop");
        SharedTier.Subscription unused = here.subscribe(new Hearer());
        // A node that does not hear yet, because the server took its time to start, stores nothing.
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> here.put("wrong", bytes("1"), MINUTE));
        here.put("right", bytes("2"), MINUTE);
        server.stop();
        assertThatThrownBy(() -> here.remove(List.of("wrong"))).isInstanceOf(RuntimeException.class);

        server.startAgain();

        RedisTier there = tier("shop");
        await().atMost(Duration.ofSeconds(20)).until(() -> there.get("wrong") == null);
        assertThat(there.get("right")).as("the server kept its data").isEqualTo(bytes("2"));
    }

    @Test
    void isBuiltWithoutAServerAndBeginsWhenThereIsOne() throws IOException {
        server.stop();
        RedisTier tier = tier("shop");
        Hearer heard = new Hearer();
        SharedTier.Subscription unused = tier.subscribe(heard);
        assertThatThrownBy(() -> tier.get("k")).isInstanceOf(RuntimeException.class);

        server.startAgain();

        await().atMost(Duration.ofSeconds(20)).until(() -> heard.missed.get() > 0);
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            tier.put("k", bytes("v"), MINUTE);
            return tier.get("k") != null;
        });
        tier.publish("hello");
        await().until(() -> heard.messages.contains("hello"));
    }

    @Test
    void failsAtOnceAfterItWasClosed() {
        RedisTier tier = tier("shop");
        tier.put("k", bytes("v"), MINUTE);
        tier.close();
        tier.close();

        assertThatThrownBy(() -> tier.get("k")).isInstanceOf(RuntimeException.class);
    }

    @Test
    void refusesSettingsThatCannotWorkAndNamesNoPassword() {
        assertThatThrownBy(() -> RedisTier.builder("http://user:swordfish@host"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: redis://host:port")
                .hasMessageNotContaining("swordfish")
                .hasNoCause();
        assertThatThrownBy(
                        () -> RedisTier.builder("redis://host").namespace("a*").build())
                .hasMessage("namespace: 'a*' (expected: 1 to 64 letters, digits and _ . -, because it is a part of each"
                        + " key)");
        assertThatThrownBy(() ->
                        RedisTier.builder("redis://host").timeout(Duration.ZERO).build())
                .hasMessageStartingWith("timeout: PT0S (expected: 1 ms to 10 s");
        assertThatThrownBy(() -> RedisTier.builder("redis://host")
                        .pauseAfterFailures(Duration.ofMillis(-1))
                        .build())
                .hasMessage("pauseAfterFailures: PT-0.001S (expected: at least 1 ms)");
        assertThat(tier("shop")).hasToString("RedisTier(shop:v1:*)");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static final class Hearer implements SharedTier.Subscriber {

        final List<String> messages = new CopyOnWriteArrayList<>();
        final AtomicInteger missed = new AtomicInteger();

        @Override
        public void message(String message) {
            messages.add(message);
        }

        @Override
        public void missed() {
            missed.incrementAndGet();
        }
    }
}
