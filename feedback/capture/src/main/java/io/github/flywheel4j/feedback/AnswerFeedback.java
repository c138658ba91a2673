package io.github.flywheel4j.feedback;

import io.github.flywheel4j.text.EditDistance;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Feedback on one answer: each call gives one event, and returns this, so that more can be said.
 *
 * <p>Immutable; thread-safe as its sink is. Every method throws what the sink throws, and {@link TokenRefused} if it was
 * begun with a token that does not allow the kind.
 */
public final class AnswerFeedback {

    private final Feedback feedback;

    /** What all events have in common; its id and time are of no account. */
    private final EventInfo about;

    /** When it happened; null for whenever it is given. */
    private final @Nullable Instant time;

    private final @Nullable Consumer<FeedbackKind> permission;

    AnswerFeedback(Feedback feedback, EventInfo about, @Nullable Consumer<FeedbackKind> permission) {
        this(feedback, about, null, permission);
    }

    private AnswerFeedback(
            Feedback feedback, EventInfo about, @Nullable Instant time, @Nullable Consumer<FeedbackKind> permission) {
        this.feedback = feedback;
        this.about = about;
        this.time = time;
        this.permission = permission;
    }

    /**
     * The same, from a person, who is stored in the form that {@link Feedback.Builder#users} says.
     *
     * @throws IllegalStateException if it does not say
     */
    public AnswerFeedback by(String user) {
        return with(time, about.answerFrom(), feedback.users().stored(user), about.session());
    }

    /**
     * The same, in a session, as the call's context named it. Sinks that keep the order of a session, such as one to Kafka,
     * keep it with the interactions then; an answer's id alone tells no session.
     */
    public AnswerFeedback inSession(String session) {
        return with(time, about.answerFrom(), about.user(), session);
    }

    /** The same, about an answer that repeats the one of an earlier interaction, as a cache's hit does. */
    public AnswerFeedback answerFrom(UUID interactionId) {
        return with(time, interactionId, about.user(), about.session());
    }

    /** The same, as of an earlier time. */
    public AnswerFeedback at(Instant time) {
        return with(time, about.answerFrom(), about.user(), about.session());
    }

    /** They liked it. */
    public AnswerFeedback thumbsUp() {
        return give(FeedbackKind.SATISFACTION, info -> Satisfaction.thumb(info, true));
    }

    /** They did not like it. */
    public AnswerFeedback thumbsDown() {
        return give(FeedbackKind.SATISFACTION, info -> Satisfaction.thumb(info, false));
    }

    /** They rated it on a scale, such as 4 of 1 to 5. */
    public AnswerFeedback rating(int value, int lowest, int highest) {
        return give(FeedbackKind.SATISFACTION, info -> new Satisfaction(info, value, lowest, highest));
    }

    /** It was right. */
    public AnswerFeedback correct(Correctness.Judge by) {
        return verdict(Correctness.Verdict.CORRECT, by, null, null);
    }

    /** Some of it was right. */
    public AnswerFeedback partlyCorrect(Correctness.Judge by, Correctness.Reason reason) {
        return verdict(Correctness.Verdict.PARTLY, by, reason, null);
    }

    /** It was wrong. */
    public AnswerFeedback incorrect(Correctness.Judge by, Correctness.Reason reason) {
        return verdict(Correctness.Verdict.INCORRECT, by, reason, null);
    }

    /** A verdict with all its details. */
    public AnswerFeedback verdict(
            Correctness.Verdict verdict,
            Correctness.Judge by,
            Correctness.@Nullable Reason reason,
            @Nullable String note) {
        return give(
                FeedbackKind.CORRECTNESS,
                info -> new Correctness(
                        info, verdict, by, reason, feedback.texts().apply(note)));
    }

    /** The user's own final text. */
    public AnswerFeedback correction(String text) {
        return correction(text, Correction.Author.USER);
    }

    /** Somebody's final text. */
    public AnswerFeedback correction(String text, Correction.Author by) {
        return give(FeedbackKind.CORRECTION, info -> new Correction(info, kept(text), by));
    }

    /** This answer was chosen over another one. */
    public AnswerFeedback preferredOver(UUID other, Preference.Shown shown) {
        return give(FeedbackKind.PREFERENCE, info -> new Preference(info, other, shown));
    }

    /** They acted upon it; the rationale may be null. */
    public AnswerFeedback adopted(@Nullable String rationale) {
        return give(
                FeedbackKind.ADOPTION,
                info -> new Adoption(info, true, feedback.texts().apply(rationale)));
    }

    /** They did not act upon it; the rationale may be null. */
    public AnswerFeedback rejected(@Nullable String rationale) {
        return give(
                FeedbackKind.ADOPTION,
                info -> new Adoption(info, false, feedback.texts().apply(rationale)));
    }

    /** A source was of use. */
    public AnswerFeedback relevant(String document) {
        return give(FeedbackKind.SOURCE_RELEVANCE, info -> new SourceRelevance(info, document, true));
    }

    /** A source was of no use. */
    public AnswerFeedback irrelevant(String document) {
        return give(FeedbackKind.SOURCE_RELEVANCE, info -> new SourceRelevance(info, document, false));
    }

    /** The documents do not say this and should. */
    public AnswerFeedback missing(String what) {
        return give(FeedbackKind.MISSING_KNOWLEDGE, info -> new MissingKnowledge(info, kept(what)));
    }

    /** Anything else, in words. */
    public AnswerFeedback comment(String text) {
        return give(FeedbackKind.COMMENT, info -> new Comment(info, kept(text)));
    }

    /** They copied it. */
    public AnswerFeedback copied() {
        return signal(SignalType.COPIED, null);
    }

    /** They used it as it was. */
    public AnswerFeedback accepted() {
        return signal(SignalType.ACCEPTED, null);
    }

    /**
     * They used it after an edit. Only how much was changed is kept; give the final text as a {@link #correction} if it
     * is to be kept too. Equal texts count as {@link SignalType#ACCEPTED}.
     */
    public AnswerFeedback edited(String original, String finalText) {
        // Of a very long text the distance compares the beginning only, and may be 0.
        return original.equals(finalText)
                ? accepted()
                : signal(SignalType.EDITED, EditDistance.normalised(original, finalText));
    }

    /** They read it for long. */
    public AnswerFeedback readLong(Duration time) {
        return signal(SignalType.READ_LONG, time.toMillis() / 1000.0);
    }

    /** Any other signal; for what a measure means see {@link SignalType}. */
    public AnswerFeedback signal(SignalType type, @Nullable Double measure) {
        return give(FeedbackKind.SIGNAL, info -> new Signal(info, type, measure, null));
    }

    private AnswerFeedback give(FeedbackKind kind, Function<EventInfo, FeedbackEvent> event) {
        if (permission != null) {
            permission.accept(kind);
        }
        Instant now = feedback.clock().instant();
        EventInfo info = new EventInfo(
                EventIds.at(now.toEpochMilli()),
                time == null ? now : time,
                about.source(),
                about.interactionId(),
                about.answerFrom(),
                about.user(),
                about.session());
        feedback.give(event.apply(info));
        return this;
    }

    private String kept(String text) {
        String kept = feedback.texts().apply(text);
        return kept == null ? "" : kept;
    }

    private AnswerFeedback with(
            @Nullable Instant time, @Nullable UUID answerFrom, @Nullable String user, @Nullable String session) {
        EventInfo info = new EventInfo(
                about.eventId(), about.time(), about.source(), about.interactionId(), answerFrom, user, session);
        return new AnswerFeedback(feedback, info, time, permission);
    }
}
