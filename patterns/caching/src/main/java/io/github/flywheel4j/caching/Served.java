package io.github.flywheel4j.caching;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.AnswerInfo;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers as they are served once more: without a price, and saying what they are. */
final class Served {

    private static final String BY = "cache";
    private static final TokenUsage NOTHING = new TokenUsage(0, 0, 0);

    private Served() {}

    /** A stored answer, but for its age. */
    static ChatResponse stored(StoredAnswer answer) {
        return again(answer.message(), answer.model(), answer.finishReason(), answer.filledBy());
    }

    /** An answer that another call got at the same time. */
    static ChatResponse shared(ChatResponse answer, UUID owner) {
        return AnswerInfo.note(
                again(answer.aiMessage(), answer.modelName(), answer.finishReason(), owner),
                "shared with an equal question asked at the same time");
    }

    /** The note on an answer's age, for its reader. */
    static String note(Duration age) {
        return "cached, made " + words(age) + " ago";
    }

    private static ChatResponse again(
            AiMessage message, @Nullable String model, @Nullable FinishReason finishReason, UUID origin) {
        return AnswerInfo.servedAgain(
                ChatResponse.builder()
                        .aiMessage(message)
                        .modelName(model)
                        .tokenUsage(NOTHING)
                        .finishReason(finishReason)
                        .build(),
                BY,
                origin);
    }

    /** The age in its largest unit, as people say it. */
    private static String words(Duration age) {
        if (age.toDays() > 0) {
            return count(age.toDays(), "day");
        } else if (age.toHours() > 0) {
            return count(age.toHours(), "hour");
        } else if (age.toMinutes() > 0) {
            return count(age.toMinutes(), "minute");
        }
        return count(Math.max(0, age.toSeconds()), "second");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
