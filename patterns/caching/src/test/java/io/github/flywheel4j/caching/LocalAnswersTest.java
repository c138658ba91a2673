package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import io.github.flywheel4j.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is kept beside the answers in memory, whatever happens to them at the same time. */
class LocalAnswersTest {

    private static final UUID ID = new UUID(1, 1);
    private static final CacheKey KEY = new KeyBytes().add("one").digest();

    private final TestClock clock = new TestClock();

    /** As when it comes from the shared tier once more while it expires, or makes room, here. */
    @Test
    void anAnswerThatIsPutAgainWhileItGoesCanBeFoundByItsId() {
        LocalAnswers local = answers();
        local.put(KEY, answer(AiMessage.from("Yes.")));
        AtomicBoolean isPut = new AtomicBoolean();
        ReadyAnswer second = answer(new AiMessage("Yes.") {
            @Override
            public String text() {
                if (isPut.getAndSet(false)) { // it is weighed before it is there, and after its key is
                    assertThat(local.remove(KEY, ID)).isTrue();
                }
                return super.text();
            }
        });
        isPut.set(true);
        local.put(KEY, second);

        assertThat(isPut).as("it was weighed").isFalse();
        assertThat(local.get(KEY)).isNotNull();
        assertThat(local.keyOf(ID)).isEqualTo(KEY);
        assertThat(local.remove(KEY, ID)).isTrue();
        assertThat(local.idsAndOwners()).isZero();
    }

    @Test
    void anAnswerThatIsGoneAsSoonAsItIsPutLeavesNothingBehind() {
        LocalAnswers local = answers();
        clock.advance(Duration.ofHours(2));
        local.put(KEY, answer(AiMessage.from("Yes.")));
        assertThat(local.size()).isZero();
        assertThat(local.idsAndOwners()).isZero();
    }

    @Test
    void removesUnderAKeyOnlyWhatThatInteractionFilled() {
        LocalAnswers local = answers();
        local.put(KEY, answer(AiMessage.from("Yes.")));
        assertThat(local.remove(KEY, new UUID(1, 2))).isFalse();
        assertThat(local.get(KEY)).isNotNull();
    }

    private LocalAnswers answers() {
        return new LocalAnswers(1_000_000, 10, 10, Duration.ZERO, clock, clock.ticker(), id -> {});
    }

    private static ReadyAnswer answer(AiMessage message) {
        Instant made = new TestClock().instant();
        return ReadyAnswer.of(
                new StoredAnswer(
                        message, null, null, "", ID, made, made.plus(Duration.ofHours(1)), List.of(), List.of()),
                Caches.ANN,
                0);
    }
}
