package io.github.flywheel4j.benchmarks.overhead;

import io.github.flywheel4j.ChatLayer;
import java.util.List;

/**
 * Layers that only pass the call on.
 *
 * <p>Each is a class of its own, as ten layers of an application would be: the calls from layer to layer are megamorphic,
 * and the compiler can neither merge the layers nor inline through them.
 */
final class DoNothing {

    private static final List<ChatLayer> TEN = List.of(
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call));

    private DoNothing() {}

    /** So many of the ten layers, no two of one class. */
    static List<ChatLayer> layers(int count) {
        return TEN.subList(0, count);
    }
}
