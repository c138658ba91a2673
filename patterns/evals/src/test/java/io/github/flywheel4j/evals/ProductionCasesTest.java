package io.github.flywheel4j.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductionCasesTest {

    private static final Instant START = Instant.parse("2026-11-01T08:00:00Z");

    private static final ChatStack STACK =
            ChatStack.builder().chatModel(ScriptedChatModel.saying("5 days")).build();
    private static final Interaction ANSWERED = asked("How long?").get(0);

    private final Map<UUID, String> corrections = new HashMap<>();
    private final List<Interaction> interactions = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void makesACaseOfWhatAUserAsked() {
        Interaction asked = asked("How long?", session("talk-1"));
        corrections.put(asked.id(), "5 days");

        EvalCase only = onlyCase();

        assertThat(only.id()).isEqualTo(asked.id().toString());
        assertThat(only.input()).isEqualTo(EvalInput.text("How long?"));
        assertThat(only.expected()).isEqualTo("5 days");
        assertThat(only.cluster()).isEqualTo("talk-1");
        assertThat(only.origin()).isEqualTo(EvalCase.Origin.PRODUCTION);
        assertThat(only.context()).isEmpty();
        assertThat(only.slices()).isEmpty();
    }

    @Test
    void expectsNothingWhereNobodyGaveABetterAnswer() {
        Interaction asked = asked("How long?", session("talk-1"));
        corrections.put(asked.id(), " ");

        assertThat(onlyCase().expected()).isNull();
    }

    @Test
    void standsAloneWithoutASession() {
        asked("How long?", CallContext.empty());

        assertThat(onlyCase().cluster()).isNull();
    }

    @Test
    void keepsTheConversationWithoutPromptAndAttributes() {
        UserMessage stamped = UserMessage.from("And by card?");
        stamped.attributes().put("flywheel4j", Map.of("user", "somebody"));
        add(
                session("talk-1"),
                SystemMessage.from("Be brief."),
                UserMessage.from("How long?"),
                AiMessage.from("5 days."),
                stamped);

        assertThat(onlyCase().input().messages())
                .containsExactly(
                        UserMessage.from("How long?"), AiMessage.from("5 days."), UserMessage.from("And by card?"));
    }

    @Test
    void keepsSystemMessagesWhenTold() {
        add(session("talk-1"), SystemMessage.from("Be brief."), UserMessage.from("How long?"));

        ProductionCases settings =
                ProductionCases.builder().keepSystemMessages().build();

        assertThat(settings.read("desk", interactions.stream())
                        .dataset()
                        .cases()
                        .get(0)
                        .input()
                        .messages())
                .hasSize(2);
    }

    @Test
    void makesCasesOfWhatWasNotAnsweredToo() {
        asked("How do I pick a lock?", session("a"), Outcome.BLOCKED);
        asked("How long?", session("b"), Outcome.FAILED);
        asked("And by card?", session("c"), Outcome.CANCELLED);

        assertThat(read().dataset().slices()).containsExactly("outcome:blocked", "outcome:cancelled", "outcome:failed");
    }

    @Test
    void makesSlicesOnlyOfWhatItIsTold() {
        CallContext context = CallContext.builder()
                .workload("desk")
                .tenant("acme")
                .attribute("language", "de")
                .build();
        asked("How long?", context);

        ProductionCases settings = ProductionCases.builder()
                .sliceByWorkload()
                .sliceByTenant()
                .sliceBy(
                        "language", each -> (String) each.context().attributes().get("language"))
                .sliceBy("session", each -> each.context().session())
                .build();

        assertThat(settings.read("desk", interactions.stream()).dataset().slices())
                .containsExactly("language:de", "tenant:acme", "workload:desk");
    }

    @Test
    void asksTheSameQuestionOnce() {
        Interaction first = asked("How long do refunds take?", session("talk-1"));
        asked("  how long do\nREFUNDS take?", session("talk-2"));
        asked("How long do returns take?", session("talk-2"));

        ProductionCases.Reading reading = read();

        assertThat(reading.dataset().cases())
                .hasSize(2)
                .first()
                .extracting(EvalCase::id, EvalCase::cluster)
                .containsExactly(first.id().toString(), "talk-1");
        assertThat(reading.counts()).isEqualTo(new ProductionCases.Counts(3, 0, 0, 0, 1, 0));
    }

    @Test
    void tellsTheSameWordsOfTwoTenantsApart() {
        asked("How long?", CallContext.builder().tenant("acme").build());
        asked("How long?", CallContext.builder().tenant("other").build());

        assertThat(read().dataset().cases()).hasSize(2);
    }

    @Test
    void tellsTheSameWordsAboutTwoPicturesApart() {
        add(session("a"), UserMessage.from(TextContent.from("What is it?"), image("AAAA")));
        add(session("b"), UserMessage.from(TextContent.from("What is it?"), image("BBBB")));

        assertThat(read().dataset().cases()).hasSize(2);
    }

    private static ImageContent image(String base64) {
        return ImageContent.from(
                Image.builder().base64Data(base64).mimeType("image/png").build());
    }

    @Test
    void staysTheSameCaseWhenMoreInteractionsComeInAnyOrder() {
        Interaction first = asked("How long?", session("talk-1"));
        Dataset before = read().dataset();
        Interaction later = asked("How long?", session("talk-2"));
        corrections.put(later.id(), "5 days");
        asked("Do you ship abroad?", session("talk-3"));
        Collections.reverse(interactions);

        Dataset after = read().dataset();

        EvalCase kept = after.find(first.id().toString()).orElseThrow();
        assertThat(kept.cluster()).isEqualTo("talk-1");
        assertThat(kept.expected()).isEqualTo("5 days");
        assertThat(after.cases().get(0).id()).isEqualTo(before.cases().get(0).id());
        Holdout holdout = Holdout.share(0.5);
        assertThat(holdout.contains(kept))
                .isEqualTo(holdout.contains(before.cases().get(0)));
    }

    @Test
    void takesTheNewestOfSeveralBetterAnswersAndCountsThatTheyDiffer() {
        Interaction first = asked("How long?", session("talk-1"));
        Interaction second = asked("How long?", session("talk-2"));
        corrections.put(second.id(), "3 days");
        corrections.put(first.id(), "5 days");
        Interaction agreed = asked("By card?", session("talk-3"));
        Interaction again = asked("By card?", session("talk-4"));
        corrections.put(agreed.id(), "Yes");
        corrections.put(again.id(), "yes");

        ProductionCases.Reading reading = read();

        assertThat(reading.dataset().cases()).extracting(EvalCase::expected).containsExactly("3 days", "yes");
        assertThat(reading.counts().contradicted()).isEqualTo(1);
    }

    @Test
    void asksATurnWithToolsOnceAndTakesTheBetterAnswerOfAnyRound() {
        UserMessage question = UserMessage.from("Where is my order?");
        ToolExecutionRequest call = Cases.call("order", "{}");
        CallContext turn =
                CallContext.builder().session("talk-1").turn("turn-1").build();
        Interaction first = add(turn, question);
        Interaction last = add(turn, question, AiMessage.from(call), ToolExecutionResultMessage.from(call, "in Graz"));
        corrections.put(last.id(), "It is in Graz.");

        ProductionCases.Reading reading = read();

        assertThat(reading.dataset().cases())
                .singleElement()
                .extracting(EvalCase::id, EvalCase::expected)
                .containsExactly(first.id().toString(), "It is in Graz.");
        assertThat(reading.counts()).isEqualTo(new ProductionCases.Counts(2, 0, 1, 0, 0, 0));
    }

    @Test
    void takesPassagesThatRetrievalNamed() {
        add(
                List.of(new Decision(
                        "Retrieval",
                        "found",
                        Map.of(
                                "sources",
                                List.of("refunds.md", Map.of("id", "x", "text", "By card: 3 days."), "gone.md")),
                        Duration.ZERO,
                        "")),
                session("talk-1"),
                UserMessage.from("How long?"));
        Map<String, String> documents = Map.of("refunds.md", "Refunds take 5 days.");

        ProductionCases settings = ProductionCases.builder()
                .passages(id -> Optional.ofNullable(documents.get(id)))
                .build();

        assertThat(settings.read("desk", interactions.stream())
                        .dataset()
                        .cases()
                        .get(0)
                        .context())
                .containsExactly("Refunds take 5 days.", "By card: 3 days.");
        assertThat(onlyCase().context()).as("an id alone is no passage").containsExactly("By card: 3 days.");
    }

    @Test
    void leavesOutAndCountsWhatCannotBeRead() {
        asked(" ", session("a"));
        asked("pmWkWSBCL51Bfkhn79xPuKBKHz__H6B-mY6G9_eieuM", session("b"));
        add(session("c"), UserMessage.from(image("AAAA")));
        asked("How long?", session("d"));

        ProductionCases.Reading reading = read();

        assertThat(reading.dataset().cases()).hasSize(1);
        assertThat(reading.counts()).isEqualTo(new ProductionCases.Counts(4, 0, 0, 3, 0, 0));
    }

    @Test
    void takesARunOfEvalsForNoTraffic() {
        List<Interaction> recorded = new CopyOnWriteArrayList<>();
        try (ChatStack stack = ChatStack.builder()
                .chatModel(ScriptedChatModel.saying("yes"))
                .interactionListener(recorded::add)
                .build()) {
            Dataset dataset = Dataset.of("one", List.of(EvalCase.of("a", "Do you ship abroad?", "yes")));
            EvalRunner.create().run(dataset, Candidate.of(stack), List.of(Scorers.exact()));
        }
        recorded.addAll(asked("How long?"));

        ProductionCases.Reading reading = ProductionCases.builder().build().read("desk", recorded.stream());

        assertThat(reading.counts()).isEqualTo(new ProductionCases.Counts(2, 1, 0, 0, 0, 0));
        assertThat(reading.dataset().cases()).extracting(EvalCase::input).containsExactly(EvalInput.text("How long?"));
    }

    @Test
    void isTheSameDatasetWhenSavedAndLoaded() {
        asked("How long?", session("talk-1"));
        add(session("talk-2"), UserMessage.from("Hello"), AiMessage.from("Hello."), UserMessage.from("By card?"));
        Dataset dataset = read().dataset();
        Path file = folder.resolve("desk.jsonl");

        dataset.save(file);

        assertThat(Dataset.load(file).hash()).isEqualTo(dataset.hash());
    }

    @Test
    void saysWhyNothingIsLeft() {
        asked(" ", session("a"));

        assertThatThrownBy(this::read)
                .isInstanceOf(BadDataset.class)
                .hasMessageContaining("desk: no case")
                .hasMessageContaining("withoutText=1");
    }

    private EvalCase onlyCase() {
        List<EvalCase> cases = ProductionCases.builder()
                .expected(id -> Optional.ofNullable(corrections.get(id)))
                .build()
                .read("desk", interactions.stream())
                .dataset()
                .cases();
        assertThat(cases).hasSize(1);
        return cases.get(0);
    }

    private ProductionCases.Reading read() {
        return ProductionCases.builder()
                .expected(id -> Optional.ofNullable(corrections.get(id)))
                .sliceByOutcome()
                .build()
                .read("desk", interactions.stream());
    }

    private static CallContext session(String session) {
        return CallContext.builder().session(session).build();
    }

    private static List<Interaction> asked(String question) {
        return CallContext.call(CallContext.empty(), () -> STACK.chatModel().chat(question))
                .interactions();
    }

    private Interaction asked(String question, CallContext context) {
        return add(context, UserMessage.from(question));
    }

    private void asked(String question, CallContext context, Outcome outcome) {
        add(List.of(), context, outcome, UserMessage.from(question));
    }

    private Interaction add(CallContext context, ChatMessage... messages) {
        return add(List.of(), context, Outcome.ANSWERED, messages);
    }

    private void add(List<Decision> decisions, CallContext context, ChatMessage... messages) {
        add(decisions, context, Outcome.ANSWERED, messages);
    }

    /** A minute after the one before. */
    private Interaction add(List<Decision> decisions, CallContext context, Outcome outcome, ChatMessage... messages) {
        int number = interactions.size();
        Interaction interaction = new Interaction(
                new UUID(1, number),
                START.plus(Duration.ofMinutes(number)),
                context,
                ANSWERED.streaming(),
                ChatRequest.builder().messages(messages).build(),
                ANSWERED.response(),
                ANSWERED.error(),
                outcome,
                ANSWERED.released(),
                ANSWERED.servedBy(),
                ANSWERED.usage(),
                ANSWERED.cost(),
                ANSWERED.latency(),
                ANSWERED.timeToFirstToken(),
                decisions,
                ANSWERED.fingerprint());
        interactions.add(interaction);
        return interaction;
    }
}
