package io.github.flywheel4j.feedback;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns interactions into the form in which they are kept. Immutable; thread-safe if the text policy is. */
final class InteractionRecorder {

    private static final String SOURCE = "capture";

    private final TextPolicy texts;
    private final UserIds users;
    private final double textSample;
    private final Consent consentUnlessTold;

    InteractionRecorder(TextPolicy texts, UserIds users, double textSample, Consent consentUnlessTold) {
        this.texts = texts;
        this.users = users;
        this.textSample = textSample;
        this.consentUnlessTold = consentUnlessTold;
    }

    /** The interaction as it is kept; throws what the redacting function throws. */
    InteractionEvent recorded(Interaction interaction) {
        if (Consent.of(interaction.context(), consentUnlessTold) == Consent.NONE) {
            return withoutTexts(interaction, InteractionEvent.Texts.NO_CONSENT);
        }
        if (!sampled(interaction)) {
            return withoutTexts(interaction, InteractionEvent.Texts.NOT_SAMPLED);
        }
        return event(interaction, texts, texts.state());
    }

    InteractionEvent withoutTexts(Interaction interaction, InteractionEvent.Texts why) {
        return event(interaction, TextPolicy.none(), why);
    }

    private InteractionEvent event(Interaction interaction, TextPolicy policy, InteractionEvent.Texts state) {
        CallContext asked = interaction.context();
        Consent consent = Consent.of(asked, consentUnlessTold);
        String user = consent == Consent.NONE ? null : users.stored(asked.user());
        Interaction.Failure error = interaction.error();
        String released = interaction.released();
        return new InteractionEvent(
                new EventInfo(
                        EventIds.at(interaction.time().toEpochMilli()),
                        interaction.time(),
                        SOURCE,
                        interaction.id(),
                        origin(interaction.response()),
                        user),
                context(asked, user, consent, policy),
                consent,
                interaction.outcome(),
                interaction.streaming(),
                interaction.servedBy(),
                interaction.fingerprint(),
                interaction.latency(),
                interaction.timeToFirstToken(),
                usage(interaction.usage()),
                interaction.cost(),
                error == null ? null : new Interaction.Failure(error.type(), policy.apply(error.message())),
                decisions(interaction.decisions(), policy),
                state,
                interaction.request().messages().stream()
                        .map(message -> message(message, policy))
                        .toList(),
                interaction.response() == null
                        ? null
                        : message(interaction.response().aiMessage(), policy),
                released.isEmpty() ? null : text(InteractionEvent.Role.ASSISTANT, released, policy));
    }

    /** Nobody is to be found through a session or an attribute, if they did not agree. */
    private static CallContext context(CallContext asked, @Nullable String user, Consent consent, TextPolicy policy) {
        CallContext.Builder context = CallContext.builder()
                .workload(asked.workload())
                .tenant(asked.tenant())
                .user(user)
                .knowledgeVersion(asked.knowledgeVersion());
        if (consent == Consent.NONE) {
            return context.build();
        }
        context.session(asked.session()).turn(asked.turn());
        asked.attributes().forEach((name, value) -> {
            Object kept = fact(value, policy);
            if (kept != null && !name.equals(Consent.ATTRIBUTE)) {
                context.attribute(name, kept);
            }
        });
        return context.build();
    }

    private static List<Decision> decisions(List<Decision> decisions, TextPolicy policy) {
        if (policy.state() == InteractionEvent.Texts.FULL) {
            return decisions;
        }
        List<Decision> kept = new ArrayList<>(decisions.size());
        for (Decision decision : decisions) {
            Map<String, @Nullable Object> facts = new LinkedHashMap<>();
            decision.facts().forEach((name, value) -> facts.put(name, fact(value, policy)));
            kept.add(new Decision(decision.layer(), decision.outcome(), facts, decision.took(), decision.branch()));
        }
        return kept;
    }

