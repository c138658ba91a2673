package io.github.flywheel4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.observability.api.event.AiServiceStartedEvent;
import dev.langchain4j.observability.api.listener.AiServiceStartedListener;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stamps the caller's context onto the user's message of an AI service; see {@link CallContext#listener()}. */
final class ContextListener implements AiServiceStartedListener {

    static final ContextListener INSTANCE = new ContextListener();

    /** LangChain4j's memory id of a service without one. */
    private static final String NO_MEMORY_ID = "default";

    private ContextListener() {}

    @Override
    public void onEvent(AiServiceStartedEvent event) {
        InvocationContext invocation = event.invocationContext();
        CallContext given = given(invocation.invocationParameters());
        ContextScope scope = given == null ? ContextScope.current() : null;
        CallContext caller = given != null ? given : scope != null ? scope.context() : CallContext.empty();
        CallContext.Builder stamp = caller.toBuilder();
        if (caller.turn() == null) {
            UUID invocationId = invocation.invocationId();
            stamp.turn(scope == null ? invocationId.toString() : scope.turnOf(invocationId));
        }
        Object memoryId = invocation.chatMemoryId();
        if (caller.session() == null && memoryId != null && !NO_MEMORY_ID.equals(memoryId)) {
            stamp.session(memoryId.toString());
        }
        UserMessage message = event.userMessage();
        message.attributes().put(CallContext.KEY, stamp.build().toJson());
    }

    private static @Nullable CallContext given(@Nullable InvocationParameters parameters) {
        return parameters != null && parameters.asMap().get(CallContext.KEY) instanceof CallContext given
                ? given
                : null;
    }
}
