package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link JsonLinesSink} wrote, in this process or another one, while it goes on writing.
 *
 * <p>Every question is answered by one or two passes over the files. A question on labels holds at most 128 bytes for each
 * labelled interaction meanwhile, a coverage 96 for each with feedback, and no events. Lines that are no events are set aside in side files
 * with their numbers, counted ({@link #corruptLines()}), and the rest is read. Thread-safe.
 */
public final class JsonLinesStore implements FeedbackStore {

    private static final byte[] INTERACTION = "\"kind\":\"interaction\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANSWER_FROM = "\"answerFrom\":\"".getBytes(StandardCharsets.UTF_8);
    private static final int KIND_WITHIN = 64;

    private final Path folder;
    private final UserIds users;
    private final @Nullable JsonLinesSink writer;
    private final CorruptLines corrupt;

    JsonLinesStore(Path folder, UserIds users, @Nullable JsonLinesSink writer, CorruptLines corrupt) {
        this.folder = folder;
        this.users = users;
        this.writer = writer;
        this.corrupt = corrupt;
    }

    /**
     * The store in a folder. To erase or delete while a sink writes to the folder, ask that sink for its store instead.
     *
     * @param users in which form people are stored; needed to find them again
     */
    public static JsonLinesStore in(Path folder, UserIds users) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "folder: " + folder + " (expected: a folder that a JsonLinesSink wrote)");
        }
        return new JsonLinesStore(folder, Objects.requireNonNull(users, "users"), null, new CorruptLines(folder));
    }

    /** How many lines were met so far, by anybody, that are no events. */
    public long corruptLines() {
        return corrupt.count();
    }

    @Override
    public Stream<InteractionEvent> interactions(InteractionQuery query) {
        Predicate<InteractionEvent> labelled = query.asksForLabels() ? labelled(query) : event -> true;
        return stream(JsonLinesStore::mayBeInteraction)
                .filter(InteractionEvent.class::isInstance)
                .map(InteractionEvent.class::cast)
                .filter(query::matches)
                .filter(labelled)
                .filter(once());
    }

    private Predicate<InteractionEvent> labelled(InteractionQuery query) {
        KnownLabels labels = new KnownLabels(query);
        try (Stream<FeedbackEvent> feedback = stream(line -> !isInteraction(line))) {
            feedback.forEach(labels::add);
        }
        return event -> labels.match(event.interactionId());
    }

    @Override
    public Stream<FeedbackEvent> events() {
        return stream(line -> true).filter(once());
    }

    @Override
    public Timeline timeline(UUID interactionId) {
        Set<UUID> answers = answersLike(interactionId);
        byte[] id = bytes(interactionId);
        // Of an answer that was served again, feedback by id alone names only the repetition.
        Predicate<Lines> wanted =
                answers.size() == 1 ? line -> line.contains(id) : line -> line.contains(id) || !isInteraction(line);
        try (Stream<FeedbackEvent> named = stream(wanted)) {
            @Nullable InteractionEvent[] found = new InteractionEvent[1];
            List<FeedbackEvent> feedback = new ArrayList<>();
            named.filter(once()).forEach(event -> {
                if (event instanceof InteractionEvent interaction) {
                    found[0] = event.interactionId().equals(interactionId) ? interaction : found[0];
                } else if (event instanceof Erasure
                        ? event.interactionId().equals(interactionId)
                        : isAbout(event, answers)) {
                    feedback.add(event);
                }
            });
            feedback.sort(Comparator.comparing(FeedbackEvent::time));
            return new Timeline(interactionId, found[0], feedback);
        }
    }

    /**
     * The interaction, and those to which its answer was served again: from a cache, or from a cache that was filled from
     * such a one. They need not be written in this order, so it looks until it finds no more.
     */
    private Set<UUID> answersLike(UUID interactionId) {
        Set<UUID> answers = new HashSet<>(Set.of(interactionId));
        boolean more = true;
        while (more) {
            try (Stream<FeedbackEvent> repetitions =
                    stream(line -> mayBeInteraction(line) && mayRepeatOneOf(line, answers))) {
                List<UUID> found = repetitions
                        .filter(event -> event instanceof InteractionEvent
                                && answers.contains(event.info().answerFrom()))
                        .map(FeedbackEvent::interactionId)
                        .toList();
                more = answers.addAll(found);
            }
        }
        return answers;
    }

    /** Reading the id where our own form has it costs less than reading the whole line. */
    private static boolean mayRepeatOneOf(Lines line, Set<UUID> answers) {
        int at = line.indexOf(ANSWER_FROM);
        if (at < 0) {
            return false;
        }
        UUID origin = line.idAt(at + ANSWER_FROM.length);
        return origin == null || answers.contains(origin);
    }

    @Override
    public Coverage coverage(InteractionQuery query) {
        // Feedback may come before its interaction, so it is collected first; it is the smaller part by far.
        IdTable known = new IdTable(1);
        try (Stream<FeedbackEvent> feedback = stream(line -> !isInteraction(line))) {
            feedback.forEach(event -> {
                int row = known.add(event.interactionId());
                known.set(row, 0, known.get(row, 0) | Kinds.bit(event));
            });
        }
        Kinds kinds = new Kinds();
        try (Stream<InteractionEvent> interactions = interactions(query)) {
            interactions.forEach(event -> {
                int row = known.find(event.interactionId());
                kinds.add(row < 0 ? 0 : (int) known.get(row, 0));
            });
        }
        return kinds.coverage();
    }

    @Override
    public RetentionReport deleteBefore(Instant time) {
        long[] counts = new long[3];
        FileRewriter rewriter = new FileRewriter(corrupt);
        alone((files, sink) -> {
            for (EventFile file : files) {
                long old = 0;
                long young = 0;
                try (Lines lines = file.open(corrupt.longestLine())) {
                    while (lines.next()) {
                        FeedbackEvent event = lines.eventOrNull();
                        if (event != null) {
                            boolean isOld = event.time().isBefore(time);
                            old += isOld ? 1 : 0;
                            young += isOld ? 0 : 1;
                        }
                    }
                }
                if (old > 0 && young == 0) {
                    Files.delete(file.path());
                    int unused = corrupt.forget(file.number());
                    counts[1]++;
                } else if (old > 0) {
                    rewriter.rewrite(file, event -> event.time().isBefore(time) ? null : event);
                    counts[2]++;
                }
                counts[0] += old;
            }
        });
        return new RetentionReport(counts[0], (int) counts[1], (int) counts[2]);
    }

    @Override
    public ErasureReport eraseStored(String user) {
        if (user.isBlank()) {
            throw new IllegalArgumentException("user: blank (expected: the id of a person)");
        }
        FileErasure erasure = new FileErasure(new FileRewriter(corrupt), users.everyForm(user));
        alone((files, sink) -> {
            erasure.find(files);
            sink.acceptAll(erasure.notes());
            sink.flush();
            erasure.mask(sink.forget(erasure.ids(), files));
        });
        return erasure.report();
    }

    private void alone(JsonLinesSink.FileWork work) {
        JsonLinesSink sink = writer;
        try {
            if (sink != null) {
                sink.alone(work);
            } else {
                try (JsonLinesSink nobodyElse = JsonLinesSink.builder(folder)
                        .withoutZip()
                        .corrupt(corrupt)
                        .build()) {
                    nobodyElse.alone(work);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot rewrite the events in " + folder, e);
        }
    }

    private Stream<FeedbackEvent> stream(Predicate<Lines> wanted) {
        try {
            StoredEvents events = new StoredEvents(EventFile.in(folder), corrupt, wanted);
            return StreamSupport.stream(events, false).onClose(events::close);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the events in " + folder, e);
        }
    }

    private static Predicate<FeedbackEvent> once() {
        IdSet seen = new IdSet();
        return event -> seen.add(event.eventId());
    }

    private static boolean isInteraction(Lines line) {
        int end = line.start() + Math.min(line.length(), KIND_WITHIN);
        return Lines.find(line.bytes(), line.start(), end, INTERACTION);
    }

    /** False only for lines of our own form that name another kind early on; anything else has to be read. */
    private static boolean mayBeInteraction(Lines line) {
        return isInteraction(line) || !EventWriter.isOwnForm(line.bytes(), line.start(), line.length());
    }

    private static boolean isAbout(FeedbackEvent event, Set<UUID> answers) {
        UUID origin = event.info().answerFrom();
        return answers.contains(event.interactionId())
                || (origin != null && answers.contains(origin))
                || (event instanceof Preference preference && answers.contains(preference.over()));
    }

    private static byte[] bytes(UUID id) {
        return id.toString().getBytes(StandardCharsets.UTF_8);
    }
}
