package io.github.flywheel4j.testkit;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a scripted model does with one call: what it says, in which tokens, how long it takes, and how it fails.
 *
 * <pre>{@code
 * Answer plain = Answer.text("Paris is lovely in May.").usage(12, 6);
 * Answer tool = Answer.toolCall("weather", "{\"city\":\"Paris\"}");
 * Answer brokenOff = Answer.text("Paris is lovely")
 *         .tokens(TokenSplit.characters())
 *         .failAfterTokens(3, new IOException("reset"));
 * Answer thrown = Answer.failure(new RateLimitException("slow down")).terminals(Terminal.THROW);
 * }</pre>
 *
 * <p>Immutable and thread-safe: each method returns a changed copy, and one answer may serve any number of calls. In a
 * stream the events come in this order: raw events, thinking, text, tool calls, terminals.
 */
public final class Answer {

    /** The model name of answers and requests that name none. */
    static final String DEFAULT_MODEL_NAME = "scripted";

    /** Steps of a stream that are no event. */
    enum Step {
        HANG,
        DELAY,
        TOKEN_DELAY,
        LATCH
    }

    record RawEvent(Object event) {}

    // Only a copy that nobody else has seen yet is ever changed (see with).
    private @Nullable String text;
    private @Nullable String thinking;
    private List<ToolExecutionRequest> toolCalls = List.of();
    private Map<String, Object> attributes = Map.of();
    private @Nullable String id;
    private @Nullable String modelName;
    private @Nullable TokenUsage usage;
    private @Nullable FinishReason finishReason;
    private boolean finishReasonGiven;
    private @Nullable ChatResponse exact;
    private boolean none;

    private TokenSplit split = TokenSplit.words();
    private List<Object> rawEvents = List.of();
    private ToolCallEvents toolCallEvents = ToolCallEvents.PARTIAL_AND_COMPLETE;
    private boolean withHandle = true;
    private boolean ignoresCancel;
    private @Nullable Throwable cancelFailure;
    private List<String> lateTokens = List.of();

    private @Nullable Duration delay;
    private @Nullable Duration tokenDelay;
    private @Nullable CountDownLatch latch;
    private int latchAfter = -1;
    private boolean hangs;
    private int hangAfter = -1;

    private @Nullable Throwable failure;
    private int endAfter = Integer.MAX_VALUE;
    private boolean brokenOff;
    private @Nullable List<Terminal> terminals;

    // Filled on first use. A race builds an equal value twice, which is harmless: both are immutable.
    private @Nullable ChatResponse rendered;
    private Object @Nullable [] plan;

    private Answer() {}

    private Answer(Answer other) {
        text = other.text;
        thinking = other.thinking;
        toolCalls = other.toolCalls;
        attributes = other.attributes;
        id = other.id;
        modelName = other.modelName;
        usage = other.usage;
        finishReason = other.finishReason;
        finishReasonGiven = other.finishReasonGiven;
        exact = other.exact;
        none = other.none;
        split = other.split;
        rawEvents = other.rawEvents;
        toolCallEvents = other.toolCallEvents;
        withHandle = other.withHandle;
        ignoresCancel = other.ignoresCancel;
        cancelFailure = other.cancelFailure;
        lateTokens = other.lateTokens;
        delay = other.delay;
        tokenDelay = other.tokenDelay;
        latch = other.latch;
        latchAfter = other.latchAfter;
        hangs = other.hangs;
        hangAfter = other.hangAfter;
        failure = other.failure;
        endAfter = other.endAfter;
        brokenOff = other.brokenOff;
        terminals = other.terminals;
    }

    /** An answer with this text, finished by {@link FinishReason#STOP}; empty is allowed. */
    public static Answer text(String text) {
        return new Answer().with(a -> a.text = Objects.requireNonNull(text, "text"));
    }

    /** An answer with these tokens, each an event of its own; its text is the tokens joined. */
    public static Answer tokens(String... tokens) {
        return text(String.join("", tokens)).tokens(TokenSplit.fixed(List.of(tokens)));
    }

    /**
     * An answer that asks for one tool, without text, finished by {@link FinishReason#TOOL_EXECUTION}. Its id is {@code
     * call_1}.
     *
     * @param name the tool's name
     * @param arguments its arguments, as JSON
     */
    public static Answer toolCall(String name, String arguments) {
        return new Answer().andToolCall(name, arguments);
    }

    /** An answer that asks for these tools, without text, finished by {@link FinishReason#TOOL_EXECUTION}. */
    public static Answer toolCalls(ToolExecutionRequest... toolCalls) {
        return new Answer().with(a -> a.toolCalls = List.of(toolCalls));
    }

