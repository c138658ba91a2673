package io.github.flywheel4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that class files do not show: they hold for tests and examples too. */
class SourceTreeTest {
    @Test
    void namesNoInternalsOfLangChain4j() {
        List<Path> files = SourceTree.javaFiles()
                .filter(file -> !file.toString().contains("architecture"))
                .filter(file -> SourceTree.read(file).contains("dev.langchain4j.internal."))
                .toList();

        assertThat(files).isEmpty();
    }

    @Test
    void namesEveryPublishedModuleInTheBom() {
        String bom = SourceTree.read(SourceTree.root().resolve("core/bom/pom.xml"));

        assertThat(SourceTree.publishedModules()).isNotEmpty().allSatisfy(module -> assertThat(bom)
                .as("the BOM, which must name %s", module)
                .contains("<artifactId>" + module + "</artifactId>"));
    }

    /** Doclint does not ask for it. */
    @Test
    void tellsInEveryPublishedPackageWhatItIsFor() {
        assertThat(SourceTree.publishedFolders()).isNotEmpty().allSatisfy(folder -> assertThat(
                        folder.resolve("package-info.java"))
                .content()
                .contains("/**"));
    }

    @Test
    void findsTheSources() {
        assertThat(SourceTree.javaFiles()).allMatch(Files::isRegularFile).hasSizeGreaterThan(5);
    }
}
