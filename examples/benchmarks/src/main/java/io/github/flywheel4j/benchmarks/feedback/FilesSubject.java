package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.JsonLinesStore;
import io.github.flywheel4j.feedback.UserIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Files in a folder. */
final class FilesSubject implements DurabilitySubject {

    private final Path folder;

    FilesSubject(Path folder) {
        this.folder = folder;
    }

    @Override
    public String where() {
        return folder.toString();
    }

    @Override
    public Found found() throws IOException {
        JsonLinesStore files = JsonLinesStore.in(folder, UserIds.none());
        Set<UUID> found = new HashSet<>();
        try (Stream<FeedbackEvent> events = files.events()) {
            events.forEach(event -> found.add(event.interactionId()));
        }
        Set<UUID> ids = new HashSet<>();
        long duplicates = 0;
        long unreadable = 0;
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.filter(each -> each.getFileName().toString().startsWith("events-"))
                    .toList()) {
                try {
                    duplicates += duplicates(path, ids);
                } catch (IOException e) {
                    unreadable++;
                }
            }
        }
        return new Found(found, duplicates, unreadable, files.corruptLines());
    }

    /** How many lines of a file are events that were seen before. */
    private static long duplicates(Path path, Set<UUID> seen) throws IOException {
        long duplicates = 0;
        try (InputStream raw = Files.newInputStream(path);
                InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try {
                    duplicates += seen.add(FeedbackEvent.fromJson(line).eventId()) ? 0 : 1;
                } catch (IllegalArgumentException e) {
                    // The store has counted it.
                }
            }
        }
        return duplicates;
    }
}
