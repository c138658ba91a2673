package io.github.flywheel4j.feedback.jdbc;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.UuidV7;
import io.github.flywheel4j.feedback.Adoption;
import io.github.flywheel4j.feedback.Comment;
import io.github.flywheel4j.feedback.Consent;
import io.github.flywheel4j.feedback.Correction;
import io.github.flywheel4j.feedback.Correctness;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.InteractionEvent;
import io.github.flywheel4j.feedback.MissingKnowledge;
import io.github.flywheel4j.feedback.Preference;
import io.github.flywheel4j.feedback.Satisfaction;
import io.github.flywheel4j.feedback.Signal;
import io.github.flywheel4j.feedback.SignalType;
import io.github.flywheel4j.feedback.SourceRelevance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events for the stores to keep. */
final class Events {

    static final Instant TIME = Instant.parse("2026-03-01T12:00:00.123456789Z");
    static final byte[] KEY = "a key of thirty-two bytes or more".getBytes(StandardCharsets.UTF_8);

    private Events() {}

    static UUID id(int number) {
        return new UUID(0x0190_0000_0000_7000L + number, 0x8000_0000_0000_0000L + number);
    }

    static EventInfo on(int number) {
        return on(number, TIME, null);
    }

    static EventInfo on(int number, Instant time, @Nullable String user) {
        return new EventInfo(UuidV7.at(time.toEpochMilli()), time, "test", id(number), null, user);
    }

    static EventInfo onCopy(int number, int answerFrom) {
        return new EventInfo(UuidV7.at(TIME.toEpochMilli()), TIME, "test", id(number), id(answerFrom), null);
    }

    static Interaction interaction(int number) {
        return new Interaction(
                on(number, TIME.plusSeconds(number), null), "support", "acme", Outcome.ANSWERED, "f1", "q");
    }

    /** What differs between the interactions of a test. */
    record Interaction(
            EventInfo info,
            String workload,
            @Nullable String tenant,
            Outcome outcome,
            String fingerprint,
            String question) {

        Interaction at(Instant time) {
            EventInfo moved = new EventInfo(
                    info.eventId(), time, info.source(), info.interactionId(), info.answerFrom(), info.user());
            return new Interaction(moved, workload, tenant, outcome, fingerprint, question);
        }

        Interaction of(String workload, String tenant, Outcome outcome, String fingerprint) {
            return new Interaction(info, workload, tenant, outcome, fingerprint, question);
        }

        Interaction by(@Nullable String user, String question) {
            EventInfo theirs = new EventInfo(
                    info.eventId(), info.time(), info.source(), info.interactionId(), info.answerFrom(), user);
            return new Interaction(theirs, workload, tenant, outcome, fingerprint, question);
        }

        Interaction answerFrom(int number) {
            EventInfo copied = new EventInfo(
                    info.eventId(), info.time(), info.source(), info.interactionId(), id(number), info.user());
            return new Interaction(copied, workload, tenant, outcome, fingerprint, question);
        }

        InteractionEvent event() {
            return new InteractionEvent(
                    info,
                    CallContext.builder()
                            .workload(workload)
                            .tenant(tenant)
                            .user(info.user())
                            .session(info.user() == null ? null : "session of " + info.user())
                            .build(),
                    Consent.RECORD,
                    outcome,
                    false,
                    "model",
                    fingerprint,
                    Duration.ofMillis(20),
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    InteractionEvent.Texts.FULL,
                    List.of(InteractionEvent.Message.of(InteractionEvent.Role.USER, question)),
                    InteractionEvent.Message.of(InteractionEvent.Role.ASSISTANT, "answer to: " + question),
                    null);
        }
    }

    static Comment comment(int number) {
        return new Comment(on(number), "comment " + number);
    }

    static Correctness verdict(int number, Correctness.Verdict verdict, Instant time) {
        return new Correctness(
                on(number, time, null), verdict, Correctness.Judge.EXPERT, null, "says \"verdict\":\"PARTLY\"");
    }

    static Signal signal(int number, SignalType type) {
        return new Signal(on(number), type, null, null);
    }

    static List<FeedbackEvent> ofEveryKind() {
        return List.of(
                interaction(1)
                        .by("u:ann", "grüße 👋 \u0000 \ud83d " + "long ".repeat(50_000))
                        .event(),
                Satisfaction.thumb(on(1), true),
                verdict(1, Correctness.Verdict.PARTLY, TIME),
                new Correction(on(1), "better", Correction.Author.EDITOR),
                new Preference(on(1), id(2), Preference.Shown.PREFERRED_SECOND),
                new Adoption(on(1), false, "too dear"),
                new SourceRelevance(on(1), "doc-7", true),
                new MissingKnowledge(on(1), "opening hours"),
                comment(1),
                new Signal(on(1), SignalType.EDITED, 0.25, id(3)),
                new Comment(onCopy(4, 1), ""));
    }
}
