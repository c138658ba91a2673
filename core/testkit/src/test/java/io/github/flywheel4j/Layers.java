package io.github.flywheel4j;

import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Small layers, written as the guide tells users to write them. */
final class Layers {

    private static final ExecutorService TASKS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "hedge");
        thread.setDaemon(true);
        return thread;
    });

    private Layers() {}

    /** A layer with a name. */
    static ChatLayer named(String name, ChatLayer layer) {
        return new ChatLayer() {
            @Override
            public ChatResponse handle(ChatCall call, Next next) {
                return layer.handle(call, next);
            }

            @Override
            public String name() {
                return name;
            }
        };
    }

    /** A layer that passes the call on. */
    static ChatLayer passing(String name) {
        return named(name, (call, next) -> next.proceed(call));
    }

    /** A layer written for blocking calls: it changes the text of the answer and knows nothing of streams. */
    static ChatLayer rewriting(String name, UnaryOperator<String> change) {
        return named(name, (call, next) -> {
            ChatResponse answer = next.proceed(call);
            return Shape.withText(answer, change.apply(answer.aiMessage().text()));
        });
    }

    /** Tries up to so many times, before anything was heard. */
    static ChatLayer retry(int tries) {
        return named("Retry", (call, next) -> {
            Attempts attempts = call.attempts();
            for (int left = tries; ; left--) {
                Attempt attempt = attempts.start();
                try {
                    return attempt.commit(next.proceed(attempt.call()));
                } catch (RetriableException e) {
                    call.cancellation().throwIfCancelled();
                    if (attempts.committed() || left == 1) {
                        throw e;
                    }
                    call.trace().record("Retry", "retried");
                }
            }
        });
    }

    /** Asks so many times at once and takes the first answer; fails with the first failure if all fail. */
    static ChatLayer hedge(int tasks) {
        return named("Hedge", (call, next) -> {
            Attempts attempts = call.attempts();
            CompletableFuture<ChatResponse> first = new CompletableFuture<>();
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            AtomicInteger failed = new AtomicInteger();
            for (int i = 0; i < tasks; i++) {
                Attempt attempt = attempts.start();
                TASKS.execute(() -> {
                    try {
                        first.complete(attempt.commit(next.proceed(attempt.call())));
                    } catch (Throwable e) {
                        failures.add(e);
                        if (failed.incrementAndGet() == tasks) {
                            first.completeExceptionally(worthTelling(failures));
                        }
                    }
                });
            }
            return call.await(first);
        });
    }

    private static Throwable worthTelling(List<Throwable> failures) {
        return failures.stream()
                .filter(failure -> !(failure instanceof CallCancelled))
                .findFirst()
                .orElse(failures.get(0));
    }
}