    /** This response, the same instance each time; in a stream the events follow from its message. */
    public static Answer of(ChatResponse response) {
        return new Answer().with(a -> {
            AiMessage message = response.aiMessage();
            a.text = message.text();
            a.thinking = message.thinking();
            a.toolCalls = List.copyOf(message.toolExecutionRequests());
            a.attributes = message.attributes();
            a.id = response.id();
            a.modelName = response.modelName();
            a.usage = response.tokenUsage();
            a.finishReason = response.finishReason();
            a.finishReasonGiven = true;
            a.exact = response;
        });
    }

    /**
     * A failure before anything was said: thrown by a blocking call, given to {@code onError} by a stream.
     *
     * @param failure any throwable, checked ones too
     */
    public static Answer failure(Throwable failure) {
        return text("").failAfterTokens(0, failure);
    }

    /** An answer that is {@code null}: what a broken provider returns, or passes to {@code onCompleteResponse}. */
    public static Answer none() {
        return text("").with(a -> a.none = true);
    }

    /** An answer that never comes, until the model is released or, in a blocking call, the thread interrupted. */
    public static Answer hanging() {
        return text("").hang();
    }

    /** The same answer with this text beside what it has, for instance beside tool calls. */
    public Answer andText(String text) {
        return changed(a -> a.text = Objects.requireNonNull(text, "text"));
    }

    /** The same answer with this text as the model's thinking, streamed before the text. */
    public Answer thinking(String thinking) {
        return changed(a -> a.thinking = Objects.requireNonNull(thinking, "thinking"));
    }

    /**
     * The same answer with one more tool call; ids are {@code call_1}, {@code call_2} and so on.
     *
     * @param name the tool's name
     * @param arguments its arguments, as JSON
     */
    public Answer andToolCall(String name, String arguments) {
        return changed(a -> {
            List<ToolExecutionRequest> all = new ArrayList<>(a.toolCalls);
            all.add(ToolExecutionRequest.builder()
                    .id("call_" + (all.size() + 1))
                    .name(name)
                    .arguments(arguments)
                    .build());
            a.toolCalls = List.copyOf(all);
        });
    }

    /** The same answer with these attributes on its {@link AiMessage}. */
    public Answer attributes(Map<String, Object> attributes) {
        return changed(a -> a.attributes = Map.copyOf(attributes));
    }

    /** The same answer with this response id. None by default. */
    public Answer id(String id) {
        return changed(a -> a.id = id);
    }

    /** The same answer with this model name. By default the one that the request asks for, else {@code "scripted"}. */
    public Answer modelName(String modelName) {
        return changed(a -> a.modelName = modelName);
    }

    /**
     * The same answer with this usage. None by default, so that no figure is invented.
     *
     * @param inputTokens tokens of the request
     * @param outputTokens tokens of the answer
     */
    public Answer usage(int inputTokens, int outputTokens) {
        return usage(new TokenUsage(inputTokens, outputTokens));
    }

    /** The same answer with this usage, possibly of a provider's own type. */
    public Answer usage(TokenUsage usage) {
        return changed(a -> a.usage = usage);
    }

    /** The same answer with this finish reason, instead of the one that follows from its content. */
    public Answer finishReason(FinishReason finishReason) {
        return changed(a -> {
            a.finishReason = finishReason;
            a.finishReasonGiven = true;
        });
    }

    /** The same answer without a finish reason, as if the provider's stream had broken off. */
    public Answer withoutFinishReason() {
        return changed(a -> {
            a.finishReason = null;
            a.finishReasonGiven = true;
        });
    }

    /** The same answer, its text and thinking cut this way in a stream. By default {@link TokenSplit#words()}. */
    public Answer tokens(TokenSplit split) {
        return with(a -> a.split = Objects.requireNonNull(split, "split"));
    }

    /** The same answer, with these raw provider events before the first token (OpenAI's role chunk comes as one). */
    public Answer rawEvents(Object... events) {
        return with(a -> a.rawEvents = List.of(events));
    }

    /** The same answer, its tool calls told by these events. By default partial and complete ones. */
    public Answer toolCallEvents(ToolCallEvents events) {
        return with(a -> a.toolCallEvents = Objects.requireNonNull(events, "events"));
    }

    /** The same answer, its events without a {@code StreamingHandle}, as providers send them that cannot be cancelled. */
    public Answer withoutHandle() {
        return with(a -> a.withHandle = false);
    }

    /** The same answer, from a provider whose {@code StreamingHandle} notes a cancel and streams on. */
    public Answer ignoringCancel() {
        return with(a -> a.ignoresCancel = true);
    }

