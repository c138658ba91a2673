package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CancellationTest {

    private static final int RACES = 5_000;

    private static ExecutorService threads;

    @BeforeAll
    static void start() {
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
    }

    @Test
    void goesFromWantedToCancelledOnceAndKeepsTheFirstReason() {
        Cancellation cancellation = new Cancellation();
        assertThat(cancellation.isCancelled()).isFalse();
        assertThatCode(cancellation::throwIfCancelled).doesNotThrowAnyException();

        assertThat(cancellation.cancel("first")).isTrue();
        assertThat(cancellation.cancel("second")).isFalse();
        assertThat(cancellation.cancelByCaller("third")).isFalse();

        assertThat(cancellation.isCancelled()).isTrue();
        assertThat(cancellation.isByCaller()).isFalse();
        assertThatThrownBy(cancellation::throwIfCancelled)
                .isInstanceOf(CallCancelled.class)
                .hasMessage("call cancelled: first");
    }

    @Test
    void runsActionsOnceEvenThoseThatComeLate() {
        Cancellation cancellation = new Cancellation();
        AtomicInteger early = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        cancellation.onCancel(early::incrementAndGet);

        cancellation.cancel("now");
        cancellation.onCancel(late::incrementAndGet).close();
        cancellation.cancel("again");

        assertThat(early).hasValue(1);
        assertThat(late).hasValue(1);
    }

    @Test
    void runsNoActionThatWasTakenBack() {
        Cancellation cancellation = new Cancellation();
        List<String> ran = new ArrayList<>();
        Cancellation.Registration first = cancellation.onCancel(() -> ran.add("first"));
        cancellation.onCancel(() -> ran.add("second"));
        first.close();
        first.close();

        cancellation.cancel("now");

        assertThat(ran).containsExactly("second");
    }

    @Test
    void runsTheOthersWhenAnActionThrows() {
        Cancellation cancellation = new Cancellation();
        AtomicInteger ran = new AtomicInteger();
        cancellation.onCancel(ran::incrementAndGet);
        cancellation.onCancel(() -> {
            throw new IllegalStateException("bad action");
        });
        cancellation.onCancel(ran::incrementAndGet);

        assertThat(cancellation.cancel("now")).isTrue();
        assertThat(ran).hasValue(2);
    }

    @Test
    void cancelsAChildWithItsParentAndNeverTheOtherWayRound() {
        Cancellation parent = new Cancellation();
        Cancellation given = parent.child();
        Cancellation lost = parent.child();

        lost.cancel("lost the race");
        assertThat(parent.isCancelled()).isFalse();
        assertThat(given.isCancelled()).isFalse();

        parent.cancel("over");
        assertThat(given.isCancelled()).isTrue();
        assertThat(given.reason()).isEqualTo("over");
        assertThat(lost.reason()).isEqualTo("lost the race");
        assertThat(parent.child().isCancelled()).isTrue();
    }

    @Test
    void collectsNothingInALongCall() throws Exception {
        Cancellation cancellation = new Cancellation();
        java.lang.ref.WeakReference<Object> held = null;
        for (int i = 0; i < 1_000; i++) {
            Object thing = new Object();
            held = new java.lang.ref.WeakReference<>(thing);
            Cancellation.Registration inner =
                    cancellation.onCancel(() -> assertThat(thing).isNotNull());
            Cancellation.Registration outer =
                    cancellation.onCancel(() -> assertThat(thing).isNotNull());
            inner.close();
            outer.close();
        }
        assertThat(cancellation.onCancel(() -> {})).hasFieldOrPropertyWithValue("next", null);
        assertThat(held).isNotNull();
    }

    @Test
    void runsAnActionExactlyOnceHoweverItRacesWithTheCancel() throws Exception {
        for (int i = 0; i < RACES; i++) {
            Cancellation cancellation = new Cancellation();
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger winners = new AtomicInteger();
            race(
                    () -> cancellation.onCancel(ran::incrementAndGet),
                    () -> winners.addAndGet(cancellation.cancel("a") ? 1 : 0),
                    () -> winners.addAndGet(cancellation.cancel("b") ? 1 : 0));
            assertThat(ran).as("race %d", i).hasValue(1);
            assertThat(winners).as("race %d", i).hasValue(1);
        }
    }

    @Test
    void runsAnActionAtMostOnceHoweverItsRemovalRacesWithTheCancel() throws Exception {
        for (int i = 0; i < RACES; i++) {
            Cancellation cancellation = new Cancellation();
            AtomicInteger kept = new AtomicInteger();
            AtomicInteger removed = new AtomicInteger();
            cancellation.onCancel(kept::incrementAndGet);
            Cancellation.Registration registration = cancellation.onCancel(removed::incrementAndGet);
            cancellation.onCancel(kept::incrementAndGet);
            race(registration::close, () -> cancellation.cancel("now"), () -> cancellation
                    .onCancel(() -> {})
                    .close());
            assertThat(kept).as("race %d", i).hasValue(2);
            assertThat(removed.get()).as("race %d", i).isBetween(0, 1);
        }
    }

    @Test
    void cancelsEveryChildHoweverItsBirthRacesWithTheCancel() throws Exception {
        for (int i = 0; i < RACES; i++) {
            Cancellation parent = new Cancellation();
            Cancellation[] children = new Cancellation[2];
            race(() -> children[0] = parent.child(), () -> parent.cancel("over"), () -> children[1] = parent.child());
            assertThat(children[0].isCancelled()).as("race %d", i).isTrue();
            assertThat(children[1].isCancelled()).as("race %d", i).isTrue();
        }
    }

    private static void race(Runnable... runners) throws Exception {
        CyclicBarrier start = new CyclicBarrier(runners.length);
        List<Future<?>> running = new ArrayList<>();
        for (Runnable runner : runners) {
            running.add(threads.submit(() -> {
                start.await();
                runner.run();
                return null;
            }));
        }
        for (Future<?> each : running) {
            each.get(30, TimeUnit.SECONDS);
        }
    }
}
