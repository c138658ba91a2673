package io.github.flywheel4j.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnippetsTest {

    private static final Path ROOT = root();
    private static final Pattern IN_MARKDOWN = Pattern.compile("(?ms)^```java\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)\\)");
    private static final Pattern IN_JAVADOC = Pattern.compile("(?s)<pre>\\{@code\n(.*?)\n *\\* ?}</pre>");
    private static final Pattern ANY_IN_JAVADOC = Pattern.compile("<pre>|\\{@snippet");
    private static final Pattern IN_TEST = Pattern.compile("(?ms)^ *// snippet\n(.*?)^ *// end snippet$");

    /** What is no code stands in a text block. */
    private static final Pattern DATA_IN_TEST =
            Pattern.compile("(?s)// snippet of data\n[^\"]*\"\"\"\n(.*?)\n *\"\"\"");

    private static final Set<String> TESTED = tested();

    @ParameterizedTest
    @MethodSource({"documents", "classes"})
    void everyExampleIsPartOfATest(Path document) throws IOException {
        assertThat(examples(document)).isSubsetOf(TESTED);
    }

    @ParameterizedTest
    @MethodSource("classes")
    void noExampleOfAClassHasAFormThatIsNotLookedFor(Path source) throws IOException {
        assertThat(ANY_IN_JAVADOC.matcher(Files.readString(source)).results().count())
                .isEqualTo(examples(source).size());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkOfTheDocumentsLeadsToAFile(Path document) throws IOException {
        assertThat(LINK.matcher(Files.readString(document)).results().map(link -> link.group(1)))
                .allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
    }

    @Test
    void theDocumentsHaveExamples() throws IOException {
        assertThat(examples(ROOT.resolve("README.md"))).isNotEmpty();
        assertThat(examples(ROOT.resolve("core/docs/guide/layers.md"))).hasSizeGreaterThan(5);
        assertThat(classes()).hasSizeGreaterThan(40);
        assertThat(examples(ROOT.resolve("core/text/src/main/java/io/github/flywheel4j/text/package-info.java")))
                .isNotEmpty();
    }

    @Test
    void indentationDoesNotCount() {
        assertThat(dedent("    a {\n        b\n\n    }\n")).isEqualTo("a {\n    b\n\n}");
    }

    static Stream<Path> documents() throws IOException {
        return Stream.of(
                        Stream.of(ROOT.resolve("README.md")),
                        files("core/docs/guide", ".md"),
                        Stream.of("core", "patterns", "feedback").flatMap(folder -> files(folder, "package-info.java")))
                .flatMap(paths -> paths);
    }

    /** Those whose javadoc has an example. */
    static Stream<Path> classes() {
        return Stream.of("core", "patterns", "feedback")
                .flatMap(folder -> files(folder, ".java"))
                .filter(file ->
                        !isTest(file) && ANY_IN_JAVADOC.matcher(read(file)).find());
    }

    private static boolean isTest(Path file) {
        return file.toString().replace('\\', '/').contains("/src/test/");
    }

    private static List<String> examples(Path document) throws IOException {
        boolean markdown = document.toString().endsWith(".md");
        Matcher matcher = (markdown ? IN_MARKDOWN : IN_JAVADOC).matcher(Files.readString(document));
        List<String> examples = new ArrayList<>();
        while (matcher.find()) {
            examples.add(dedent(markdown ? matcher.group(1) : matcher.group(1).replaceAll("(?m)^ *\\* ?", "")));
        }
        return examples;
    }

    private static Set<String> tested() {
        return Stream.of("core", "patterns", "feedback", "examples")
                .flatMap(folder -> files(folder, ".java"))
                .filter(SnippetsTest::isTest)
                .flatMap(file -> Stream.of(IN_TEST, DATA_IN_TEST)
                        .flatMap(pattern -> pattern.matcher(read(file)).results()))
                .map(result -> dedent(result.group(1)))
                .collect(Collectors.toSet());
    }

    private static String dedent(String text) {
        return text.stripTrailing().stripIndent();
    }

    private static Stream<Path> files(String folder, String ending) {
        Path start = ROOT.resolve(folder);
        if (!Files.isDirectory(start)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(start)) {
            return files
                    .filter(file ->
                            file.toString().endsWith(ending) && !file.toString().contains("target"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(path.resolve("core/docs"))) {
            path = path.getParent();
        }
        return path;
    }
}
