package io.github.flywheel4j.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the repository that this test was started in. */
final class SourceTree {
    private static final Pattern ARTIFACT_ID =
            Pattern.compile("</parent>.*?<artifactId>([^<]+)</artifactId>", Pattern.DOTALL);

    private SourceTree() {}

    /** The packages of the main sources of all modules outside {@code examples}. */
    static Set<String> publishedPackages() {
        return publishedSources()
                .flatMap(sources -> javaFiles(sources).map(file -> sources.relativize(file.getParent())))
                .map(folder -> folder.toString().replace('\\', '.').replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The folders that hold these packages. */
    static Set<Path> publishedFolders() {
        return publishedSources()
                .flatMap(SourceTree::javaFiles)
                .map(Path::getParent)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The artifact ids of all modules with main sources outside {@code examples}. */
    static Set<String> publishedModules() {
        return modules()
                .filter(module -> Files.isDirectory(module.resolve("src/main/java")))
                .map(module -> artifactId(read(module.resolve("pom.xml"))))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All Java sources, tests and examples included. */
    static Stream<Path> javaFiles() {
        return folders("core", "patterns", "feedback", "examples").flatMap(SourceTree::javaFiles);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        for (Path path = here; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("core/bom/pom.xml"))) {
                return path;
            }
        }
        throw new IllegalStateException(here + " (expected: a folder inside the repository)");
    }

    private static Stream<Path> publishedSources() {
        return modules().map(module -> module.resolve("src/main/java")).filter(Files::isDirectory);
    }

    private static Stream<Path> modules() {
        return folders("core", "patterns", "feedback")
                .flatMap(folder -> listed(folder, 1))
                .filter(module -> Files.exists(module.resolve("pom.xml")));
    }

    private static Stream<Path> folders(String... names) {
        return Stream.of(names).map(root()::resolve).filter(Files::isDirectory);
    }

    private static Stream<Path> javaFiles(Path folder) {
        return listed(folder, Integer.MAX_VALUE)
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> !folder.relativize(file).toString().contains("target"));
    }

    private static String artifactId(String pom) {
        Matcher matcher = ARTIFACT_ID.matcher(pom);
        if (!matcher.find()) {
            throw new IllegalStateException("no artifact id after the parent in: " + pom);
        }
        return matcher.group(1);
    }

    private static Stream<Path> listed(Path folder, int depth) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
