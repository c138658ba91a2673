package io.github.flywheel4j.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link OpenAiStubServer} does with one request: it answers, or fails in one of the ways that real endpoints do.
 *
 * <pre>{@code
 * StubReply plain = StubReply.text("Paris is lovely.");
 * StubReply refusal = StubReply.tooManyRequests(Duration.ofSeconds(2));
 * StubReply brokenOff = StubReply.text("Paris is lovely.").resetAfterTokens(2);
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class StubReply {

    enum Kind {
        ANSWER,
        ERROR,
        HANG,
        RESET,
        GARBAGE
    }

    enum Cut {
        NOWHERE,
        END,
        DROP,
        RESET,
        HANG,
        GARBAGE
    }

    // Only a copy that nobody else has seen yet is ever changed (see with).
    private Kind kind = Kind.ANSWER;
    private Answer answer = Answer.text("");
    private int status = 200;
    private String errorType = "";
    private String message = "";
    private @Nullable Duration retryAfter;
    private Cut cut = Cut.NOWHERE;
    private int cutAfter = Integer.MAX_VALUE;
    private @Nullable Duration delay;
    private @Nullable Duration tokenDelay;
    private int cachedTokens;

    private StubReply() {}

    private StubReply(StubReply other) {
        kind = other.kind;
        answer = other.answer;
        status = other.status;
        errorType = other.errorType;
        message = other.message;
        retryAfter = other.retryAfter;
        cut = other.cut;
        cutAfter = other.cutAfter;
        delay = other.delay;
        tokenDelay = other.tokenDelay;
        cachedTokens = other.cachedTokens;
    }

    /** Answers with this text. */
    public static StubReply text(String text) {
        return answer(Answer.text(text));
    }

    /**
     * Answers with this text, thinking, tool calls, usage, finish reason, id, model name and token split. Usage that is
     * not given is counted in words, since OpenAI always sends some.
     *
     * @throws IllegalArgumentException when the answer waits or fails: over HTTP that is said by this class's methods
     */
    public static StubReply answer(Answer answer) {
        if (!answer.isPlain()) {
            throw new IllegalArgumentException("answer: " + answer + " waits, fails or breaks off"
                    + " (expected: a plain one; tell the reply to fail instead, for example resetAfterTokens)");
        }
        return new StubReply().with(r -> r.answer = answer);
    }

    /**
     * Refuses with status 429 and the headers {@code Retry-After} (whole seconds, rounded up) and {@code retry-after-ms}.
     *
     * @param retryAfter zero or more
     */
    public static StubReply tooManyRequests(Duration retryAfter) {
        Objects.requireNonNull(retryAfter, "retryAfter");
        return error(429, "rate_limit_exceeded", "Rate limit reached").with(r -> r.retryAfter = retryAfter);
    }

    /** Fails with status 500. */
    public static StubReply serverError() {
        return error(500, "server_error", "The server had an error while processing your request");
    }

    /**
     * Fails with this status and an error in OpenAI's format.
     *
     * @param status 400 to 599
     * @param type the error's type, such as {@code "invalid_request_error"}
     * @param message the error's message
     */
    public static StubReply error(int status, String type, String message) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
        }
        return new StubReply().with(r -> {
            r.kind = Kind.ERROR;
            r.status = status;
            r.errorType = type;
            r.message = message;
        });
    }

    /** Accepts the request and sends nothing, not even headers, until the server is released or closed. */
    public static StubReply hanging() {
        return new StubReply().with(r -> r.kind = Kind.HANG);
    }

    /** Resets the connection before a single byte of the response. */
    public static StubReply reset() {
        return new StubReply().with(r -> r.kind = Kind.RESET);
    }

    /** Answers status 200 with something that is no JSON, in a stream as the first event. */
    public static StubReply garbage() {
        return new StubReply().with(r -> r.kind = Kind.GARBAGE);
    }

    /**
     * The same reply, whose stream ends after {@code tokens} tokens, properly for HTTP, but without a finish reason or
     * {@code [DONE]}. A blocking response ends in the middle of its body.
     */
    public StubReply endAfterTokens(int tokens) {
        return cut(Cut.END, tokens);
    }

    /**
     * The same reply, its connection closed after {@code tokens} tokens, in the middle of the HTTP body. The JDK's client
     * may report that before tokens that were sent earlier; where the tokens must arrive first, use {@link
     * #hangAfterTokens}, wait for them, and call {@link OpenAiStubServer#disconnect()}.
     */
    public StubReply dropAfterTokens(int tokens) {
        return cut(Cut.DROP, tokens);
    }

    /**
     * The same reply, its connection reset after {@code tokens} tokens of the stream, or in the middle of the body. The
     * reset may cost the client the last tokens: what it has not read is lost.
     */
    public StubReply resetAfterTokens(int tokens) {
        return cut(Cut.RESET, tokens);
    }

    /** The same reply, silent after {@code tokens} tokens until the server is released; then it goes on. */
    public StubReply hangAfterTokens(int tokens) {
        return cut(Cut.HANG, tokens);
    }

    /** The same reply, with an event that is no JSON after {@code tokens} tokens; then it goes on. */
    public StubReply garbageAfterTokens(int tokens) {
        return cut(Cut.GARBAGE, tokens);
    }

    /** The same reply, sent after this delay. The delay is real time; closing the server ends it. */
    public StubReply delay(Duration delay) {
        return with(r -> r.delay = Objects.requireNonNull(delay, "delay"));
    }

    /** The same reply, with this delay before each token of a stream. The delay is real time. */
    public StubReply slow(Duration perToken) {
        return with(r -> r.tokenDelay = Objects.requireNonNull(perToken, "perToken"));
    }

    /**
     * The same reply, whose usage says that so many of the prompt's tokens came from the provider's prompt cache
     * ({@code prompt_tokens_details.cached_tokens}). Without it the usage has no details.
     */
    public StubReply cachedTokens(int tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 0)");
        }
        return with(r -> r.cachedTokens = tokens);
    }

    private StubReply cut(Cut where, int tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 0)");
        }
        return with(r -> {
            r.cut = where;
            r.cutAfter = tokens;
        });
    }

    private StubReply with(Consumer<StubReply> change) {
        StubReply copy = new StubReply(this);
        change.accept(copy);
        return copy;
    }

    Kind kind() {
        return kind;
    }

    Answer answer() {
        return answer;
    }

    int status() {
        return status;
    }

    String errorType() {
        return errorType;
    }

    String message() {
        return message;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    int cachedTokens() {
        return cachedTokens;
    }

    Cut cut() {
        return cut;
    }

    int cutAfter() {
        return cutAfter;
    }

    @Nullable
    Duration delay() {
        return delay;
    }

    @Nullable
    Duration tokenDelay() {
        return tokenDelay;
    }

    @Override
    public String toString() {
        return "StubReply[" + (kind == Kind.ANSWER ? answer : kind) + (kind == Kind.ERROR ? " " + status : "")
                + (cut == Cut.NOWHERE ? "" : ", " + cut + " after " + cutAfter + " tokens") + "]";
    }
}
