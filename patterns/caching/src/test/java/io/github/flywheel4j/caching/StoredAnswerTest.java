package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Stored answers as bytes and back. */
class StoredAnswerTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    @Test
    void comesBackAsItWas() {
        StoredAnswer whole = new StoredAnswer(
                AiMessage.builder()
                        .text("Yes, naïve 😀.")
                        .thinking("Hm.")
                        .toolExecutionRequests(List.of(ToolExecutionRequest.builder()
                                .id("1")
                                .name("hours")
                                .arguments("{}")
                                .build()))
                        .attributes(Map.of("flywheel4j", Map.of("notes", List.of("from 2023"))))
                        .build(),
                FinishReason.STOP,
                new TokenUsage(10, 20, 30),
                "small",
                UUID.fromString("00000000-0000-0000-0000-000000000001"),
                TIME,
                TIME.plusSeconds(60),
                List.of("index 7", "v1"),
                List.of("a", "b"));

        assertThat(StoredAnswer.fromBytes(whole.toBytes())).contains(whole);
        assertThat(new String(whole.toBytes(), StandardCharsets.UTF_8)).startsWith("{\"schema\":1,");
    }

    @Test
    void comesBackWithoutWhatNobodySaid() {
        StoredAnswer bare = new StoredAnswer(
                AiMessage.from("Yes."),
                null,
                new TokenUsage(null, 5, null),
                "",
                UUID.fromString("00000000-0000-0000-0000-000000000001"),
                TIME,
                TIME,
                List.of(),
                List.of());

        assertThat(StoredAnswer.fromBytes(bare.toBytes())).contains(bare);
    }

    @Test
    void isNothingIfItIsNoAnswer() {
        for (String text : List.of("", "{}", "[]", "null", "{\"schema\":1}", "{\"schema\":2}", "{\"schema\":0}")) {
            assertThat(StoredAnswer.fromBytes(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isEmpty();
        }
    }

    @Test
    void keepsItsTextOutOfLogs() {
        StoredAnswer answer = new StoredAnswer(
                AiMessage.from("secret"), null, null, "", UUID.randomUUID(), TIME, TIME, List.of(), List.of());
        assertThat(answer.toString()).doesNotContain("secret");
    }
}
