package io.github.flywheel4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import io.github.flywheel4j.testkit.StubReply.Cut;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** One request to a stub server and the scripted reply to it, sent whole, in chunks, or broken where told. Confined to the connection's thread. */
final class StubExchange {

    private static final String JSON = "application/json";

    private final HttpConnection connection;
    private final StubRequest request;
    private final StubReply reply;
    private final long number;
    private final StubWaits waits;

    StubExchange(HttpConnection connection, StubRequest request, StubReply reply, long number, StubWaits waits) {
        this.connection = connection;
        this.request = request;
        this.reply = reply;
        this.number = number;
        this.waits = waits;
    }

    /** Sends the reply; returns whether the connection can take another request. */
    boolean send() throws IOException, InterruptedException {
        waits.pause(connection, reply.delay());
        switch (reply.kind()) {
            case RESET -> {
                connection.reset();
                return false;
            }
            case HANG -> {
                waits.hang(connection);
                fail(connection, 503, "server_error", "released");
                return true;
            }
            case ERROR -> {
                byte[] error = OpenAiJson.bytes(OpenAiJson.error(reply.errorType(), reply.message()));
                connection.respond(reply.status(), errorHeaders(reply), error);
                return true;
            }
            case GARBAGE -> {
                if (request.isStreaming()) {
                    return new StubExchange(
                                    connection, request, StubReply.text("").garbageAfterTokens(0), number, waits)
                            .stream();
                }
                connection.respond(
                        200, Map.of("Content-Type", JSON), "<html>{\"choices\":[".getBytes(StandardCharsets.UTF_8));
                return true;
            }
            case ANSWER -> {
                return request.isStreaming() ? stream() : complete();
            }
        }
        throw new AssertionError(reply.kind());
    }

    private static Map<String, String> errorHeaders(StubReply reply) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", JSON);
        Duration retryAfter = reply.retryAfter();
        if (retryAfter != null) {
            long seconds = retryAfter.plusNanos(999_999_999).toSeconds();
            headers.put("Retry-After", Long.toString(seconds));
            headers.put("retry-after-ms", Long.toString(retryAfter.toMillis()));
        }
        return headers;
    }

    private boolean complete() throws IOException, InterruptedException {
        JsonNode completion = new OpenAiJson(request, reply, number).completion();
        byte[] body = OpenAiJson.bytes(completion);
        if (reply.cut() == Cut.NOWHERE) {
            sendJson(connection, completion);
            return true;
        }
        Map<String, String> headers = Map.of("Content-Type", JSON);
        if (reply.cut() == Cut.GARBAGE) {
            byte[] half = Arrays.copyOf(body, body.length / 2);
            connection.respond(200, headers, half);
            return true;
        }
        connection.respondPart(200, headers, body, body.length / 2);
        if (reply.cut() == Cut.HANG) {
            waits.hang(connection);
            connection.continueBody(body, body.length / 2);
            return true;
        }
        if (reply.cut() == Cut.RESET) {
            connection.reset();
        }
        return false;
    }

    private boolean stream() throws IOException, InterruptedException {
        Answer answer = reply.answer();
        OpenAiJson json = new OpenAiJson(request, reply, number);
        connection.beginChunks(200, Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache"));
        Stream stream = new Stream();
        stream.send(json.roleChunk());
        for (String token : answer.tokensOf(answer.thinking())) {
            if (!stream.sendToken(json.thinkingChunk(token))) {
                return false;
            }
        }
        for (String token : answer.textTokens()) {
            if (!stream.sendToken(json.textChunk(token))) {
                return false;
            }
        }
        for (int i = 0; i < answer.toolCalls().size(); i++) {
            ToolExecutionRequest call = answer.toolCalls().get(i);
            stream.send(json.toolCallChunk(i, call));
            for (String token : answer.tokensOf(call.arguments())) {
                if (!stream.sendToken(json.argumentsChunk(i, token))) {
                    return false;
                }
            }
        }
        if (!stream.passCut(true)) {
            return false;
        }
        JsonNode finish = json.finishChunk();
        if (finish != null) {
            stream.send(finish);
        }
        if (request.body().path("stream_options").path("include_usage").asBoolean(false)) {
            stream.send(json.usageChunk());
        }
        connection.chunk(OpenAiJson.event("[DONE]"));
        connection.endChunks();
        return true;
    }

    /** Counts the tokens of one stream, and breaks it where told. */
    private final class Stream {

        private int tokens;
        private boolean cutPassed;

        void send(JsonNode chunk) throws IOException {
            connection.chunk(OpenAiJson.event(chunk.toString()));
        }

        /** Returns false when the stream is over instead. */
        boolean sendToken(JsonNode chunk) throws IOException, InterruptedException {
            if (!passCut(false)) {
                return false;
            }
            waits.pause(connection, reply.tokenDelay());
            send(chunk);
            tokens++;
            return true;
        }

        boolean passCut(boolean atTheEnd) throws IOException, InterruptedException {
            if (cutPassed || reply.cut() == Cut.NOWHERE || (tokens < reply.cutAfter() && !atTheEnd)) {
                return true;
            }
            cutPassed = true;
            switch (reply.cut()) {
                case END -> {
                    connection.endChunks();
                    return false;
                }
                case DROP -> {
                    return false;
                }
                case RESET -> {
                    connection.reset();
                    return false;
                }
                case HANG -> waits.hang(connection);
                case GARBAGE -> connection.chunk(OpenAiJson.event("<html>{\"choices\":["));
                case NOWHERE -> throw new AssertionError();
            }
            return true;
        }
    }

    static void sendJson(HttpConnection connection, JsonNode json) throws IOException {
        connection.respond(200, Map.of("Content-Type", JSON), OpenAiJson.bytes(json));
    }

    static void fail(HttpConnection connection, int status, String type, String message) throws IOException {
        connection.respond(status, Map.of("Content-Type", JSON), OpenAiJson.bytes(OpenAiJson.error(type, message)));
    }
}
