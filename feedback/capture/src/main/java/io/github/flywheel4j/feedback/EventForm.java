package io.github.flywheel4j.feedback;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * What a kind of event has in JSON besides what all have: how it is written, and how that is read. Fields are only ever added,
 * and never required if they came later.
 *
 * @param <E> the kind
 */
final class EventForm<E extends FeedbackEvent> {

    private static final EventForm<InteractionEvent> INTERACTION =
            new EventForm<>(InteractionEvent.class, InteractionForm::write, InteractionForm::read);

    private static final EventForm<Satisfaction> SATISFACTION = new EventForm<>(
            Satisfaction.class,
            (event, json) -> {
                json.writeNumberField("value", event.value());
                json.writeNumberField("lowest", event.lowest());
                json.writeNumberField("highest", event.highest());
            },
            (info, json) -> new Satisfaction(
                    info, json.requiredWhole("value"), json.requiredWhole("lowest"), json.requiredWhole("highest")));

    private static final EventForm<Correctness> CORRECTNESS = new EventForm<>(
            Correctness.class,
            (event, json) -> {
                json.writeStringField("verdict", event.verdict().name());
                json.writeStringField("by", event.by().name());
                EventWriter.constant(json, "reason", event.reason());
                EventWriter.text(json, "note", event.note());
            },
            (info, json) -> new Correctness(
                    info,
                    json.requiredConstant("verdict", Correctness.Verdict.class),
                    json.requiredConstant("by", Correctness.Judge.class),
                    json.constant("reason", Correctness.Reason.class),
                    json.text("note")));

    private static final EventForm<Correction> CORRECTION = new EventForm<>(
            Correction.class,
            (event, json) -> {
                json.writeStringField("by", event.by().name());
                json.writeStringField("text", event.text());
            },
            (info, json) ->
                    new Correction(info, json.required("text"), json.requiredConstant("by", Correction.Author.class)));

    private static final EventForm<Preference> PREFERENCE = new EventForm<>(
            Preference.class,
            (event, json) -> {
                EventWriter.id(json, "over", event.over());
                json.writeStringField("shown", event.shown().name());
            },
            (info, json) -> new Preference(
                    info, json.requiredId("over"), json.requiredConstant("shown", Preference.Shown.class)));

    private static final EventForm<Adoption> ADOPTION = new EventForm<>(
            Adoption.class,
            (event, json) -> {
                json.writeBooleanField("adopted", event.adopted());
                EventWriter.text(json, "rationale", event.rationale());
            },
            (info, json) -> new Adoption(info, json.requiredFlag("adopted"), json.text("rationale")));

    private static final EventForm<SourceRelevance> SOURCE_RELEVANCE = new EventForm<>(
            SourceRelevance.class,
            (event, json) -> {
                json.writeStringField("document", event.document());
                json.writeBooleanField("relevant", event.relevant());
            },
            (info, json) -> new SourceRelevance(info, json.required("document"), json.requiredFlag("relevant")));

    private static final EventForm<MissingKnowledge> MISSING_KNOWLEDGE = new EventForm<>(
            MissingKnowledge.class,
            (event, json) -> json.writeStringField("what", event.what()),
            (info, json) -> new MissingKnowledge(info, json.required("what")));

    private static final EventForm<Comment> COMMENT = new EventForm<>(
            Comment.class,
            (event, json) -> json.writeStringField("text", event.text()),
            (info, json) -> new Comment(info, json.required("text")));

    private static final EventForm<Signal> SIGNAL = new EventForm<>(
            Signal.class,
            (event, json) -> {
                json.writeStringField("type", event.type().name());
                if (event.measure() != null) {
                    json.writeNumberField("measure", event.measure());
                }
                EventWriter.id(json, "followedBy", event.followedBy());
            },
            (info, json) -> new Signal(
                    info,
                    json.requiredConstant("type", SignalType.class),
                    json.number("measure"),
                    json.id("followedBy")));

    private static final EventForm<Erasure> ERASURE =
            new EventForm<>(Erasure.class, (event, json) -> {}, (info, json) -> new Erasure(info));

    /** Writes an event's own fields. */
    @FunctionalInterface
    interface Writing<E> {
        void write(E event, JsonGenerator json) throws IOException;
    }

    /** Makes an event of its own fields and those that all have. */
    @FunctionalInterface
    interface Reading<E> {
        E read(EventInfo info, JsonFields json);
    }

    private final Class<E> type;
    private final Writing<E> writing;
    private final Reading<E> reading;

    private EventForm(Class<E> type, Writing<E> writing, Reading<E> reading) {
        this.type = type;
        this.writing = writing;
        this.reading = reading;
    }

    /** The form of a kind; a kind without one does not compile. */
    static EventForm<?> of(FeedbackKind kind) {
        return switch (kind) {
            case INTERACTION -> INTERACTION;
            case SATISFACTION -> SATISFACTION;
            case CORRECTNESS -> CORRECTNESS;
            case CORRECTION -> CORRECTION;
            case PREFERENCE -> PREFERENCE;
            case ADOPTION -> ADOPTION;
            case SOURCE_RELEVANCE -> SOURCE_RELEVANCE;
            case MISSING_KNOWLEDGE -> MISSING_KNOWLEDGE;
            case COMMENT -> COMMENT;
            case SIGNAL -> SIGNAL;
            case ERASURE -> ERASURE;
        };
    }

    void write(FeedbackEvent event, JsonGenerator json) throws IOException {
        writing.write(type.cast(event), json);
    }

    E read(EventInfo info, JsonFields json) {
        return reading.read(info, json);
    }
}
