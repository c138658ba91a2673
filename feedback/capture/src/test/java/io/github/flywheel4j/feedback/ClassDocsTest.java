package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of this module's classes, but for those that the guide has too. */
class ClassDocsTest {

    private final byte[] key = Events.KEY;
    private final ChatModel model = ScriptedChatModel.saying("Within thirty days.");

    @TempDir
    Path folder;

    @Test
    void capture() {
        // snippet
        AsyncSink sink = AsyncSink.before(JsonLinesSink.in(folder));
        Capture capture = Capture.to(sink, TextPolicy.full(), UserIds.keyed(key));
        ChatStack stack = ChatStack.builder()
                .chatModel(model)
                .workload("support")
                .layer(capture)
                .build();
        // end snippet

        stack.chatModel().chat("How do I return a kettle?");
        stack.close();
        assertThat(sink.counts().accepted()).isEqualTo(1);
        sink.close();
    }

    @Test
    void detectors() {
        // snippet
        FeedbackSink sink = AsyncSink.before(Detectors.standard().before(JsonLinesSink.in(folder)));
        // end snippet

        sink.accept(Events.comment(1));
        sink.close();
    }

    @Test
    void feedbackSink() {
        List<String> log = new CopyOnWriteArrayList<>();

        // snippet
        FeedbackSink sink = event -> log.add(event.toJson());
        // end snippet

        sink.accept(Events.comment(1));
        assertThat(log).hasSize(1);
    }

    @Test
    void feedback() {
        List<FeedbackEvent> events = new CopyOnWriteArrayList<>();
        FeedbackSink sink = events::add;
        UUID id = Events.id(1);

        // snippet
        Feedback feedback = Feedback.builder(sink).users(UserIds.keyed(key)).build();
        feedback.on(id).thumbsUp();
        feedback.on(id).by("ann").incorrect(Correctness.Judge.EXPERT, Correctness.Reason.WRONG);
        // end snippet

        assertThat(events).hasSize(2);
    }

    @Test
    void labelsAndVerdicts() {
        JsonLinesSink sink = JsonLinesSink.in(folder);
        FeedbackStore store = sink.store(UserIds.none());
        UUID id = Events.id(1);

        // snippet
        Optional<SignalLabel> label =
                Labeler.standard().label(store.timeline(id).feedback());
        // end snippet

        assertThat(label).isEmpty();
        sink.close();
    }

    @Test
    void estimates() {
        JsonLinesSink sink = JsonLinesSink.in(folder);
        FeedbackStore store = sink.store(UserIds.none());

        // snippet
        Estimates estimates = Estimates.with(() -> new SplittableRandom(1));
        FeedbackReport report = estimates.of(store, InteractionQuery.all().workload("support-answers"));
        Interval amongThoseWhoRated = report.satisfaction().observed(); // null if nobody did
        RateEstimate.Weighted ofAll = report.satisfaction().weighted(); // null if it cannot be estimated
        List<String> warnings = report.warnings();
        // end snippet

        assertThat(amongThoseWhoRated).isNull();
        assertThat(ofAll).isNull();
        assertThat(warnings).isNotNull();
        sink.close();
    }

    @Test
    void consent() {
        String user = "ann";

        // snippet
        CallContext context = CallContext.builder()
                .user(user)
                .attribute(Consent.ATTRIBUTE, Consent.IMPROVE.name())
                .build();
        // end snippet

        assertThat(context.attributes()).containsEntry(Consent.ATTRIBUTE, "IMPROVE");
    }
}
