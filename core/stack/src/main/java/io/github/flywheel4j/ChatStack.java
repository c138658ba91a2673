package io.github.flywheel4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Layers around a chat model, in the order that makes them safe together.
 *
 * <pre>{@code
 * ChatStack stack = ChatStack.builder()
 *         .chatModel(model)
 *         .streamingChatModel(streamingModel)
 *         .workload("support-answers")
 *         .layer(timing)
 *         .interactionListener(interaction -> log.add(interaction.toJson()))
 *         .build();
 * ChatModel chatModel = stack.chatModel();
 * }</pre>
 *
 * <p>{@link #chatModel()} and {@link #streamingChatModel()} are LangChain4j models like any other: call them, or give them
 * to {@code AiServices}. Layers run on the caller's thread if it blocks, else on the stack's executor.
 *
 * <p>Thread-safe. Stateful: it knows its calls under way and holds interactions until its listeners took them. Closing is
 * needed only to make sure that the last interactions were delivered.
 */
public final class ChatStack implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final @Nullable ChatModel chatModel;
    private final @Nullable StreamingChatModel streamingChatModel;
    private final String description;
    private final StackFingerprint fingerprint;
    private final CallContext defaultContext;
    private final @Nullable Duration deadline;
    private final Executor executor;
    private final Clock clock;
    private final PriceList prices;
    private final InteractionQueue interactions;
    private final LiveCalls liveCalls = new LiveCalls();

    private ChatStack(Builder builder) {
        List<ChatLayer> layers = builder.order.layers();
        this.description = describe(layers, builder);
        List<StackFingerprint> fingerprints = fingerprints(layers, builder);
        this.fingerprint = fingerprints.get(0);
        this.defaultContext = builder.defaultContext();
        this.deadline = builder.deadline;
        this.executor = builder.executor == null ? LayerThreads.shared() : builder.executor;
        this.clock = builder.clock;
        this.prices = builder.prices;
        this.interactions = new InteractionQueue(listeners(layers, builder), builder.interactionQueue);
        ChatModel model = builder.chatModel;
        this.chatModel = model == null
                ? null
                : new StackChatModel(
                        this,
                        model,
                        chain(layers, fingerprints, new BlockingModelStep(model, fingerprints.get(layers.size()))));
        StreamingChatModel streaming = builder.streamingChatModel;
        this.streamingChatModel = streaming == null
                ? null
                : new StackStreamingChatModel(
                        this,
                        streaming,
                        chain(
                                layers,
                                fingerprints,
                                new StreamingModelStep(
                                        streaming,
                                        builder.idleTimeout,
                                        builder.finishReasonOptional,
                                        fingerprints.get(layers.size()))));
    }

    /** A builder of stacks. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The stack as a model for callers that block or hold a future.
     *
     * @throws IllegalStateException if the stack was built without a {@link Builder#chatModel}
     */
    public ChatModel chatModel() {
        if (chatModel == null) {
            throw new IllegalStateException(
                    "this stack has no chat model (expected: one, given to the builder with chatModel(...))");
        }
        return chatModel;
    }

    /**
     * The stack as a model for callers that stream.
     *
     * @throws IllegalStateException if the stack was built without a {@link Builder#streamingChatModel}
     */
    public StreamingChatModel streamingChatModel() {
        if (streamingChatModel == null) {
            throw new IllegalStateException(
                    "this stack has no streaming chat model (expected: one, given to the builder"
                            + " with streamingChatModel(...))");
        }
        return streamingChatModel;
    }

    /**
     * Cancels every call of a turn that is under way, also one of which the caller has no handle yet because nothing was
     * streamed.
     *
     * @return how many calls were cancelled
     */
    public int cancel(String turn) {
        return liveCalls.cancel(turn);
    }

    /** How many calls are under way. */
    public long callsUnderWay() {
        return liveCalls.size();
    }

    /** How many interactions the listeners were never told of, because their queue was full or the stack closed. */
    public long droppedInteractions() {
        return interactions.dropped();
    }

    /** Which configuration this is. */
    public StackFingerprint fingerprint() {
        return fingerprint;
    }

    /**
     * Delivers the interactions that wait, for at most 10 seconds. Calls may still be made; their interactions are dropped
     * and counted.
     */
    @Override
    public void close() {
        interactions.close(CLOSE_TIMEOUT);
    }

    /** The layers, outermost first, and the model: {@code Capture -> ResponseCache -> OpenAiChatModel}. */
    @Override
    public String toString() {
        return description;
    }

    CallRun begin(StackModel model, ChatRequest request, @Nullable ChatRequestOptions given) {
        requireRequest(request);
        ChatRequestOptions options = given == null ? ChatRequestOptions.EMPTY : given;
        CallContext context = CallContext.resolve(options, request, defaultContext);
        CallRun run = new CallRun(this, model, request, CallContext.without(options), context);
        liveCalls.begin(context.turn(), run.cancellation());
        return run;
    }

    void end(CallRun run) {
        liveCalls.end(run.context().turn(), run.cancellation());
    }

    /** Runs a call's layers on the executor, in the call's context. */
    void execute(CallRun run, Runnable layers, Consumer<Throwable> rejected) {
        try {
            executor.execute(() -> {
                try (ContextScope scope = CallContext.open(run.context().withoutInteractionId())) {
                    layers.run();
                }
            });
        } catch (RuntimeException | OutOfMemoryError e) { // refused, in whatever words, or no more threads
            end(run);
            rejected.accept(e);
        }
    }

    <T> CompletableFuture<T> submit(CallRun run, Supplier<T> task) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (ContextScope scope = CallContext.open(run.context().withoutInteractionId())) {
                        return task.get();
                    }
                },
                executor);
    }

    static void requireRequest(@Nullable ChatRequest request) {
        if (request == null) {
            throw new IllegalArgumentException("request: null (expected: a ChatRequest)");
        }
    }

    Deadline newDeadline() {
        return deadline == null ? Deadline.none() : Deadline.after(deadline);
    }

    Clock clock() {
        return clock;
    }

    PriceList prices() {
        return prices;
    }

    InteractionQueue interactions() {
        return interactions;
    }

    private static Next chain(List<ChatLayer> layers, List<StackFingerprint> fingerprints, Next model) {
        Next next = model;
        for (int depth = layers.size() - 1; depth >= 0; depth--) {
            next = new Step(layers.get(depth), depth, fingerprints.get(depth), next);
        }
        return next;
    }

    private static List<InteractionListener> listeners(List<ChatLayer> layers, Builder builder) {
        List<InteractionListener> listeners = new ArrayList<>(builder.listeners);
        for (ChatLayer layer : layers) {
            if (layer instanceof InteractionListener listener && !listeners.contains(listener)) {
                listeners.add(listener);
            }
        }
        return List.copyOf(listeners);
    }

    private static String describe(List<ChatLayer> layers, Builder builder) {
        String model = models(builder).stream().map(StackModel::name).collect(Collectors.joining(" | "));
        return layers.stream().map(layer -> layer.name() + " -> ").collect(Collectors.joining()) + model;
    }

    /** At each index the fingerprint of the layer there and all that is further in; the last one is of the models alone. */
    private static List<StackFingerprint> fingerprints(List<ChatLayer> layers, Builder builder) {
        List<String> lines = new ArrayList<>();
        lines.add("prompt " + (builder.promptVersion == null ? "" : builder.promptVersion));
        for (StackModel model : models(builder)) {
            lines.add("model " + model.name() + " " + model.provider());
            lines.addAll(RequestParameters.spell(model.defaults()).lines());
        }
        int beforeLayers = lines.size();
        for (ChatLayer layer : layers) {
            lines.add("layer " + layer.name());
            lines.add(layer.settings());
        }
        List<StackFingerprint> fingerprints = new ArrayList<>();
        for (int depth = 0; depth <= layers.size(); depth++) {
            List<String> inner = new ArrayList<>(lines.subList(0, beforeLayers));
            inner.addAll(lines.subList(beforeLayers + 2 * depth, lines.size()));
            fingerprints.add(StackFingerprint.of(inner));
        }
        return fingerprints;
    }

    private static List<StackModel> models(Builder builder) {
        List<StackModel> models = new ArrayList<>(2);
        if (builder.chatModel != null) {
            models.add(new StackModel(builder.chatModel));
        }
        if (builder.streamingChatModel != null) {
            models.add(new StackModel(builder.streamingChatModel));
        }
        return models;
    }

    /** Builds stacks. Not thread-safe. */
    public static final class Builder {

        private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);
        private static final int DEFAULT_INTERACTION_QUEUE = 10_000;

        private final LayerOrder order = new LayerOrder();
        private final List<InteractionListener> listeners = new ArrayList<>();
        private @Nullable ChatModel chatModel;
        private @Nullable StreamingChatModel streamingChatModel;
        private @Nullable String workload;
        private CallContext context = CallContext.empty();
        private @Nullable String promptVersion;
        private @Nullable Duration deadline;
        private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
        private boolean finishReasonOptional;
        private @Nullable Executor executor;
        private Clock clock = Clock.systemUTC();
        private PriceList prices = PriceList.empty();
        private int interactionQueue = DEFAULT_INTERACTION_QUEUE;

        private Builder() {}

        /** The model for callers that block. One of the two kinds is required. */
        public Builder chatModel(ChatModel chatModel) {
            this.chatModel = chatModel;
            return this;
        }

        /** The model for callers that stream. One of the two kinds is required. */
        public Builder streamingChatModel(StreamingChatModel streamingChatModel) {
            this.streamingChatModel = streamingChatModel;
            return this;
        }

        /** The task of calls that name no other; none unless told. */
        public Builder workload(String workload) {
            this.workload = workload;
            return this;
        }

        /** What holds for calls whose own context leaves it open; nothing unless told. */
        public Builder defaultContext(CallContext context) {
            this.context = context;
            return this;
        }

        /**
         * Adds a layer in the place that its stage says, behind earlier ones of the same stage. Layers without a fixed
         * place ({@link Stage#CUSTOM}) may be added this way if the stack has no others; they stand as they were added.
         */
        public Builder layer(ChatLayer layer) {
            order.add(layer);
            return this;
        }

        /** Adds a layer just outside of a stage, whatever its own stage. */
        public Builder layerBefore(Stage stage, ChatLayer layer) {
            order.addBefore(stage, layer);
            return this;
        }

        /** Adds a layer just inside of a stage, whatever its own stage. */
        public Builder layerAfter(Stage stage, ChatLayer layer) {
            order.addAfter(stage, layer);
            return this;
        }

        /** Adds a listener that is told of every interaction. */
        public Builder interactionListener(InteractionListener listener) {
            listeners.add(listener);
            return this;
        }

        /** How many interactions may wait for the listeners; 10,000 unless told, a few seconds of a busy service. */
        public Builder interactionQueue(int capacity) {
            this.interactionQueue = capacity;
            return this;
        }

        /** Prices, for the cost of each interaction; none unless told. */
        public Builder prices(PriceList prices) {
            this.prices = prices;
            return this;
        }

        /** The version of the application's prompts, for the fingerprint; none unless told. */
        public Builder promptVersion(String promptVersion) {
            this.promptVersion = promptVersion;
            return this;
        }

        /** The most time that a whole call may take, retries included; no limit unless told. */
        public Builder deadline(Duration deadline) {
            this.deadline = deadline;
            return this;
        }

        /**
         * How long a stream may be silent; 60 seconds unless told, longer than models think in public and shorter than
         * users wait. LangChain4j's clients have no limit of their own once the headers have come.
         */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = idleTimeout;
            return this;
        }

        /** Accepts streamed answers without a finish reason; otherwise they count as broken off. */
        public Builder finishReasonOptional() {
            this.finishReasonOptional = true;
            return this;
        }

        /**
         * Where the layers of streamed and asynchronous calls run. It must be unbounded, because layers wait for tasks
         * that they submit; virtual threads where the JDK has them, else cached daemon threads, unless told.
         */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /** The clock of ids and interactions; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Builds the stack.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         * @throws IllegalStateException if there is no model, or a custom layer has no place
         */
        public ChatStack build() {
            if (chatModel == null && streamingChatModel == null) {
                throw new IllegalStateException("no model (expected: chatModel(...), streamingChatModel(...) or both)");
            }
            requirePositive("idleTimeout", idleTimeout);
            if (deadline != null) {
                requirePositive("deadline", deadline);
            }
            if (interactionQueue <= 0) {
                throw new IllegalArgumentException("interactionQueue: " + interactionQueue + " (expected: > 0)");
            }
            if (workload != null && workload.isBlank()) {
                throw new IllegalArgumentException("workload: blank (expected: the name of a task)");
            }
            return new ChatStack(this);
        }

        private CallContext defaultContext() {
            return workload == null
                    ? context
                    : context.toBuilder().workload(workload).build();
        }

        private static void requirePositive(String name, Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
            }
        }
    }
}
