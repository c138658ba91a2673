package io.github.flywheel4j.evals;

import io.github.flywheel4j.Answered;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Interaction;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of an action, and of the calls that it made, whether it threw or not: what failed costs money too.
 *
 * @param value what it returned; null if it threw
 * @param failure what it threw; null if it returned
 * @param interactions its calls on this thread
 */
record Attempt<T>(@Nullable T value, @Nullable Throwable failure, List<Interaction> interactions) {

    private record Outcome<T>(@Nullable T value, @Nullable Throwable failure) {}

    static <T> Attempt<T> of(CallContext context, Supplier<T> action) {
        Answered<Outcome<T>> answered = CallContext.call(context, () -> outcome(action));
        return new Attempt<>(answered.value().value(), answered.value().failure(), answered.interactions());
    }

    private static <T> Outcome<T> outcome(Supplier<T> action) {
        try {
            return new Outcome<>(action.get(), null);
        } catch (RuntimeException | Error e) {
            return new Outcome<>(null, e);
        }
    }

    /** What its calls used. */
    Spent spent() {
        Spent sum = Spent.NOTHING;
        for (Interaction interaction : interactions) {
            sum = sum.plus(Spent.of(interaction.usage(), interaction.cost()));
        }
        return sum;
    }

    /** What it returned; throws what it threw. */
    T get() {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (value == null) {
            throw new IllegalStateException("null was returned (expected: a value)");
        }
        return value;
    }
}
