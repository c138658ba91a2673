package io.github.flywheel4j.feedback;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What is in a folder, byte by byte. */
final class Folders {

    private Folders() {}

    static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder with its files. */
    static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    /** All files as text, unzipped, byte for byte. */
    static String everything(Path folder) {
        while (true) {
            try {
                return everythingNow(folder);
            } catch (IOException e) {
                if (!(e instanceof NoSuchFileException)) {
                    throw new UncheckedIOException(e);
                }
                // It was zipped since the folder was listed.
                Thread.onSpinWait();
            }
        }
    }

    private static String everythingNow(Path folder) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (InputStream raw = Files.newInputStream(file);
                        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
                    in.transferTo(all);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause(); // of the walk
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
