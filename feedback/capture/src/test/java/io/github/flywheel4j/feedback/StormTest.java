package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything at once: 64 threads write, files rotate and are zipped, people are erased, old files deleted, others read. */
class StormTest {

    private static final UserIds USERS = UserIds.keyed(Events.KEY);
    private static final int WRITERS = 64;
    private static final int EACH = 8;
    private static final int PEOPLE = 8;

    @TempDir
    Path folder;

    private final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger writing = new AtomicInteger(WRITERS);

    @Test
    @Tag("slow")
    void losesNothingAndBringsNobodyBack() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 3);
        try (JsonLinesSink sink = JsonLinesSink.builder(folder)
                .rotateAtBytes(10_000)
                .flush(FlushPolicy.none())
                .build()) {
            JsonLinesStore store = sink.store(USERS);
            List<Future<?>> work = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                work.add(threads.submit(() -> write(number, sink)));
            }
            work.add(threads.submit(
                    whileOthersWrite(() -> store.eraseStored("person " + next.getAndIncrement() % PEOPLE))));
            work.add(threads.submit(whileOthersWrite(() -> store.deleteBefore(Instant.EPOCH.plusSeconds(1)))));
            work.add(threads.submit(whileOthersWrite(() -> store.coverage(InteractionQuery.all()))));
            for (Future<?> each : work) {
                each.get(2, TimeUnit.MINUTES);
            }
            for (int person = 0; person < PEOPLE; person++) {
                store.eraseStored("person " + person);
            }
            assertThat(store.corruptLines()).isZero();
        } finally {
            threads.shutdownNow();
        }

        try (Stream<FeedbackEvent> kept = JsonLinesStore.in(folder, USERS).events()) {
            assertThat(kept.filter(event -> !(event instanceof Erasure))
                            .map(FeedbackEvent::eventId)
                            .toList())
                    .hasSize(WRITERS * EACH * 2)
                    .containsExactlyInAnyOrderElementsOf(accepted);
        }
        assertThat(Folders.everything(folder)).doesNotContain("rash", "calendula", "person", "u:");
    }

    private Void write(int writer, JsonLinesSink sink) {
        for (int i = 0; i < EACH; i++) {
            UUID id = Events.id(1 + writer * EACH + i);
            String person = USERS.stored("person " + (writer + i) % PEOPLE);
            InteractionEvent hers = Events.interaction(id, Events.TIME, "w", person, "my rash itches", "calendula");
            Comment on = new Comment(Events.info(id), "calendula for her rash");
            if (i % 2 == 0) {
                sink.acceptAll(List.of(hers, on));
            } else {
                sink.accept(on);
                sink.accept(hers);
            }
            accepted.add(hers.eventId());
            accepted.add(on.eventId());
        }
        writing.decrementAndGet();
        return null;
    }

    private Callable<Void> whileOthersWrite(Callable<?> work) {
        return () -> {
            do {
                Object unused = work.call();
            } while (writing.get() > 0);
            return null;
        };
    }
}