    /**
     * The same answer, from a provider that reports a cancel as a failure. langchain4j-open-ai does so with an {@code
     * IOException} when another thread cancels while it waits for the next token.
     */
    public Answer failOnCancel(Throwable failure) {
        return with(a -> a.cancelFailure = Objects.requireNonNull(failure, "failure"));
    }

    /** The same answer, with these tokens after the terminals, as no provider should send them. */
    public Answer lateTokens(String... tokens) {
        return with(a -> a.lateTokens = List.of(tokens));
    }

    /**
     * The same answer, after this delay, which the model's {@link Sleeper} passes.
     *
     * @param delay time before the first event or the return; an interrupt ends it as it ends an HTTP call
     */
    public Answer delay(Duration delay) {
        return with(a -> a.delay = notNegative("delay", delay));
    }

    /** The same answer, with this delay before each token of its text. A blocking call is not delayed by it. */
    public Answer delayPerToken(Duration delay) {
        return with(a -> a.tokenDelay = notNegative("delay per token", delay));
    }

    /** The same answer, once the latch is open. An interrupt ends the wait as it ends an HTTP call. */
    public Answer waitFor(CountDownLatch latch) {
        return waitAfterTokens(-1, latch);
    }

    /** The same answer, which waits after {@code tokens} tokens of its text until the latch is open. */
    public Answer waitAfterTokens(int tokens, CountDownLatch latch) {
        return with(a -> {
            a.latch = latch;
            a.latchAfter = tokens;
        });
    }

    /** The same answer, held back before its first event until the model is released. */
    public Answer hang() {
        return with(a -> a.hangs = true);
    }

    /** The same answer, held back after {@code tokens} tokens of its text until the model is released. */
    public Answer hangAfterTokens(int tokens) {
        return with(a -> a.hangAfter = notNegative("tokens", tokens));
    }

    /**
     * The same answer, which fails after {@code tokens} tokens of its text (after all, when it has fewer). A blocking
     * call throws the failure and says nothing.
     *
     * @param tokens zero or more
     * @param failure any throwable, checked ones too
     */
    public Answer failAfterTokens(int tokens, Throwable failure) {
        return with(a -> {
            a.endAfter = notNegative("tokens", tokens);
            a.failure = Objects.requireNonNull(failure, "failure");
            a.brokenOff = false;
        });
    }

    /**
     * The same answer, broken off after {@code tokens} tokens of its text: it completes without a finish reason, usage
     * or tool calls, and holds only what was streamed. That is how langchain4j-open-ai reports a stream cut short.
     */
    public Answer breakOffAfterTokens(int tokens) {
        return changed(a -> {
            a.endAfter = notNegative("tokens", tokens);
            a.brokenOff = true;
            a.failure = null;
        });
    }

    /**
     * The same answer, ended by these signals in this order; none means that the stream just stops. By default {@link
     * Terminal#ERROR} for a failure and {@link Terminal#COMPLETE} for anything else. A blocking call obeys the first.
     */
    public Answer terminals(Terminal... terminals) {
        return with(a -> a.terminals = List.of(terminals));
    }

    /** The text, or null when there is none. */
    public @Nullable String text() {
        return text;
    }

    /** Whether nothing is to be done but to hand over the response. */
    boolean isInstant() {
        return failure == null && delay == null && latch == null && !hangs && hangAfter < 0 && terminals == null;
    }

