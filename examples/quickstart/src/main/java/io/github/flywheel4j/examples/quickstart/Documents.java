package io.github.flywheel4j.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a folder, taken apart into passages.
 *
 * @param files how many files were read
 * @param passages what stands in them, file by file
 * @param skipped the files that were not read, each with the reason
 */
record Documents(int files, List<Passage> passages, List<String> skipped) {

    private static final long LARGEST_FILE = 5_000_000;
    private static final Set<String> MARKDOWN = Set.of("md", "markdown");
    private static final Set<String> TEXT = Set.of("txt", "text");
    private static final Set<String> HTML = Set.of("html", "htm", "xhtml");
    private static final String KINDS = ".md, .txt or .html";

    /** Reads a folder and what is below it, or one file. Hidden folders and build output are left out. */
    static Documents read(Path path) {
        if (!Files.exists(path)) {
            throw new Problem(Problem.BAD_INPUT, "--docs: no such file or folder: " + path);
        }
        return readAll(path, find(path));
    }

    /** This project's own README, guides and decisions; their pictures are no news to anybody. */
    static Documents ofProject(Path home) {
        List<Path> files = new ArrayList<>();
        files.add(home.resolve("README.md"));
        files.addAll(find(home.resolve("core/docs")));
        files.removeIf(file -> !MARKDOWN.contains(extension(file)));
        return readAll(home, files);
    }

    private static Documents readAll(Path root, List<Path> files) {
        TreeMap<Path, List<Passage>> read = new TreeMap<>();
        List<String> skipped = new ArrayList<>();
        for (Path file : files) {
            String name = name(root, file);
            try {
                List<Passage> passages = passages(name, file);
                if (passages.isEmpty()) {
                    skipped.add(name + " (empty)");
                } else {
                    read.put(file, passages);
                }
            } catch (Unreadable e) {
                skipped.add(name + " (" + e.getMessage() + ")");
            }
        }
        if (read.isEmpty()) {
            throw new Problem(
                    Problem.BAD_INPUT,
                    "--docs: nothing to read in " + root + " (expected: at least one " + KINDS + " file with text in it"
                            + found(skipped) + ")");
        }
        return new Documents(
                read.size(), read.values().stream().flatMap(List::stream).toList(), List.copyOf(skipped));
    }

    private static String found(List<String> skipped) {
        return skipped.isEmpty()
                ? ""
                : "; found: " + skipped.get(0) + (skipped.size() > 1 ? " and " + (skipped.size() - 1) + " more" : "");
    }

    private static String name(Path root, Path file) {
        Path name = file.equals(root) ? file.getFileName() : root.relativize(file);
        return String.valueOf(name).replace('\\', '/');
    }

    private static List<Path> find(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    String name = String.valueOf(dir.getFileName());
                    boolean leaveOut = name.startsWith(".") || name.equals("target") || name.equals("node_modules");
                    return leaveOut && !dir.equals(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()
                            && !String.valueOf(file.getFileName()).startsWith(".")) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    files.add(file); // reading it will say what is wrong
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(null);
        return files;
    }

    private static List<Passage> passages(String name, Path file) throws Unreadable {
        String extension = extension(file);
        if (MARKDOWN.contains(extension)) {
            return Markdown.passages(name, text(file));
        } else if (HTML.contains(extension)) {
            return Markdown.passages(name, Html.toMarkdown(text(file)));
        } else if (TEXT.contains(extension)) {
            return Markdown.passages(name, text(file).replaceAll("(?m)^(#|```|~~~|\\|)", " $1"));
        }
        throw new Unreadable("not " + KINDS);
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String text(Path file) throws Unreadable {
        byte[] bytes = bytes(file);
        for (byte b : bytes) {
            if (b == 0) {
                throw new Unreadable("not text");
            }
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new Unreadable("not UTF-8 text");
        }
    }

    private static byte[] bytes(Path file) throws Unreadable {
        try {
            long size = Files.size(file);
            if (size > LARGEST_FILE) {
                throw new Unreadable("larger than " + LARGEST_FILE / 1_000_000 + " MB");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Unreadable("cannot be read: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }

    /** Why one file was left out. */
    private static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreadable(@Nullable String reason) {
            super(reason);
        }
    }
}
