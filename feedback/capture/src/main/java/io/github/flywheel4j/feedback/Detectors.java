package io.github.flywheel4j.feedback;

import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.text.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Derives signals from the interactions of sessions: live, as a sink that passes everything on and adds the signals that it
 * finds, or later, from a store.
 *
 * <pre>{@code
 * FeedbackSink sink = AsyncSink.before(Detectors.standard().before(JsonLinesSink.in(folder)));
 * }</pre>
 *
 * <p>The standard ones:
 * <ul>
 *   <li>{@link #regenerated()}: the same question once more, within ten minutes; found in hashed texts too;
 *   <li>{@link #rephrased()}: at least half of the words in common, within ten minutes;
 *   <li>{@link #corrected()}: "no, I meant", "that is wrong" at the beginning of the next message; or thanks. English;
 *   <li>{@link #abandoned()}: a stream that its reader stopped after some of it was shown.
 * </ul>
 * They rest on words and times, so they err; that is why one signal is no label. The same signal has the same id whenever
 * it is found, so that live and later detection may overlap.
 *
 * <p>Immutable and thread-safe, except for the sinks and streams it makes: a sink remembers the last interaction of up to
 * 10,000 sessions, fewer if they are long: 16 million characters in all.
 */
public final class Detectors {

    private static final int SESSIONS = 10_000;
    private static final long CHARACTERS = 16_000_000;
    private static final int REMEMBERED = 4_096;
    private static final Duration SOON = Duration.ofMinutes(10);
    private static final double WORDS_IN_COMMON = 0.5;
    private static final int WORDS_TO_COMPARE = 2;
    private static final String SOURCE = "detector";

    /** Repetitions are bounded: each of them costs the matcher some stack, and anybody may write "ok" ten thousand times. */
    private static final Pattern CORRECTION =
            Pattern.compile("^(?:(?:sorry|thanks|thank you|hm+|but|well|ok(?:ay)?|um+)[,.!: ]+){0,8}(?:"
                    + "no+[,.!: ]+(?:that|this|it|i |you|not|wrong|the )"
                    + "|no+[.!]*$"
                    + "|(?:no[,.!: ]+)?(?:i|what i) (?:meant|mean|asked|was asking|wanted|said)\\b"
                    + "|(?:that|this|it|your answer)(?:'s| is| was| isn't| is not| wasn't)"
                    + " (?:(?:just|still|simply|plain|completely|totally|also|all) ){0,8}"
                    + "(?:wrong|incorrect|false|untrue|nonsense|not (?:right|correct|true|what i))"
                    + "|(?:that|this|it)(?: isn't| wasn't|'s not| is not) (?:right|correct|true|what i)"
                    + "|(?:you are|you're|you got (?:it|that)) (?:wrong|mistaken|incorrect)"
                    + "|(?:wrong|incorrect|not true|not what i)\\b"
                    + "|you (?:misunderstood|did not understand|didn't understand|misread))");

    private static final Pattern THANKS = Pattern.compile(
            "^(?:(?:ok(?:ay)?|great|perfect|cool|yes|ah|oh)[,.! ]+){0,8}"
                    + "(?:thanks|thank you|thx|cheers|perfect|that works|that helps|that worked|great, that|exactly|very helpful)\\b");
    private static final Pattern TURN_AFTER_THANKS =
            Pattern.compile("\\b(?:but|however|though|wrong|incorrect|doesn't|does not|didn't|did not|isn't|not)\\b");

    private final List<SignalDetector> detectors;

    private Detectors(List<SignalDetector> detectors) {
        this.detectors = List.copyOf(detectors);
    }

    /** The standard detectors. */
    public static Detectors standard() {
        return of(regenerated(), rephrased(), corrected(), abandoned());
    }

    /** Some detectors. */
    public static Detectors of(SignalDetector... detectors) {
        return new Detectors(List.of(detectors));
    }

    /** A sink that passes every event on, and after each interaction the signals that it gives rise to. */
    public FeedbackSink before(FeedbackSink sink) {
        return new DetectingSink(this, sink);
    }

    /** The signals in interactions that come in the order of time; close the stream. */
    public Stream<Signal> in(Stream<InteractionEvent> interactions) {
        Sessions sessions = sessions();
        return interactions.flatMap(interaction -> sessions.next(interaction).stream());
    }

    /** The same question once more. */
    public static SignalDetector regenerated() {
        return (before, now) -> {
            String question = comparable(before, now);
            return before != null && question != null && question.equals(said(before))
                    ? List.of(signal(before, SignalType.REGENERATED, null, now))
                    : List.of();
        };
    }

    /** The same question in other words. */
    public static SignalDetector rephrased() {
        return (before, now) -> {
            String question = comparable(before, now);
            String earlier = before == null ? null : said(before);
            if (before == null
                    || question == null
                    || earlier == null
                    || question.equals(earlier)
                    || !now.texts().readable()) {
                return List.of();
            }
            double common = inCommon(earlier, question);
            return common >= WORDS_IN_COMMON ? List.of(signal(before, SignalType.REPHRASED, common, now)) : List.of();
        };
    }

    /** Words against the answer, or thanks for it. */
    public static SignalDetector corrected() {
        return (before, now) -> {
            String words = before == null || !now.texts().readable() ? null : said(now);
            if (before == null || words == null || before.answer() == null) {
                return List.of();
            }
            String start =
                    words.toLowerCase(Locale.ROOT).replace('\u2019', '\'').strip();
            if (CORRECTION.matcher(start).find()) {
                return List.of(signal(before, SignalType.CORRECTED, null, now));
            }
            return THANKS.matcher(start).find()
                            && !TURN_AFTER_THANKS.matcher(start).find()
                    ? List.of(signal(before, SignalType.THANKED, null, now))
                    : List.of();
        };
    }

    /** A stream that was stopped after some of it was shown. */
    public static SignalDetector abandoned() {
        return (before, now) -> {
            InteractionEvent.Message released = now.released();
            return now.outcome() == Outcome.CANCELLED && released != null
                    ? List.of(signal(now, SignalType.ABANDONED, (double) released.length(), null))
                    : List.of();
        };
    }

    /** A signal on an interaction with an id that follows from what it says. */
    public static Signal signal(
            InteractionEvent on, SignalType type, @Nullable Double measure, @Nullable InteractionEvent followedBy) {
        InteractionEvent last = followedBy == null ? on : followedBy;
        UUID id = EventIds.derived(
                last.time().toEpochMilli(),
                type.name(),
                on.interactionId().toString(),
                last.interactionId().toString());
        EventInfo info = new EventInfo(
                id,
                last.time(),
                SOURCE,
                on.interactionId(),
                on.info().answerFrom(),
                on.info().user(),
                on.session());
        return new Signal(info, type, measure, followedBy == null ? null : followedBy.interactionId());
    }

    Sessions sessions() {
        return new Sessions(detectors);
    }

    /** What was asked now, if it can be compared with what was asked before. */
    private static @Nullable String comparable(@Nullable InteractionEvent before, InteractionEvent now) {
        return before != null
                        && Duration.between(before.time(), now.time()).abs().compareTo(SOON) <= 0
                ? said(now)
                : null;
    }

    private static @Nullable String said(InteractionEvent event) {
        InteractionEvent.Message question = event.question();
        return question == null || question.text() == null
                ? null
                : question.text().strip();
    }

    /** The share of stems of content words that two questions have in common (Jaccard); 0 if there are too few. */
    private static double inCommon(String before, String now) {
        Set<String> first = stems(before);
        Set<String> second = stems(now);
        if (first.size() < WORDS_TO_COMPARE || second.size() < WORDS_TO_COMPARE) {
            return 0;
        }
        Set<String> either = new HashSet<>(first);
        either.addAll(second);
        return (double) (first.size() + second.size() - either.size()) / either.size();
    }

    private static Set<String> stems(String text) {
        Set<String> stems = new HashSet<>();
        Words.content(text).forEach(word -> stems.add(Words.stem(word)));
        return stems;
    }

    /** A session of one person: "default" is the name of many. */
    private record Session(
            @Nullable String tenant,
            @Nullable String user,
            @Nullable String name) {

        Session(CallContext context) {
            this(context.tenant(), context.user(), context.session());
        }
    }

    /** The last interaction of each session, the longest silent one forgotten first. Not thread-safe. */
    static final class Sessions {

        private final List<SignalDetector> detectors;
        private final Map<Session, InteractionEvent> last = new LinkedHashMap<>(16, 0.75f, true);
        private long characters;

        /** What was found lately: an interaction that is delivered again must give rise to the same signals. */
        private final Map<UUID, List<Signal>> found = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<UUID, List<Signal>> eldest) {
                return size() > REMEMBERED;
            }
        };

        Sessions(List<SignalDetector> detectors) {
            this.detectors = detectors;
        }

        List<Signal> next(InteractionEvent now) {
            List<Signal> again = found.get(now.eventId());
            if (again == null) {
                again = find(now);
                found.put(now.eventId(), again);
            }
            return again;
        }

        private List<Signal> find(InteractionEvent now) {
            String session = now.context().session();
            InteractionEvent before = session == null ? null : remember(new Session(now.context()), now);
            if (before != null && isSameTurn(before, now)) {
                // Another round of tools for the same question is nobody's second question.
                before = null;
            }
            List<Signal> signals = new ArrayList<>();
            for (SignalDetector detector : detectors) {
                signals.addAll(detector.detect(before, now));
            }
            return signals;
        }

        /** The last one before. */
        private @Nullable InteractionEvent remember(Session session, InteractionEvent now) {
            InteractionEvent before = last.put(session, now);
            characters += characters(now) - (before == null ? 0 : characters(before));
            Iterator<InteractionEvent> longestSilent = last.values().iterator();
            while (last.size() > SESSIONS || (characters > CHARACTERS && last.size() > 1)) {
                characters -= characters(longestSilent.next());
                longestSilent.remove();
            }
            return before;
        }

        private static long characters(InteractionEvent event) {
            return Stream.concat(event.request().stream(), Stream.of(event.answer(), event.released()))
                    .filter(message -> message != null && message.text() != null)
                    .mapToLong(InteractionEvent.Message::length)
                    .sum();
        }

        int remembered() {
            return last.size();
        }

        long characters() {
            return characters;
        }

        private static boolean isSameTurn(InteractionEvent before, InteractionEvent now) {
            String turn = before.context().turn();
            return before.interactionId().equals(now.interactionId())
                    || (turn != null && turn.equals(now.context().turn()));
        }
    }
}
