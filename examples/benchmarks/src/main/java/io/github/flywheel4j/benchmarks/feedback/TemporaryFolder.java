package io.github.flywheel4j.benchmarks.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone when the bench is over, with a new one in it for each subject. */
final class TemporaryFolder implements AutoCloseable {

    private final Path folder;
    private int number;

    TemporaryFolder() throws IOException {
        folder = Files.createTempDirectory("flywheel4j-bench");
    }

    Path next() {
        try {
            return Files.createDirectory(folder.resolve("subject-" + ++number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Override
    public void close() throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
