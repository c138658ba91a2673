package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.InteractionListener;
import io.github.flywheel4j.feedback.AnswerFeedback;
import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.Capture;
import io.github.flywheel4j.feedback.Coverage;
import io.github.flywheel4j.feedback.Detectors;
import io.github.flywheel4j.feedback.Estimates;
import io.github.flywheel4j.feedback.Feedback;
import io.github.flywheel4j.feedback.FeedbackStore;
import io.github.flywheel4j.feedback.InteractionQuery;
import io.github.flywheel4j.feedback.JsonLinesSink;
import io.github.flywheel4j.feedback.RateEstimate;
import io.github.flywheel4j.feedback.TextPolicy;
import io.github.flywheel4j.feedback.UserIds;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What is kept of each run, as JSON Lines in a folder: every interaction, what was said of its answer, and the signals of the
 * session, such as a question asked again. Thread-safe.
 */
final class Journal implements InteractionListener, AutoCloseable {

    private static final long LONGEST_WAIT_SECONDS = 5;

    private final Path folder;
    private final AsyncSink sink;
    private final FeedbackStore store;
    private final Feedback feedback;
    private final BlockingQueue<Interaction> ended = new LinkedBlockingQueue<>();

    Journal(Path folder) {
        this.folder = folder;
        JsonLinesSink files;
        try {
            files = JsonLinesSink.in(folder);
        } catch (UncheckedIOException e) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--interactions: cannot write to " + folder
                            + " (expected: a folder that can be written; name another with --interactions DIR)");
        } catch (IllegalStateException e) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--interactions: another process writes to " + folder
                            + " (expected: a folder for each; name another with --interactions DIR)");
        }
        this.sink = AsyncSink.before(Detectors.standard().before(files));
        // Nobody logs in here; an application says UserIds.keyedBy(file).
        this.store = files.store(UserIds.none());
        this.feedback = Feedback.builder(sink).source("quickstart").build();
    }

    /** The layer that records. Texts stay on this machine, so they are kept whole. */
    Capture capture() {
        return Capture.to(sink, TextPolicy.full(), UserIds.none());
    }

    /** To say something of an answer. */
    AnswerFeedback on(UUID interaction) {
        return feedback.on(interaction);
    }

    Path folder() {
        return folder;
    }

    @Override
    public void onInteraction(Interaction interaction) {
        ended.add(interaction);
    }

    /** The next interaction that ended; empty if that takes longer than 5 seconds. */
    Optional<Interaction> next() throws InterruptedException {
        return Optional.ofNullable(ended.poll(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS));
    }

    /** Of how many interactions something is known, over all runs. */
    Coverage coverage() {
        sink.flush();
        return store.coverage(InteractionQuery.all());
    }

    /** How many answers were liked, over all runs. */
    RateEstimate liked() {
        sink.flush();
        return Estimates.with(() -> new SplittableRandom(1))
                .of(store, InteractionQuery.all())
                .satisfaction();
    }

    @Override
    public void close() {
        sink.close();
    }
}
