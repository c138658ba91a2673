package io.github.flywheel4j.caching;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders a prompt so that its stable part comes first, and tells how many tokens the provider found in its own prompt cache.
 * Thread-safe; it counts.
 *
 * <p>Providers that cache prompts (OpenAI, Anthropic, Gemini and others) reuse what they computed for the longest beginning that
 * two prompts share, from about a thousand tokens on. A date in the system message, or tools in the order of a hash map, end
 * that beginning early. So this layer
 * <ul>
 *   <li>puts the tools in the order of their names: providers put them at the very beginning;
 *   <li>puts the system messages that you call {@linkplain Builder#volatileWhen volatile} behind the others: directly before
 *       the last user's message, behind the history.
 * </ul>
 * Nothing else is moved, and never a turn of the conversation. Providers that take all system messages together (Anthropic,
 * Gemini) get the volatile ones last of these, which helps less.
 *
 * <pre>{@code
 * StablePrefix prefix = StablePrefix.builder()
 *         .volatileWhen(message -> message.text().startsWith("Now: "))
 *         .cachedTokens(OpenAiTokenUsage.class, usage -> usage.inputTokensDetails()
 *                 .cachedTokens())
 *         .build();
 * ChatStack stack = ChatStack.builder()
 *         .chatModel(openAi)
 *         .layerAfter(Stage.AUGMENT, prefix)
 *         .build();
 * ChatResponse answer = stack.chatModel().chat(request);
 * double fromTheirCache = prefix.stats().cachedShare(); // of the input tokens of the calls that reported
 * }</pre>
 *
 * <p>It stands after {@code AUGMENT}, where the prompt is complete. Its decision is {@code ordered} or {@code kept}, with the
 * facts {@code movedMessages}, {@code movedTools}, and, where the provider's token usage says so, {@code cachedTokens} and
 * {@code cacheWriteTokens}; {@link #stats()} adds them up. LangChain4j's core has no type for them, so say how to read those of your provider; this library
 * does not guess, and an unknown type gives no fact.
 */
public final class StablePrefix implements ChatLayer {

    private static final Logger LOG = LoggerFactory.getLogger(StablePrefix.class);

    private final Predicate<SystemMessage> isVolatile;
    private final List<Reader<?>> cached;
    private final List<Reader<?>> written;
    private final LongAdder calls = new LongAdder();
    private final LongAdder reported = new LongAdder();
    private final LongAdder inputTokens = new LongAdder();
    private final LongAdder cachedTokens = new LongAdder();
    private final LongAdder writtenTokens = new LongAdder();

    private StablePrefix(Builder builder) {
        this.isVolatile = builder.isVolatile;
        this.cached = List.copyOf(builder.cached);
        this.written = List.copyOf(builder.written);
    }

    /** A layer to be built; without settings it orders the tools. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        Ordered ordered = order(call.request());
        ChatResponse response = next.proceed(ordered.isChanged() ? call.withRequest(ordered.request()) : call);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("movedMessages", ordered.movedMessages());
        facts.put("movedTools", ordered.movedTools());
        TokenUsage usage = response.tokenUsage();
        Integer fromCache = read(cached, usage, "cachedTokens", facts);
        Integer toCache = read(written, usage, "cacheWriteTokens", facts);
        count(usage, fromCache, toCache);
        call.trace().record(name(), ordered.isChanged() ? "ordered" : "kept", facts, Duration.ZERO);
        return response;
    }

    private void count(@Nullable TokenUsage usage, @Nullable Integer fromCache, @Nullable Integer toCache) {
        calls.increment();
        if (usage != null && fromCache != null) {
            reported.increment();
            cachedTokens.add(fromCache);
            inputTokens.add(usage.inputTokenCount() == null ? 0 : usage.inputTokenCount());
        }
        if (toCache != null) {
            writtenTokens.add(toCache);
        }
    }

    /** What the provider's cache did so far. */
    public PrefixStats stats() {
        return new PrefixStats(calls.sum(), reported.sum(), inputTokens.sum(), cachedTokens.sum(), writtenTokens.sum());
    }

    /** The request in the order described above, and what was moved; a pure function. */
    public Ordered order(ChatRequest request) {
        List<ChatMessage> stable = new ArrayList<>();
        List<ChatMessage> changing = new ArrayList<>();
        for (ChatMessage message : request.messages()) {
            if (message instanceof SystemMessage system && isVolatile.test(system)) {
                changing.add(message);
            } else {
                stable.add(message);
            }
        }
        List<ChatMessage> messages = new ArrayList<>(stable);
        messages.addAll(lastUserMessage(stable), changing);
        List<ToolSpecification> tools =
                request.toolSpecifications() == null ? List.of() : List.copyOf(request.toolSpecifications());
        List<ToolSpecification> sorted = new ArrayList<>(tools);
        sorted.sort(Comparator.comparing(ToolSpecification::name));
        int movedMessages = messages.equals(request.messages()) ? 0 : changing.size();
        int movedTools = differences(tools, sorted);
        if (movedMessages == 0 && movedTools == 0) {
            return new Ordered(request, 0, 0);
        }
        ChatRequest.Builder changed = request.toBuilder().messages(messages);
        return new Ordered(
                movedTools == 0
                        ? changed.build()
                        : changed.toolSpecifications(sorted).build(),
                movedMessages,
                movedTools);
    }

    /** Where the last user's message stands; behind all others if there is none. */
    private static int lastUserMessage(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage) {
                return i;
            }
        }
        return messages.size();
    }

    private static int differences(List<?> before, List<?> after) {
        int differences = 0;
        for (int i = 0; i < before.size(); i++) {
            differences += before.get(i).equals(after.get(i)) ? 0 : 1;
        }
        return differences;
    }

    private static @Nullable Integer read(
            List<Reader<?>> readers, @Nullable TokenUsage usage, String fact, Map<String, Object> facts) {
        for (Reader<?> reader : readers) {
            Integer tokens = reader.read(usage);
            if (tokens != null) {
                facts.put(fact, tokens);
                return tokens;
            }
        }
        return null;
    }

    /**
     * A request and what was moved in it.
     *
     * @param request the request; the same instance if nothing was moved
     * @param movedMessages how many system messages stand elsewhere than before
     * @param movedTools how many places in the list of tools have another tool than before
     */
    public record Ordered(ChatRequest request, int movedMessages, int movedTools) {

        /** Whether anything was moved. */
        public boolean isChanged() {
            return movedMessages + movedTools > 0;
        }
    }

    private record Reader<T extends TokenUsage>(Class<T> type, Function<T, @Nullable Integer> tokens) {

        /** Null too if reading fails: details that a provider left out must not cost the caller the answer. */
        @Nullable
        Integer read(@Nullable TokenUsage usage) {
            try {
                return type.isInstance(usage) ? tokens.apply(type.cast(usage)) : null;
            } catch (RuntimeException e) {
                LOG.debug("token usage of {} could not be read", type.getName(), e);
                return null;
            }
        }
    }

    /** Settings of a {@link StablePrefix}. */
    public static final class Builder {

        private final List<Reader<?>> cached = new ArrayList<>();
        private final List<Reader<?>> written = new ArrayList<>();
        private Predicate<SystemMessage> isVolatile = message -> false;

        private Builder() {}

        /** Which system messages differ from call to call, such as one with the date; default: none. */
        public Builder volatileWhen(Predicate<SystemMessage> isVolatile) {
            this.isVolatile = isVolatile;
            return this;
        }

        /**
         * How to read the tokens that the provider took from its cache, such as {@code cacheReadInputTokens()} of Anthropic's
         * token usage.
         *
         * @param tokens null if the provider did not say
         */
        public <T extends TokenUsage> Builder cachedTokens(Class<T> type, Function<T, @Nullable Integer> tokens) {
            cached.add(new Reader<>(type, tokens));
            return this;
        }

        /**
         * How to read the tokens that the provider wrote to its cache, where it charges for that, such as
         * {@code cacheCreationInputTokens()} of Anthropic's token usage.
         *
         * @param tokens null if the provider did not say
         */
        public <T extends TokenUsage> Builder cacheWriteTokens(Class<T> type, Function<T, @Nullable Integer> tokens) {
            written.add(new Reader<>(type, tokens));
            return this;
        }

        /** Builds the layer. */
        public StablePrefix build() {
            return new StablePrefix(this);
        }
    }
}