    private static @Nullable Object fact(@Nullable Object value, TextPolicy policy) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> kept = new ArrayList<>(list.size());
            list.forEach(each -> kept.add(fact(each, policy)));
            return kept;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> kept = new LinkedHashMap<>();
            map.forEach((name, each) -> kept.put(String.valueOf(name), fact(each, policy)));
            return kept;
        }
        return policy.applyToFact(value);
    }

    /** The interaction whose answer this one repeats, so that feedback on the repetition reaches the original. */
    private static @Nullable UUID origin(@Nullable ChatResponse answer) {
        return answer == null
                ? null
                : AnswerInfo.of(answer).map(AnswerInfo::origin).orElse(null);
    }

    private static @Nullable TokenUsage usage(@Nullable TokenUsage usage) {
        return usage == null || usage.getClass() == TokenUsage.class
                ? usage
                : new TokenUsage(usage.inputTokenCount(), usage.outputTokenCount(), usage.totalTokenCount());
    }

    private static InteractionEvent.Message message(ChatMessage message, TextPolicy policy) {
        if (message instanceof UserMessage user) {
            return user(user, policy);
        }
        if (message instanceof AiMessage answer) {
            return assistant(answer, policy);
        }
        if (message instanceof SystemMessage system) {
            return text(InteractionEvent.Role.SYSTEM, system.text(), policy);
        }
        if (message instanceof ToolExecutionResultMessage result) {
            String text = result.hasSingleText() ? result.text() : texts(result.contents());
            return new InteractionEvent.Message(
                    InteractionEvent.Role.TOOL,
                    policy.apply(text),
                    text.length(),
                    null,
                    List.of(),
                    result.id(),
                    result.hasSingleText() ? List.of() : media(result.contents()));
        }
        return text(InteractionEvent.Role.OTHER, "", policy);
    }

    private static InteractionEvent.Message user(UserMessage user, TextPolicy policy) {
        if (user.hasSingleText()) {
            return text(InteractionEvent.Role.USER, user.singleText(), policy);
        }
        String text = texts(user.contents());
        return new InteractionEvent.Message(
                InteractionEvent.Role.USER,
                policy.apply(text),
                text.length(),
                null,
                List.of(),
                null,
                media(user.contents()));
    }

    private static InteractionEvent.Message assistant(AiMessage answer, TextPolicy policy) {
        String text = answer.text();
        return new InteractionEvent.Message(
                InteractionEvent.Role.ASSISTANT,
                policy.apply(text),
                text == null ? 0 : text.length(),
                policy.apply(answer.thinking()),
                answer.hasToolExecutionRequests()
                        ? answer.toolExecutionRequests().stream()
                                .map(call -> new InteractionEvent.ToolCall(
                                        call.id(), call.name(), policy.apply(call.arguments())))
                                .toList()
                        : List.of(),
                null,
                List.of());
    }

    private static InteractionEvent.Message text(InteractionEvent.Role role, String text, TextPolicy policy) {
        return new InteractionEvent.Message(role, policy.apply(text), text.length(), null, List.of(), null, List.of());
    }

    private static String texts(List<Content> contents) {
        StringBuilder texts = new StringBuilder();
        for (Content content : contents) {
            if (content instanceof TextContent text) {
                texts.append(texts.isEmpty() ? "" : "\n").append(text.text());
            }
        }
        return texts.toString();
    }

    private static List<String> media(List<Content> contents) {
        return contents.stream()
                .filter(content -> !(content instanceof TextContent))
                .map(content -> content.type().name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private boolean sampled(Interaction interaction) {
        if (textSample >= 1) {
            return true;
        }
        CallContext context = interaction.context();
        String session = context.session() == null ? context.turn() : context.session();
        return share(session == null ? interaction.id().toString() : session) < textSample;
    }

    /** A number between 0 and 1 that belongs to a text: 64 bits of FNV-1a, mixed as in SplitMix64. */
    private static double share(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return ((hash ^ (hash >>> 31)) >>> 11) * 0x1.0p-53;
    }
}
