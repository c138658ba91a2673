package io.github.flywheel4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.observability.api.listener.AiServiceStartedListener;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who asks and for what.
 *
 * <p>A context reaches a call by one of these ways; the first that says anything counts, and what it leaves open is taken
 * from the stack's default:
 * <ol>
 *   <li>{@code model.chat(request, context.options())};
 *   <li>the last {@link UserMessage} of the request, onto which {@link #listener()} stamped it: this way holds through
 *       memories, retrieval, every tool round and other threads of an AI service;
 *   <li>a scope, opened with {@link #call} or {@link #open} on the thread that calls.
 * </ol>
 *
 * <p>Contexts are never mixed: the user of one request is never completed with the tenant of another.
 *
 * <p>Immutable and thread-safe. All parts are optional here; patterns that need one say so.
 */
public final class CallContext {

    /** The name under which a context travels in options, message attributes and invocation parameters. */
    static final String KEY = "flywheel4j";

    /**
     * The attribute that asks for a fresh answer: where it is {@code true}, caches neither serve nor keep anything for the
     * call. Evals set it, because a repeated question must be answered again.
     */
    public static final String FRESH = "flywheel4j.fresh";

    private static final CallContext EMPTY = builder().build();

    private final @Nullable String workload;
    private final @Nullable String tenant;
    private final @Nullable String user;
    private final @Nullable String session;
    private final @Nullable String turn;
    private final @Nullable String knowledgeVersion;
    private final Map<String, Object> attributes;
    private final @Nullable UUID interactionId;

    private CallContext(Builder builder) {
        this.workload = builder.workload;
        this.tenant = builder.tenant;
        this.user = builder.user;
        this.session = builder.session;
        this.turn = builder.turn;
        this.knowledgeVersion = builder.knowledgeVersion;
        this.attributes = builder.attributes.isEmpty()
                ? Map.of()
                : Collections.unmodifiableMap(new LinkedHashMap<>(builder.attributes));
        this.interactionId = builder.interactionId;
    }

    /** A context that says nothing. */
    public static CallContext empty() {
        return EMPTY;
    }

    /** A builder of contexts. */
    public static Builder builder() {
        return new Builder();
    }

    /** The task, such as "support-answers": what is measured and improved as one thing. */
    public @Nullable String workload() {
        return workload;
    }

    /** The customer, team or organisation that the user belongs to. */
    public @Nullable String tenant() {
        return tenant;
    }

    /** The person who asks. */
    public @Nullable String user() {
        return user;
    }

    /** The conversation. */
    public @Nullable String session() {
        return session;
    }

    /** One question of a user with everything done to answer it: joins the interactions of its tool rounds. */
    public @Nullable String turn() {
        return turn;
    }

    /** The state of the documents that answers rest on; a new one makes cached answers stale. */
    public @Nullable String knowledgeVersion() {
        return knowledgeVersion;
    }

    /** Further facts, as JSON values; unmodifiable. */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /**
     * The interaction id that the caller chose, if it did. It is used for one call: the first in a scope, or the one it is
     * given to as options. It does not travel on messages, because each tool round is an interaction of its own.
     */
    public @Nullable UUID interactionId() {
        return interactionId;
    }

    /** This context as options of {@code model.chat(request, options)}. */
    public ChatRequestOptions options() {
        return ChatRequestOptions.builder().addListenerAttribute(KEY, this).build();
    }

    /** This context as parameters of an AI service's method; needs {@link #listener()} on the service. */
    public InvocationParameters parameters() {
        return InvocationParameters.from(KEY, this);
    }

    /**
     * Carries contexts through an AI service: register it with {@code AiServices.builder(...).registerListener(...)}. It
     * stamps the context of the method's {@link #parameters()}, else of the scope, onto the user's message, and adds the
     * turn (the invocation's id) and the session (the memory id, if one was given).
     *
     * <p>An AI service that a tool calls belongs to the turn of the one around it: by itself in streams and inside
     * {@link #call}; where tools run on other threads, the tool opens the scope of {@link #of}.
     */
    public static AiServiceStartedListener listener() {
        return ContextListener.INSTANCE;
    }

    /**
     * The context of an AI service's invocation, as {@link #listener()} stamped it; empty if it did not. For tools that
     * make calls of their own, whichever thread they run on: LangChain4j hands a tool its {@code InvocationContext} when
     * one is among its parameters.
     */
    public static CallContext of(InvocationContext invocation) {
        UserMessage message = invocation.userMessage();
        CallContext stamped = message == null ? null : stampedOn(message);
        return stamped == null ? EMPTY : stamped;
    }

    /**
     * The context of a request inside of a stack, for models that want to know what they are asked for: what {@link
     * #listener()} stamped onto its last user message, else the scope of this thread; empty if there is neither. Layers take
     * {@link ChatCall#context()}, which knows more.
     */
    public static CallContext from(ChatRequest request) {
        CallContext stamped = onLastUserMessage(request.messages());
        if (stamped != null) {
            return stamped;
        }
        ContextScope scope = ContextScope.current();
        return scope == null ? EMPTY : scope.context().withoutInteractionId();
    }

    /** Whether the call must be answered afresh; see {@link #FRESH}. */
    public boolean isFresh() {
        return Boolean.TRUE.equals(attributes.get(FRESH));
    }

    /** Opens a scope on this thread until it is closed; close it on the same thread. Scopes nest. */
    public static ContextScope open(CallContext context) {
        return new ContextScope(context, false);
    }

    /**
     * Runs an action in a scope and tells what answered it, for methods that return no {@code ChatResponse}. What the
     * AI services in it do is one turn.
     *
     * <pre>{@code
     * Answered<String> answered = CallContext.call(context, () -> assistant.ask(question));
     * UUID id = answered.info().orElseThrow().id();
     * }</pre>
     */
    public static <T extends @Nullable Object> Answered<T> call(CallContext context, Supplier<T> action) {
        try (ContextScope scope = new ContextScope(context, true)) {
            T value = action.get();
            return new Answered<>(value, scope.answers(), scope.interactions());
        }
    }

    /** A builder that starts with what this context says. */
    public Builder toBuilder() {
        Builder builder = new Builder()
                .workload(workload)
                .tenant(tenant)
                .user(user)
                .session(session)
                .turn(turn)
                .knowledgeVersion(knowledgeVersion)
                .interactionId(interactionId);
        attributes.forEach(builder::attribute);
        return builder;
    }

    /** The options without what is for the stack, so that a model that knows no options can be called without. */
    static ChatRequestOptions without(ChatRequestOptions options) {
        if (!options.listenerAttributes().containsKey(KEY)) {
            return options;
        }
        Map<Object, Object> others = new LinkedHashMap<>(options.listenerAttributes());
        others.remove(KEY);
        return others.isEmpty()
                ? ChatRequestOptions.EMPTY
                : ChatRequestOptions.builder().listenerAttributes(others).build();
    }

    CallContext withoutInteractionId() {
        return interactionId == null ? this : toBuilder().interactionId(null).build();
    }

    /** The context of a call, by the order that the class says. */
    static CallContext resolve(ChatRequestOptions options, ChatRequest request, CallContext otherwise) {
        if (!options.listenerAttributes().isEmpty()
                && options.listenerAttributes().get(KEY) instanceof CallContext given) {
            return given.or(otherwise);
        }
        CallContext stamped = onLastUserMessage(request.messages());
        ContextScope scope = ContextScope.current();
        if (stamped != null) {
            UUID id = scope == null ? null : scope.takeInteractionId();
            return (id == null ? stamped : stamped.toBuilder().interactionId(id).build()).or(otherwise);
        }
        return scope == null ? otherwise : scope.forOneCall().or(otherwise);
    }

    private static @Nullable CallContext onLastUserMessage(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage message) {
                return stampedOn(message);
            }
        }
        return null;
    }

    private static @Nullable CallContext stampedOn(UserMessage message) {
        return message.attributes().get(KEY) instanceof Map<?, ?> stamp ? fromJson(stamp) : null;
    }

    private CallContext or(CallContext otherwise) {
        Builder builder = toBuilder();
        builder.workload = workload == null ? otherwise.workload : workload;
        builder.tenant = tenant == null ? otherwise.tenant : tenant;
        builder.user = user == null ? otherwise.user : user;
        builder.session = session == null ? otherwise.session : session;
        builder.turn = turn == null ? otherwise.turn : turn;
        builder.knowledgeVersion = knowledgeVersion == null ? otherwise.knowledgeVersion : knowledgeVersion;
        otherwise.attributes.forEach(builder.attributes::putIfAbsent);
        return builder.build();
    }

    /** This context as plain JSON, because chat memories store the attributes of messages. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        putIfPresent(json, "workload", workload);
        putIfPresent(json, "tenant", tenant);
        putIfPresent(json, "user", user);
        putIfPresent(json, "session", session);
        putIfPresent(json, "turn", turn);
        putIfPresent(json, "knowledgeVersion", knowledgeVersion);
        if (!attributes.isEmpty()) {
            json.put("attributes", attributes);
        }
        return json;
    }

    static CallContext fromJson(Map<?, ?> json) {
        Builder builder = new Builder()
                .workload(text(json, "workload"))
                .tenant(text(json, "tenant"))
                .user(text(json, "user"))
                .session(text(json, "session"))
                .turn(text(json, "turn"))
                .knowledgeVersion(text(json, "knowledgeVersion"));
        if (json.get("attributes") instanceof Map<?, ?> attributes) {
            attributes.forEach((name, value) -> {
                if (value != null) {
                    builder.attribute(String.valueOf(name), value);
                }
            });
        }
        return builder.build();
    }

    private static void putIfPresent(Map<String, Object> json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static @Nullable String text(Map<?, ?> json, String name) {
        return json.get(name) instanceof String text ? text : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CallContext that
                && toJson().equals(that.toJson())
                && Objects.equals(interactionId, that.interactionId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(workload, tenant, user, session, turn, knowledgeVersion, attributes, interactionId);
    }

    /** Names the workload only: users and tenants do not belong into logs. */
    @Override
    public String toString() {
        return "CallContext(workload=" + workload + ")";
    }

    /** Builds contexts. Not thread-safe. */
    public static final class Builder {

        private @Nullable String workload;
        private @Nullable String tenant;
        private @Nullable String user;
        private @Nullable String session;
        private @Nullable String turn;
        private @Nullable String knowledgeVersion;
        private final Map<String, Object> attributes = new LinkedHashMap<>();
        private @Nullable UUID interactionId;

        private Builder() {}

        /** See {@link CallContext#workload()}. */
        public Builder workload(@Nullable String workload) {
            this.workload = workload;
            return this;
        }

        /** See {@link CallContext#tenant()}. */
        public Builder tenant(@Nullable String tenant) {
            this.tenant = tenant;
            return this;
        }

        /** See {@link CallContext#user()}. */
        public Builder user(@Nullable String user) {
            this.user = user;
            return this;
        }

        /** See {@link CallContext#session()}. */
        public Builder session(@Nullable String session) {
            this.session = session;
            return this;
        }

        /** See {@link CallContext#turn()}. */
        public Builder turn(@Nullable String turn) {
            this.turn = turn;
            return this;
        }

        /** See {@link CallContext#knowledgeVersion()}. */
        public Builder knowledgeVersion(@Nullable String knowledgeVersion) {
            this.knowledgeVersion = knowledgeVersion;
            return this;
        }

        /** See {@link CallContext#interactionId()}. */
        public Builder interactionId(@Nullable UUID interactionId) {
            this.interactionId = interactionId;
            return this;
        }

        /**
         * Adds a further fact.
         *
         * @param value a JSON value: text, number, boolean, list or map of these
         * @throws IllegalArgumentException if it is anything else, because chat memories could not store it
         */
        public Builder attribute(String name, Object value) {
            Object copy = JsonValues.copyOf(name, value);
            if (copy == null) {
                throw new IllegalArgumentException(name + ": null (expected: a JSON value other than null)");
            }
            attributes.put(name, copy);
            return this;
        }

        /** Builds the context. */
        public CallContext build() {
            return new CallContext(this);
        }
    }
}
