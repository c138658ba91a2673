package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** The events of reactive streams that exist from LangChain4j 1.20 on only, made without compiling against it. */
final class ReactiveEvents {

    private static final String PACKAGE = "dev.langchain4j.model.chat.response.";

    private static final @Nullable MethodHandle COMPLETE = completeFactory();
    private static final @Nullable MethodHandle RAW = rawFactory();

    private ReactiveEvents() {}

    /** Fails by name where LangChain4j is too old for reactive streams. */
    static void requireAvailable() {
        if (COMPLETE == null || RAW == null) {
            throw new UnsupportedOperationException("streaming by Flow.Publisher needs LangChain4j core 1.20 or later"
                    + " (found: an older one); use chat(request, handler)");
        }
    }

    static Object complete(ChatResponse response) {
        return make(COMPLETE, response);
    }

    static Object raw(Object event) {
        return make(RAW, event);
    }

    private static Object make(@Nullable MethodHandle factory, Object argument) {
        if (factory == null) {
            throw new IllegalStateException("events are made only where requireAvailable passed");
        }
        try {
            return factory.invoke(argument);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("LangChain4j's event could not be made", e);
        }
    }

    private static @Nullable MethodHandle completeFactory() {
        try {
            return MethodHandles.publicLookup()
                    .findConstructor(
                            Class.forName(PACKAGE + "CompleteResponse"),
                            MethodType.methodType(void.class, ChatResponse.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private static @Nullable MethodHandle rawFactory() {
        try {
            Class<?> raw = Class.forName(PACKAGE + "RawStreamingEvent");
            return MethodHandles.publicLookup().findStatic(raw, "of", MethodType.methodType(raw, Object.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
