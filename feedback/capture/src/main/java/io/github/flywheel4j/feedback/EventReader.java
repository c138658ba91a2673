package io.github.flywheel4j.feedback;

import java.nio.charset.StandardCharsets;

/** Reads events from JSON. */
final class EventReader {

    private EventReader() {}

    static FeedbackEvent read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return read(bytes, 0, bytes.length);
    }

    static FeedbackEvent read(byte[] bytes, int offset, int length) {
        JsonFields json = JsonFields.of(bytes, offset, length);
        int schema = json.has("v") ? json.requiredWhole("v") : 0;
        if (schema > FeedbackEvent.SCHEMA) {
            throw new SchemaTooNew(schema);
        }
        if (schema < 1) {
            throw new IllegalArgumentException("no schema (expected: a field v of 1 to " + FeedbackEvent.SCHEMA + ")");
        }
        FeedbackKind kind = FeedbackKind.named(json.required("kind"));
        if (kind == null) {
            throw new IllegalArgumentException("an unknown kind (expected: a kind of schema " + schema + ")");
        }
        EventInfo info = new EventInfo(
                json.requiredId("event"),
                json.requiredTime("time"),
                json.required("source"),
                json.requiredId("interaction"),
                json.id("answerFrom"),
                json.text("user"),
                kind == FeedbackKind.INTERACTION ? null : json.text("session"));
        return EventForm.of(kind).read(info, json);
    }
}
