package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * The ids of what was erased, in a file of the folder: delivery is at least once, and an event that comes again after the
 * erasure of its person must not bring them back. They are ids of events and interactions, which the masked events show too,
 * and nothing made from a person: a hash of an id that can be guessed is found by trying. Not thread-safe.
 */
final class ForgottenIds {

    private static final String NAME = "forgotten.txt";

    private final Path file;
    private final IdSet ids = new IdSet();

    private ForgottenIds(Path file) {
        this.file = file;
    }

    static ForgottenIds in(Path folder) throws IOException {
        ForgottenIds forgotten = new ForgottenIds(folder.resolve(NAME));
        if (Files.exists(forgotten.file)) {
            try (Lines lines = Lines.of(forgotten.file)) {
                while (lines.next()) {
                    UUID id = lines.idAt(0);
                    // A line that was torn by a crash is of an erasure that masked nothing yet, and is called again.
                    if (id != null) {
                        boolean unused = forgotten.ids.add(id);
                    }
                }
            }
        }
        return forgotten;
    }

    /** Remembers ids of events and of interactions; when it returns, on the disk too. */
    void add(Collection<UUID> more) throws IOException {
        List<UUID> unknown = new ArrayList<>();
        // Begins a line, whatever a crash left of the one before.
        StringBuilder text = new StringBuilder("\n");
        for (UUID id : more) {
            if (!ids.contains(id)) {
                unknown.add(id);
                text.append(id).append('\n');
            }
        }
        if (unknown.isEmpty()) {
            return;
        }
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                int unused = channel.write(bytes);
            }
            channel.force(true);
        }
        for (UUID id : unknown) {
            boolean unused = ids.add(id);
        }
    }

    /** The event as it may be kept: masked if it, or the interaction that it is about, was erased. */
    FeedbackEvent asKept(FeedbackEvent event) {
        return ids.contains(event.interactionId()) || ids.contains(event.eventId()) ? event.masked() : event;
    }
}
