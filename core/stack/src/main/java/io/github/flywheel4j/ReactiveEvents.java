package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** The events of reactive streams that exist from LangChain4j 1.20 on only, made without compiling against it. */
final class ReactiveEvents {

    private static final String PACKAGE = "dev.langchain4j.model.chat.response.";

    private ReactiveEvents() {}

    static Object complete(ChatResponse response) {
        return make(Holder.COMPLETE, response);
    }

    static Object raw(Object event) {
        return make(Holder.RAW, event);
    }

    private static Object make(MethodHandle factory, Object argument) {
        try {
            return factory.invoke(argument);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("LangChain4j's event could not be made", e);
        }
    }

    /** Looked up with the first event, and only where somebody streams reactively. */
    private static final class Holder {

        static final MethodHandle COMPLETE;
        static final MethodHandle RAW;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                COMPLETE = lookup.findConstructor(
                        Class.forName(PACKAGE + "CompleteResponse"),
                        MethodType.methodType(void.class, ChatResponse.class));
                Class<?> raw = Class.forName(PACKAGE + "RawStreamingEvent");
                RAW = lookup.findStatic(raw, "of", MethodType.methodType(raw, Object.class));
            } catch (ReflectiveOperationException e) {
                throw new UnsupportedOperationException(
                        "streaming by Flow.Publisher needs LangChain4j core 1.20 or later (found: an older one); use"
                                + " chat(request, handler)",
                        e);
            }
        }
    }
}
