package io.github.flywheel4j.feedback;

import io.github.flywheel4j.AnswerInfo;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives feedback on answers by their id.
 *
 * <pre>{@code
 * Feedback feedback = Feedback.builder(sink).users(UserIds.keyed(key)).build();
 * feedback.on(id).thumbsUp();
 * feedback.on(id).by("ann").incorrect(Correctness.Judge.EXPERT, Correctness.Reason.WRONG);
 * }</pre>
 *
 * <p>The id is enough; who says so and why can be added, now or later. An id that nobody knows yet is accepted: events are
 * joined when they are read. Give it the {@link AsyncSink} that {@link Capture} has: then feedback never overtakes its
 * interaction, and giving it never waits.
 *
 * <p>Immutable; thread-safe as its sink is. It throws what the sink throws.
 */
public final class Feedback {

    private final FeedbackSink sink;
    private final @Nullable UserIds users;
    private final TextPolicy texts;
    private final String source;
    private final Clock clock;

    private Feedback(Builder builder) {
        this.sink = builder.sink;
        this.users = builder.users;
        this.texts = builder.texts;
        this.source = builder.source;
        this.clock = builder.clock;
    }

    /** Feedback to a sink, with the defaults of {@link Builder}. */
    public static Feedback to(FeedbackSink sink) {
        return builder(sink).build();
    }

    /** A builder. */
    public static Builder builder(FeedbackSink sink) {
        return new Builder(sink);
    }

    /** Feedback on the answer of an interaction; the id comes from {@link AnswerInfo} or from a page that kept it. */
    public AnswerFeedback on(UUID interactionId) {
        return new AnswerFeedback(this, EventInfo.now(clock, source, interactionId), null);
    }

    /** Feedback on an answer; where a cache served it, it reaches the interaction in which it was made too. */
    public AnswerFeedback on(AnswerInfo answer) {
        AnswerFeedback given = on(answer.id());
        return answer.origin() == null ? given : given.answerFrom(answer.origin());
    }

    /**
     * Feedback from a browser, which shows a token instead of who it is: it may give only the kinds of feedback that the
     * token allows, and comes from the person whom the token names.
     *
     * @throws TokenRefused if the token is forged, expired, or was made for another interaction
     */
    public AnswerFeedback on(UUID interactionId, String token, FeedbackTokens tokens) {
        FeedbackToken verified = tokens.verify(token, interactionId);
        AnswerFeedback given = new AnswerFeedback(
                this, EventInfo.now(clock, source, interactionId), kind -> tokens.requireAllowed(verified, kind));
        return verified.user() == null ? given : given.by(verified.user());
    }

    void give(FeedbackEvent event) {
        sink.accept(event);
    }

    /** In which form people are stored; nobody is left out in silence. */
    UserIds users() {
        UserIds chosen = users;
        if (chosen == null) {
            throw new IllegalStateException(
                    "feedback from a person, but Feedback was not told how to store people (expected:"
                            + " Feedback.builder(sink).users(...) with what Capture has; UserIds.none() to store nobody)");
        }
        return chosen;
    }

    TextPolicy texts() {
        return texts;
    }

    Clock clock() {
        return clock;
    }

    /** Builds ways to give feedback. Not thread-safe. */
    public static final class Builder {

        private final FeedbackSink sink;
        private @Nullable UserIds users;
        private TextPolicy texts = TextPolicy.full();
        private String source = "feedback";
        private Clock clock = Clock.systemUTC();

        private Builder(FeedbackSink sink) {
            this.sink = Objects.requireNonNull(sink, "sink");
        }

        /**
         * In which form people are stored; give it what {@link Capture} has. There is no default: without a choice, feedback
         * that names its person is refused, and feedback by id alone needs none.
         */
        public Builder users(UserIds users) {
            this.users = Objects.requireNonNull(users, "users");
            return this;
        }

        /**
         * What becomes of texts that people write as feedback; {@link TextPolicy#full()} unless told, because a correction
         * without its text is none. With a policy that keeps no text, the text is empty.
         */
        public Builder texts(TextPolicy texts) {
            this.texts = Objects.requireNonNull(texts, "texts");
            return this;
        }

        /** Which part of the application this is; "feedback" unless told. */
        public Builder source(String source) {
            if (source.isBlank()) {
                throw new IllegalArgumentException("source: blank (expected: a part of the application)");
            }
            this.source = source;
            return this;
        }

        /** The clock of the events; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Builds it. */
        public Feedback build() {
            return new Feedback(this);
        }
    }
}
