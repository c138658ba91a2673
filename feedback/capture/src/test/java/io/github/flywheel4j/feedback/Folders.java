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

    /** All files as text, unzipped, byte for byte. */
    static String everything(Path folder) {
        while (true) {
            try {
                return everythingNow(folder);
            } catch (NoSuchFileException e) {
                // It was zipped since the folder was listed.
                Thread.onSpinWait();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String everythingNow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (InputStream raw = Files.newInputStream(file);
                        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
                    in.transferTo(all);
                }
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }
}