    /** Whether this is what is said and nothing else: no wait, no failure, nothing a server could not send as it stands. */
    boolean isPlain() {
        return isInstant() && tokenDelay == null && !none && !brokenOff && lateTokens.isEmpty();
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    @Nullable
    Duration delay() {
        return delay;
    }

    @Nullable
    Duration tokenDelay() {
        return tokenDelay;
    }

    @Nullable
    CountDownLatch latch() {
        return latch;
    }

    boolean hangsSomewhere() {
        return hangs || hangAfter >= 0;
    }

    boolean hasHandle() {
        return withHandle;
    }

    boolean ignoresCancel() {
        return ignoresCancel;
    }

    @Nullable
    Throwable cancelFailure() {
        return cancelFailure;
    }

    List<Terminal> signals() {
        List<Terminal> given = terminals;
        if (given != null) {
            return given;
        }
        return List.of(failure == null ? Terminal.COMPLETE : Terminal.ERROR);
    }

    boolean throwsFromChat() {
        return terminals != null && terminals.contains(Terminal.THROW);
    }

    /** The failure, or what stands for one when the script ends in an error without naming it. */
    Throwable failureOrDefault() {
        Throwable given = failure;
        return given != null ? given : new IllegalStateException("scripted failure");
    }

    /** The response, for a request that asks for this model. */
    @Nullable
    ChatResponse response(@Nullable String requestedModel) {
        if (none) {
            return null;
        }
        ChatResponse given = exact;
        if (given != null) {
            return given;
        }
        String model = modelName != null ? modelName : requestedModel != null ? requestedModel : DEFAULT_MODEL_NAME;
        ChatResponse last = rendered;
        if (last == null || !model.equals(last.modelName())) {
            last = render(model);
            rendered = last;
        }
        return last;
    }

    private ChatResponse render(String model) {
        AiMessage message = AiMessage.builder()
                .text(brokenOff ? String.join("", textTokens()) : text)
                .thinking(thinking)
                .toolExecutionRequests(brokenOff ? List.of() : toolCalls)
                .attributes(attributes)
                .build();
        return ChatResponse.builder()
                .aiMessage(message)
                .metadata(ChatResponseMetadata.builder()
                        .id(id)
                        .modelName(model)
                        .tokenUsage(brokenOff ? null : usage)
                        .finishReason(brokenOff ? null : effectiveFinishReason())
                        .build())
                .build();
    }

    @Nullable
    FinishReason effectiveFinishReason() {
        if (finishReasonGiven) {
            return finishReason;
        }
        return toolCalls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_EXECUTION;
    }

    @Nullable
    String thinking() {
        return thinking;
    }

    @Nullable
    TokenUsage usage() {
        return usage;
    }

    @Nullable
    String modelName() {
        return modelName;
    }

    @Nullable
    String id() {
        return id;
    }

    List<ToolExecutionRequest> toolCalls() {
        return toolCalls;
    }

    /** The tokens of the text that are streamed. */
    List<String> textTokens() {
        List<String> tokens = tokensOf(text);
        return tokens.subList(0, Math.min(endAfter, tokens.size()));
    }

    List<String> tokensOf(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return List.of();
        }
        return split.split(text).stream().filter(token -> !token.isEmpty()).toList();
    }

    /** The events and steps of a stream, in order; the caller must not change the array. */
    Object[] plan() {
        Object[] known = plan;
        if (known == null) {
            known = makePlan();
            plan = known;
        }
        return known;
    }

    private Object[] makePlan() {
        List<Object> steps = new ArrayList<>();
        if (delay != null) {
            steps.add(Step.DELAY);
        }
        if (latch != null && latchAfter < 0) {
            steps.add(Step.LATCH);
        }
        if (hangs) {
            steps.add(Step.HANG);
        }
        rawEvents.forEach(event -> steps.add(new RawEvent(event)));
        boolean saysNothing = failure != null && endAfter == 0;
        if (!saysNothing) {
            tokensOf(thinking).forEach(token -> steps.add(new PartialThinking(token)));
        }
        List<String> tokens = textTokens();
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == latchAfter || (i == tokens.size() && latchAfter > i)) {
                steps.add(Step.LATCH);
            }
            if (i == hangAfter || (i == tokens.size() && hangAfter > i)) {
                steps.add(Step.HANG);
            }
            if (i < tokens.size()) {
                if (tokenDelay != null) {
                    steps.add(Step.TOKEN_DELAY);
                }
                steps.add(new PartialResponse(tokens.get(i)));
            }
        }
        if (failure == null && !brokenOff) {
            for (int i = 0; i < toolCalls.size(); i++) {
                planToolCall(steps, i, toolCalls.get(i));
            }
        }
        steps.addAll(signals());
        lateTokens.forEach(token -> steps.add(new PartialResponse(token)));
        return steps.toArray();
    }

    private void planToolCall(List<Object> steps, int index, ToolExecutionRequest call) {
        if (toolCallEvents == ToolCallEvents.PARTIAL_AND_COMPLETE) {
            for (String token : tokensOf(call.arguments())) {
                steps.add(PartialToolCall.builder()
                        .index(index)
                        .id(call.id())
                        .name(call.name())
                        .partialArguments(token)
                        .build());
            }
        }
        if (toolCallEvents != ToolCallEvents.NONE) {
            steps.add(new CompleteToolCall(index, call));
        }
    }

    private Answer changed(Consumer<Answer> change) {
        return with(change.andThen(a -> a.exact = null));
    }

    private Answer with(Consumer<Answer> change) {
        Answer copy = new Answer(this);
        change.accept(copy);
        return copy;
    }

    private static int notNegative(String what, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    private static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    /** Says what kind of answer this is, never its text. */
    @Override
    public String toString() {
        StringBuilder kind = new StringBuilder("Answer[");
        String said = text;
        kind.append(said == null ? "no text" : said.length() + " characters");
        if (!toolCalls.isEmpty()) {
            kind.append(", ").append(toolCalls.size()).append(" tool calls");
        }
        Throwable fails = failure;
        if (fails != null) {
            kind.append(", fails with ").append(fails.getClass().getSimpleName());
        }
        return kind.append(']').toString();
    }
}
