package io.github.flywheel4j.snippets;

import dev.langchain4j.exception.RetriableException;
import io.github.flywheel4j.Attempt;
import io.github.flywheel4j.Attempts;
import io.github.flywheel4j.ChatLayer;
import java.time.Duration;

final class RetrySnippet {

    private RetrySnippet() {}

    static ChatLayer layer() {
        // snippet
        ChatLayer retry = (call, next) -> {
            Attempts attempts = call.attempts();
            for (int tries = 1; ; tries++) {
                Attempt attempt = attempts.start();
                try {
                    return attempt.commit(next.proceed(attempt.call()));
                } catch (RetriableException e) {
                    call.cancellation().throwIfCancelled();
                    if (attempts.committed() || tries == 3) {
                        throw e;
                    }
                    call.sleep(Duration.ofMillis(100L << tries));
                }
            }
        };
        // end snippet
        return retry;
    }
}
