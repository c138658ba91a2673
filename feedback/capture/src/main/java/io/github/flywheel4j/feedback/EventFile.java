package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of events in a folder: {@code events-00000001.jsonl}, or {@code events-00000001.jsonl.gz} once it is closed.
 *
 * @param number its place in the order of writing
 * @param path where it is
 */
record EventFile(long number, Path path) {

    static final String GZIP = ".gz";
    static final String TEMPORARY = ".tmp";

    private static final Pattern NAME = Pattern.compile("events-(\\d{8,18})\\.jsonl(\\.gz)?");

    static Path plain(Path folder, long number) {
        return folder.resolve(String.format(Locale.ROOT, "events-%08d.jsonl", number));
    }

    static Path zipped(Path folder, long number) {
        return folder.resolve(String.format(Locale.ROOT, "events-%08d.jsonl.gz", number));
    }

    boolean isZipped() {
        return path.getFileName().toString().endsWith(GZIP);
    }

    /** The files of a folder in the order of writing. Where there are both forms of one, the zipped one is whole. */
    static List<EventFile> in(Path folder) throws IOException {
        TreeMap<Long, EventFile> files = new TreeMap<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, "events-*")) {
            for (Path path : paths) {
                Matcher name = NAME.matcher(path.getFileName().toString());
                if (name.matches()) {
                    long number = Long.parseLong(name.group(1));
                    EventFile file = new EventFile(number, path);
                    files.merge(number, file, (one, other) -> one.isZipped() ? one : other);
                }
            }
        }
        return new ArrayList<>(files.values());
    }

    /** Deletes what a process left that died while it wrote a file anew or zipped it; nobody may do so meanwhile. */
    static void deleteLeftovers(Path folder) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, "*" + TEMPORARY)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
        for (EventFile each : in(folder)) {
            if (each.isZipped()) {
                Files.deleteIfExists(plain(folder, each.number()));
            }
        }
    }

    /** Opens it, also if it was zipped since the folder was listed. */
    Lines open(int longestLine) throws IOException {
        try {
            return Lines.of(path, longestLine);
        } catch (NoSuchFileException e) {
            if (isZipped()) {
                throw e;
            }
            return Lines.of(path.resolveSibling(path.getFileName() + GZIP), longestLine);
        }
    }
}
