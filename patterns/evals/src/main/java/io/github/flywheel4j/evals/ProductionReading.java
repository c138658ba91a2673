package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.evals.DatasetFile.MalformedCase;
import io.github.flywheel4j.text.Spelling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One reading of {@link ProductionCases}. Used once, by one thread. */
final class ProductionReading {

    /** SHA-256 and its like in hexadecimal digits or base64. No question that is worth a case is one such word. */
    private static final Pattern HASH = Pattern.compile("[A-Za-z0-9_+/=-]{32,}");

    private static final Comparator<Draft> EARLIEST =
            Comparator.comparing(Draft::time).thenComparing(draft -> draft.evalCase.id());

    private final ProductionCases settings;
    private final Map<String, List<Draft>> byQuestion = new HashMap<>();
    private final Map<String, List<Better>> betterByTurn = new HashMap<>();
    private int read;
    private int evals;
    private int toolRounds;
    private int withoutText;

    /** A better answer to an interaction of some time. */
    private record Better(Instant time, String text) {}

    /** An interaction as a case without an expected answer. */
    private record Draft(
            Instant time, @Nullable String turn, @Nullable Better better, EvalCase evalCase) {}

    ProductionReading(ProductionCases settings) {
        this.settings = settings;
    }

    void add(Interaction interaction) {
        read++;
        CallContext context = interaction.context();
        List<ChatMessage> messages = interaction.request().messages();
        if (context.attributes().containsKey(Candidate.ATTRIBUTE)) {
            evals++;
        } else if (!(messages.get(messages.size() - 1) instanceof UserMessage question)) {
            toolRounds++;
            Better better = better(interaction);
            if (better != null && context.turn() != null) {
                betterByTurn
                        .computeIfAbsent(context.turn(), turn -> new ArrayList<>())
                        .add(better);
            }
        } else if (!isReadable(question) || !addCase(interaction, messages)) {
            withoutText++;
        }
    }

    private @Nullable Better better(Interaction interaction) {
        return settings.expected(interaction.id())
                .map(text -> new Better(interaction.time(), text))
                .orElse(null);
    }

    private static boolean isReadable(UserMessage question) {
        return question.contents().stream()
                .anyMatch(content -> content instanceof TextContent text
                        && !text.text().isBlank()
                        && !HASH.matcher(text.text().strip()).matches());
    }

    /** False if a message is of a kind that a dataset cannot hold. */
    private boolean addCase(Interaction interaction, List<ChatMessage> messages) {
        ArrayNode json = MessageJson.write(messages.stream()
                .filter(message -> settings.systemMessages() || !(message instanceof SystemMessage))
                .toList());
        EvalInput input;
        try {
            input = input(MessageJson.read(json));
        } catch (MalformedCase e) {
            return false;
        }
        CallContext context = interaction.context();
        EvalCase evalCase = new EvalCase(
                interaction.id().toString(),
                input,
                null,
                passages(interaction),
                slices(interaction),
                EvalCase.Origin.PRODUCTION,
                null,
                context.session());
        RequestKey.withoutIds(json);
        byQuestion
                .computeIfAbsent(question(context, json), key -> new ArrayList<>())
                .add(new Draft(interaction.time(), context.turn(), better(interaction), evalCase));
        return true;
    }

    private static EvalInput input(List<ChatMessage> messages) {
        return messages.size() == 1
                        && messages.get(0) instanceof UserMessage user
                        && user.hasSingleText()
                        && user.name() == null
                ? EvalInput.text(user.singleText())
                : new EvalInput.Conversation(messages);
    }

    /** What was asked and for whom: two tenants may ask the same and be told different things. */
    private static String question(CallContext context, JsonNode messages) {
        List<String> parts = new ArrayList<>();
        parts.add(Objects.requireNonNullElse(context.workload(), ""));
        parts.add(Objects.requireNonNullElse(context.tenant(), ""));
        addFolded(messages, parts);
        return ContentHash.of(parts);
    }

    private static void addFolded(JsonNode json, List<String> parts) {
        if (json.isValueNode()) {
            parts.add(Spelling.fold(json.asText()));
        }
        json.forEach(each -> addFolded(each, parts));
    }

    private List<String> passages(Interaction interaction) {
        return RetrievedSources.passages(interaction, settings::passage);
    }

    private SortedSet<String> slices(Interaction interaction) {
        SortedSet<String> slices = new TreeSet<>();
        settings.slices().forEach((name, value) -> {
            String part = value.apply(interaction);
            if (part != null && !part.isBlank()) {
                slices.add(name + ":" + part);
            }
        });
        return slices;
    }

    ProductionCases.Reading finish(String name) {
        List<Draft> cases = new ArrayList<>();
        int repeated = 0;
        int contradicted = 0;
        for (List<Draft> same : byQuestion.values()) {
            same.sort(EARLIEST);
            repeated += same.size() - 1;
            List<Better> better = new ArrayList<>();
            Set<String> turns = new HashSet<>();
            for (Draft each : same) {
                Optional.ofNullable(each.better()).ifPresent(better::add);
                if (each.turn() != null && turns.add(each.turn())) {
                    better.addAll(betterByTurn.getOrDefault(each.turn(), List.of()));
                }
            }
            if (better.stream()
                            .map(each -> Spelling.fold(each.text()))
                            .distinct()
                            .count()
                    > 1) {
                contradicted++;
            }
            cases.add(merged(same, better));
        }
        ProductionCases.Counts counts =
                new ProductionCases.Counts(read, evals, toolRounds, withoutText, repeated, contradicted);
        if (cases.isEmpty()) {
            throw new BadDataset(name + ": no case in what was read: " + counts
                    + " (expected: an interaction that begins with a user's readable text)");
        }
        cases.sort(EARLIEST);
        return new ProductionCases.Reading(
                Dataset.of(name, cases.stream().map(Draft::evalCase).toList()), counts);
    }

    private static Draft merged(List<Draft> same, List<Better> better) {
        Draft first = same.get(0);
        List<String> context = List.of();
        for (Draft each : same) {
            context = each.evalCase().context().isEmpty()
                    ? context
                    : each.evalCase().context();
        }
        EvalCase kept = first.evalCase();
        return new Draft(
                first.time(),
                first.turn(),
                null,
                new EvalCase(
                        kept.id(),
                        kept.input(),
                        better.stream()
                                .max(Comparator.comparing(Better::time).thenComparing(Better::text))
                                .map(Better::text)
                                .orElse(null),
                        context,
                        kept.slices(),
                        kept.origin(),
                        kept.author(),
                        kept.cluster()));
    }
}
