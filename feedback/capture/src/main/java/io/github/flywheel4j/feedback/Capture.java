package io.github.flywheel4j.feedback;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.InteractionListener;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.Stage;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layer that records every interaction of its stack, whatever came of it: answered, degraded, blocked, failed,
 * cancelled, from a cache, or broken off in the middle of a stream, each exactly once.
 *
 * <pre>{@code
 * AsyncSink sink = AsyncSink.before(JsonLinesSink.in(folder));
 * Capture capture = Capture.to(sink, TextPolicy.full(), UserIds.keyed(key));
 * ChatStack stack = ChatStack.builder()
 *         .chatModel(model)
 *         .workload("support")
 *         .layer(capture)
 *         .build();
 * }</pre>
 *
 * <p>The interaction is queued before the answer is handed over, so feedback that is given through the same
 * {@link AsyncSink} never overtakes it. Texts and people are turned into their stored form on the sink's thread; the call
 * pays for an entry in a queue. A sink without an {@link AsyncSink} is called through the stack's own queue, which drops
 * and counts what does not fit ({@link io.github.flywheel4j.ChatStack#droppedInteractions()}).
 *
 * <p>What is recorded is the request as the caller made it, before any layer changed it: a shield against personal data
 * further in does not protect this record, the {@link TextPolicy} does.
 *
 * <p>Thread-safe. The sink is not closed by it.
 */
public final class Capture implements ChatLayer, InteractionListener {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private final FeedbackSink sink;
    private final InteractionRecorder recorder;
    private final AtomicLong redactionFailures = new AtomicLong();

    private Capture(Builder builder) {
        this.sink = builder.sink;
        this.recorder =
                new InteractionRecorder(builder.texts, builder.users, builder.textSample, builder.consentUnlessTold);
    }

    /** A layer that records to a sink, with the defaults of {@link Builder}. */
    public static Capture to(FeedbackSink sink, TextPolicy texts, UserIds users) {
        return builder(sink, texts, users).build();
    }

    /**
     * A builder. What becomes of texts and of people has no default: somebody has to answer for both.
     *
     * @param users {@link UserIds#keyed(byte[], byte[]...)} or {@link UserIds#keyedBy(java.nio.file.Path)} unless there is a
     *     reason for another form
     */
    public static Builder builder(FeedbackSink sink, TextPolicy texts, UserIds users) {
        return new Builder(sink, texts, users);
    }

    @Override
    public ChatResponse handle(ChatCall call, Next next) {
        return next.proceed(call);
    }

    @Override
    public Stage stage() {
        return Stage.CAPTURE;
    }

    @Override
    public boolean inline() {
        return !sink.waits();
    }

    @Override
    public void onInteraction(Interaction interaction) {
        if (sink instanceof AsyncSink async) {
            async.acceptLater(() -> recorded(interaction));
        } else {
            sink.accept(recorded(interaction));
        }
    }

    /** How many interactions were recorded without texts because the redacting function threw. */
    public long redactionFailures() {
        return redactionFailures.get();
    }

    private InteractionEvent recorded(Interaction interaction) {
        try {
            return recorder.recorded(interaction);
        } catch (RuntimeException | StackOverflowError e) {
            // A regular expression on a long text runs out of stack.
            if (redactionFailures.getAndIncrement() == 0) {
                // Without the exception: its message may quote the text that it failed on.
                LOG.warn(
                        "redacting a text threw {}; such interactions are recorded without texts, further failures are"
                                + " counted (Capture.redactionFailures) and not logged",
                        e.getClass().getName());
            }
            return recorder.withoutTexts(interaction, InteractionEvent.Texts.FAILED);
        }
    }

    /** Builds capture layers. Not thread-safe. */
    public static final class Builder {

        private final FeedbackSink sink;
        private final TextPolicy texts;
        private final UserIds users;
        private double textSample = 1;
        private Consent consentUnlessTold = Consent.RECORD;

        private Builder(FeedbackSink sink, TextPolicy texts, UserIds users) {
            this.sink = Objects.requireNonNull(sink, "sink");
            this.texts = Objects.requireNonNull(texts, "texts");
            this.users = Objects.requireNonNull(users, "users");
        }

        /**
         * The share of sessions whose texts are kept, 0 to 1; 1 unless told. It thins texts and never counts: every
         * interaction is recorded. Sessions are kept whole, chosen by a hash of their id.
         */
        public Builder textSample(double share) {
            this.textSample = share;
            return this;
        }

        /**
         * What holds for calls whose context says nothing of {@link Consent}; {@link Consent#RECORD} unless told: kept as the
         * text policy says, and not learned from.
         */
        public Builder consentUnlessTold(Consent consent) {
            this.consentUnlessTold = Objects.requireNonNull(consent, "consent");
            return this;
        }

        /**
         * Builds the layer.
         *
         * @throws IllegalArgumentException if the share is not between 0 and 1
         */
        public Capture build() {
            if (!(textSample >= 0 && textSample <= 1)) {
                throw new IllegalArgumentException("textSample: " + textSample + " (expected: 0 to 1)");
            }
            return new Capture(this);
        }
    }
}
