package io.github.flywheel4j.feedback;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import java.io.IOException;
import java.util.List;

/** What an interaction has in JSON besides what all events have. */
final class InteractionForm {

    private InteractionForm() {}

    static void write(InteractionEvent event, JsonGenerator json) throws IOException {
        CallContext context = event.context();
        EventWriter.text(json, "workload", context.workload());
        EventWriter.text(json, "tenant", context.tenant());
        EventWriter.text(json, "turn", context.turn());
        EventWriter.text(json, "knowledgeVersion", context.knowledgeVersion());
        json.writeStringField("consent", event.consent().name());
        json.writeStringField("outcome", event.outcome().name());
        json.writeBooleanField("streaming", event.streaming());
        json.writeStringField("servedBy", event.servedBy());
        json.writeStringField("fingerprint", event.fingerprint());
        json.writeNumberField("latencyNanos", event.latency().toNanos());
        if (event.timeToFirstToken() != null) {
            json.writeNumberField(
                    "timeToFirstTokenNanos", event.timeToFirstToken().toNanos());
        }
        if (event.usage() != null) {
            json.writeObjectFieldStart("usage");
            EventWriter.whole(json, "input", event.usage().inputTokenCount());
            EventWriter.whole(json, "output", event.usage().outputTokenCount());
            EventWriter.whole(json, "total", event.usage().totalTokenCount());
            json.writeEndObject();
        }
        if (event.cost() != null) {
            json.writeObjectFieldStart("cost");
            json.writeStringField("amount", event.cost().amount().toPlainString());
            json.writeStringField("currency", event.cost().currency());
            json.writeEndObject();
        }
        if (!context.attributes().isEmpty()) {
            json.writeFieldName("attributes");
            EventWriter.value(json, context.attributes());
        }
        writeDecisions(event.decisions(), json);
        if (event.error() != null) {
            json.writeObjectFieldStart("error");
            json.writeStringField("type", event.error().type());
            EventWriter.text(json, "message", event.error().message());
            json.writeEndObject();
        }
        json.writeStringField("texts", event.texts().name());
        json.writeArrayFieldStart("request");
        for (InteractionEvent.Message message : event.request()) {
            writeMessage(message, json);
        }
        json.writeEndArray();
        if (event.answer() != null) {
            json.writeFieldName("answer");
            writeMessage(event.answer(), json);
        }
        if (event.released() != null) {
            json.writeFieldName("released");
            writeMessage(event.released(), json);
        }
    }

    static InteractionEvent read(EventInfo info, JsonFields json) {
        CallContext.Builder context = CallContext.builder()
                .workload(json.text("workload"))
                .tenant(json.text("tenant"))
                .user(info.user())
                .session(json.text("session"))
                .turn(json.text("turn"))
                .knowledgeVersion(json.text("knowledgeVersion"));
        json.values("attributes").forEach((name, value) -> {
            if (value != null) {
                context.attribute(name, value);
            }
        });
        return new InteractionEvent(
                info,
                context.build(),
                json.requiredConstant("consent", Consent.class),
                json.requiredConstant("outcome", Outcome.class),
                json.flagOrFalse("streaming"),
                json.textOrEmpty("servedBy"),
                json.textOrEmpty("fingerprint"),
                json.nanos("latencyNanos"),
                json.has("timeToFirstTokenNanos") ? json.nanos("timeToFirstTokenNanos") : null,
                json.object(
                        "usage",
                        usage -> new TokenUsage(usage.whole("input"), usage.whole("output"), usage.whole("total"))),
                json.object("cost", cost -> new Cost(cost.requiredDecimal("amount"), cost.textOrEmpty("currency"))),
                json.object(
                        "error", error -> new Interaction.Failure(error.textOrEmpty("type"), error.text("message"))),
                json.objects("decisions", InteractionForm::readDecision),
                json.requiredConstant("texts", InteractionEvent.Texts.class),
                json.objects("request", InteractionForm::readMessage),
                json.object("answer", InteractionForm::readMessage),
                json.object("released", InteractionForm::readMessage));
    }

    private static void writeDecisions(List<Decision> decisions, JsonGenerator json) throws IOException {
        if (decisions.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("decisions");
        for (Decision decision : decisions) {
            json.writeStartObject();
            json.writeStringField("layer", decision.layer());
            json.writeStringField("outcome", decision.outcome());
            json.writeFieldName("facts");
            EventWriter.value(json, decision.facts());
            json.writeNumberField("tookNanos", decision.took().toNanos());
            json.writeStringField("branch", decision.branch());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static Decision readDecision(JsonFields json) {
        return new Decision(
                json.textOrEmpty("layer"),
                json.textOrEmpty("outcome"),
                json.values("facts"),
                json.nanos("tookNanos"),
                json.textOrEmpty("branch"));
    }

    private static void writeMessage(InteractionEvent.Message message, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", message.role().name());
        json.writeNumberField("length", message.length());
        EventWriter.text(json, "text", message.text());
        EventWriter.text(json, "thinking", message.thinking());
        if (!message.toolCalls().isEmpty()) {
            json.writeArrayFieldStart("toolCalls");
            for (InteractionEvent.ToolCall call : message.toolCalls()) {
                json.writeStartObject();
                EventWriter.text(json, "id", call.id());
                json.writeStringField("name", call.name());
                EventWriter.text(json, "arguments", call.arguments());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        EventWriter.text(json, "answers", message.answers());
        if (!message.media().isEmpty()) {
            json.writeFieldName("media");
            EventWriter.value(json, message.media());
        }
        json.writeEndObject();
    }

    private static InteractionEvent.Message readMessage(JsonFields json) {
        return new InteractionEvent.Message(
                json.requiredConstant("role", InteractionEvent.Role.class),
                json.text("text"),
                json.wholeOrZero("length"),
                json.text("thinking"),
                json.objects(
                        "toolCalls",
                        call -> new InteractionEvent.ToolCall(
                                call.text("id"), call.textOrEmpty("name"), call.text("arguments"))),
                json.text("answers"),
                json.texts("media"));
    }
}
