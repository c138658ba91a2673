package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.InteractionListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Appends each interaction to a file as one line of JSON, and hands it on to whoever waits for it. Thread-safe. */
final class InteractionFile implements InteractionListener {

    private static final long LONGEST_WAIT_SECONDS = 5;

    private final Path file;
    private final BlockingQueue<Interaction> written = new LinkedBlockingQueue<>();

    InteractionFile(Path file) {
        this.file = file;
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--interactions: cannot write to " + file + " (expected: a file that can be written)");
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void onInteraction(Interaction interaction) {
        try {
            Files.write(file, List.of(interaction.toJson()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the stack logs it once
        } finally {
            written.add(interaction);
        }
    }

    /** The next interaction, as soon as it is written; empty if that takes longer than 5 seconds. */
    Optional<Interaction> next() throws InterruptedException {
        return Optional.ofNullable(written.poll(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS));
    }
}
