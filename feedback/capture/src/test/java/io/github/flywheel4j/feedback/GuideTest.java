package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.AnswerInfo;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of core/docs/guide/feedback.md, as they stand there. */
class GuideTest {

    private final byte[] key = Events.KEY;
    private final ChatModel model = ScriptedChatModel.of(Answer.text("Within thirty days."));

    @TempDir
    Path temporary;

    @Test
    void aLambdaIsASink() {
        Path spillFolder = temporary.resolve("spill");
        List<String> queue = new CopyOnWriteArrayList<>();

        // snippet
        FeedbackSink mine = event -> queue.add(event.toJson());
        // end snippet
        // snippet
        TextPolicy texts = TextPolicy.full(); // or redacted, hashed, none
        UserIds users = UserIds.keyed(key); // 32 random bytes or more, a secret, the same for ever
        AsyncSink sink = AsyncSink.builder(mine).spillTo(spillFolder).build();
        Capture capture = Capture.to(sink, texts, users);
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .workload("support-answers")
                .layer(capture)
                .build();
        Feedback feedback = Feedback.builder(sink).users(users).texts(texts).build();
        // end snippet

        stack.chatModel().chat("How do I return a kettle?");
        // snippet
        stack.close(); // hands the last interactions to the sink
        sink.close(); // delivers what waits, spills or counts the rest
        // end snippet

        assertThat(queue).hasSize(1);
        assertThat(FeedbackEvent.fromJson(queue.get(0))).isInstanceOf(InteractionEvent.class);
        assertThat(feedback).isNotNull();
    }

    @Test
    void filesAnswerWhatWasAskedAndForgetWhoAsksForIt() {
        Path folder = temporary.resolve("events");
        Instant ninetyDaysAgo = Events.TIME;
        List<InteractionEvent> reviewed = new ArrayList<>();

        // snippet
        JsonLinesSink files = JsonLinesSink.in(folder);
        AsyncSink toFiles = AsyncSink.before(files);
        FeedbackStore store = files.store(UserIds.keyed(key));
        // end snippet

        Capture capture = Capture.to(toFiles, TextPolicy.full(), UserIds.keyed(key));
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .workload("support-answers")
                .layer(capture)
                .build();
        UUID id = AnswerInfo.of(stack.chatModel().chat(UserMessage.from("How do I return a kettle?")))
                .orElseThrow()
                .id();
        Feedback feedback = Feedback.builder(toFiles).users(UserIds.keyed(key)).build();
        String answer = "Within thirty days.";
        String finalText = "Within sixty days.";

        // snippet
        feedback.on(id).thumbsUp();
        feedback.on(id).by("ann@example.org").correction("Within sixty days.");
        feedback.on(id).incorrect(Correctness.Judge.EXPERT, Correctness.Reason.WRONG);
        feedback.on(id).edited(answer, finalText);
        // end snippet
        toFiles.flush();

        // snippet
        try (Stream<InteractionEvent> failed = store.interactions(
                InteractionQuery.all().workload("support-answers").outcome(Outcome.FAILED))) {
            failed.forEach(reviewed::add);
        }
        Timeline timeline = store.timeline(id);
        Coverage coverage = store.coverage(InteractionQuery.all());
        RetentionReport deleted = store.deleteBefore(ninetyDaysAgo);
        // end snippet

        // snippet
        InteractionQuery wrong = InteractionQuery.all().verdict(Correctness.Verdict.INCORRECT);
        InteractionQuery liked = InteractionQuery.all().signalled(true);
        // end snippet
        assertThat(store.coverage(wrong).interactions()).isEqualTo(1);
        assertThat(store.coverage(liked).interactions()).isZero();

        // snippet
        ErasureReport report = store.erase("ann@example.org", toFiles);
        // end snippet

        assertThat(reviewed).isEmpty();
        assertThat(timeline.interaction()).isNotNull();
        assertThat(timeline.feedback()).hasSize(4);
        assertThat(coverage.anyShare()).isEqualTo(1);
        assertThat(deleted.events()).isZero();
        assertThat(report.interactions()).isZero();
        toFiles.close();

        FeedbackSink mine = event -> {};
        // snippet
        AsyncSink withSignals = AsyncSink.before(Detectors.standard().before(mine));
        Optional<SignalLabel> label = Labeler.standard().label(timeline.feedback());
        // end snippet
        withSignals.close();
        assertThat(label).isEmpty();
        // snippet
        Optional<Correctness.Verdict> verdict = Consensus.unanimous(2).verdict(timeline.feedback());
        // end snippet
        assertThat(verdict).isEmpty();
    }

    @Test
    void ratesSayOfHowManyTheySpeak() {
        JsonLinesSink files = JsonLinesSink.in(temporary.resolve("rated"));
        FeedbackStore store = files.store(UserIds.none());
        for (int i = 1; i <= 40; i++) {
            files.accept(Events.interaction(i));
        }
        files.accept(Satisfaction.thumb(Events.info(Events.id(1)), true));

        // snippet
        Estimates estimates = Estimates.with(() -> new SplittableRandom(1));
        FeedbackReport report = estimates.of(store, InteractionQuery.all().workload("support-answers"));
        RateEstimate liked = report.satisfaction();
        Interval amongThoseWhoRated = liked.observed(); // null if nobody did
        RateEstimate.Weighted ofAll = liked.weighted(); // null if it cannot be estimated: liked.note() says why
        List<Contrast> howTheyDiffer = liked.contrasts();
        List<String> warnings = report.warnings();
        // end snippet

        files.close();
        assertThat(amongThoseWhoRated).isNull();
        assertThat(ofAll).isNull();
        assertThat(howTheyDiffer).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aBrowserShowsAToken() {
        List<FeedbackEvent> events = new ArrayList<>();
        FeedbackSink mine = events::add;
        Feedback feedback = Feedback.builder(mine).users(UserIds.keyed(key)).build();
        UUID id = Events.id(1);
        byte[] tokenKey = new byte[32];

        // snippet
        FeedbackTokens tokens = FeedbackTokens.signedWith("2026-11", tokenKey);
        String token = tokens.issue(id, "ann@example.org", EnumSet.of(FeedbackKind.SATISFACTION), Duration.ofDays(1));
        feedback.on(id, token, tokens).thumbsUp(); // not forged, not expired, for this answer and kind
        // end snippet

        assertThat(events).hasSize(1);
        try (AsyncSink withSignals = AsyncSink.before(Detectors.standard().before(mine))) {
            withSignals.accept(Events.interaction(1));
        }
        assertThat(events).hasSize(2);
    }

    @Test
    void theExampleOfThePackage() {
        Path folder = temporary.resolve("package");
        Path spillFolder = temporary.resolve("package-spill");
        UserMessage question = UserMessage.from("How do I return a kettle?");

        // snippet
        JsonLinesSink files = JsonLinesSink.in(folder);
        AsyncSink sink = AsyncSink.builder(files).spillTo(spillFolder).build();
        Capture capture = Capture.to(sink, TextPolicy.full(), UserIds.none());
        ChatStack stack = ChatStack.builder().chatModel(model).layer(capture).build();

        ChatResponse answer = stack.chatModel().chat(question);
        Feedback.to(sink).on(AnswerInfo.of(answer).orElseThrow()).thumbsUp();
        // end snippet

        sink.flush();
        assertThat(files.store(UserIds.keyed(key))
                        .timeline(AnswerInfo.of(answer).orElseThrow().id())
                        .feedback())
                .hasSize(1);
        sink.close();
        stack.close();
    }
}
