package io.github.flywheel4j.feedback;

import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Events for tests. */
final class Events {

    static final Instant TIME = Instant.parse("2026-03-01T12:00:00.123456789Z");
    static final byte[] KEY = "a key of thirty-two bytes or more".getBytes(StandardCharsets.UTF_8);

    private Events() {}

    static UUID id(int number) {
        return new UUID(0x0190_0000_0000_7000L + number, 0x8000_0000_0000_0000L + number);
    }

    static EventInfo info(UUID interaction) {
        return new EventInfo(EventIds.at(TIME.toEpochMilli()), TIME, "test", interaction, null, null);
    }

    static EventInfo info(UUID interaction, String user) {
        return new EventInfo(EventIds.at(TIME.toEpochMilli()), TIME, "test", interaction, null, user);
    }

    static Comment comment(int number) {
        return new Comment(info(id(number)), "comment " + number);
    }

    static InteractionEvent interaction(int number) {
        return interaction(
                id(number), TIME.plusSeconds(number), "support", null, "question " + number, "answer " + number);
    }

    static InteractionEvent interaction(
            UUID id, Instant time, String workload, String user, String question, String answer) {
        return new InteractionEvent(
                new EventInfo(EventIds.at(time.toEpochMilli()), time, "capture", id, null, user),
                CallContext.builder()
                        .workload(workload)
                        .tenant("acme")
                        .user(user)
                        .session("session")
                        .turn("turn-" + id)
                        .build(),
                Consent.RECORD,
                Outcome.ANSWERED,
                false,
                "model",
                "f1",
                Duration.ofMillis(20),
                null,
                new TokenUsage(10, 5, 15),
                null,
                null,
                List.of(),
                InteractionEvent.Texts.FULL,
                List.of(InteractionEvent.Message.of(InteractionEvent.Role.USER, question)),
                InteractionEvent.Message.of(InteractionEvent.Role.ASSISTANT, answer),
                null);
    }

    /** The same with another context and head. */
    static InteractionEvent with(InteractionEvent event, CallContext context, EventInfo info) {
        return new InteractionEvent(
                info,
                context,
                event.consent(),
                event.outcome(),
                event.streaming(),
                event.servedBy(),
                event.fingerprint(),
                event.latency(),
                event.timeToFirstToken(),
                event.usage(),
                event.cost(),
                event.error(),
                event.decisions(),
                event.texts(),
                event.request(),
                event.answer(),
                event.released());
    }

    /** An interaction in which every field says something. */
    static InteractionEvent fullInteraction() {
        EventInfo info = new EventInfo(EventIds.at(TIME.toEpochMilli()), TIME, "capture", id(1), id(2), "u:ann");
        return new InteractionEvent(
                info,
                CallContext.builder()
                        .workload("support")
                        .tenant("acme")
                        .user("u:ann")
                        .session("s1")
                        .turn("t1")
                        .knowledgeVersion("k7")
                        .attribute("language", "de")
                        .attribute("tags", List.of("a", "b"))
                        .build(),
                Consent.IMPROVE,
                Outcome.FAILED,
                true,
                "model",
                "f1",
                Duration.ofNanos(123_456_789),
                Duration.ofNanos(42),
                new TokenUsage(10, 5, 15),
                new Cost(new BigDecimal("0.0012"), "USD"),
                new Interaction.Failure("java.lang.IllegalStateException", "no \"luck\"\n"),
                List.of(new Decision(
                        "ResponseCache",
                        "miss",
                        new TreeMap<>(Map.of("distance", 0.25, "why", "new")),
                        Duration.ofNanos(7),
                        "1.2")),
                InteractionEvent.Texts.FULL,
                List.of(
                        InteractionEvent.Message.of(InteractionEvent.Role.SYSTEM, "be brief"),
                        new InteractionEvent.Message(
                                InteractionEvent.Role.USER,
                                "grüße 👋 \ud83d",
                                10,
                                null,
                                List.of(),
                                null,
                                List.of("image")),
                        new InteractionEvent.Message(
                                InteractionEvent.Role.ASSISTANT,
                                null,
                                0,
                                "hm",
                                List.of(new InteractionEvent.ToolCall("c1", "lookup", "{\"q\":1}")),
                                null,
                                List.of()),
                        new InteractionEvent.Message(
                                InteractionEvent.Role.TOOL, "found", 5, null, List.of(), "c1", List.of())),
                InteractionEvent.Message.of(InteractionEvent.Role.ASSISTANT, "answer"),
                InteractionEvent.Message.of(InteractionEvent.Role.ASSISTANT, "ans"));
    }

    /** One event of each kind. */
    static List<FeedbackEvent> ofEveryKind() {
        return List.of(
                fullInteraction(),
                Satisfaction.thumb(info(id(1), "u:ann"), true),
                new Satisfaction(info(id(1)), 4, 1, 5),
                new Correctness(
                        info(id(1)),
                        Correctness.Verdict.INCORRECT,
                        Correctness.Judge.EXPERT,
                        Correctness.Reason.UNSAFE,
                        "do not"),
                new Correctness(info(id(1)), Correctness.Verdict.CORRECT, Correctness.Judge.VERIFIER, null, null),
                new Correction(info(id(1)), "better", Correction.Author.EDITOR),
                new Preference(info(id(1)), id(2), Preference.Shown.PREFERRED_SECOND),
                new Adoption(info(id(1)), false, "too dear"),
                new SourceRelevance(info(id(1)), "doc-7", true),
                new MissingKnowledge(info(id(1)), "opening hours"),
                new Comment(info(id(1)), "a line\nand another"),
                new Comment(
                        new EventInfo(EventIds.at(TIME.toEpochMilli()), TIME, "web", id(1), null, null, "s1"), "there"),
                new Signal(info(id(1)), SignalType.EDITED, 0.25, id(3)),
                new Signal(info(id(1)), SignalType.COPIED, null, null),
                new Erasure(info(id(1))));
    }
}
