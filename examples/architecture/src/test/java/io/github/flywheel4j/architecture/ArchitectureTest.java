package io.github.flywheel4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The {@link Rules} over the class files of all published modules, and proof that each of them can fail. */
class ArchitectureTest {
    private static final JavaClasses PUBLISHED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(Rules.ROOT);

    static List<ArchRule> rules() {
        return List.of(
                Rules.PATTERNS_DO_NOT_KNOW_EACH_OTHER,
                Rules.CORE_KNOWS_NO_OTHER_MODULE,
                Rules.STATS_AND_TEXT_ARE_PURE,
                Rules.ONLY_TESTS_USE_THE_TESTKIT,
                Rules.NO_INTERNALS_OF_LANGCHAIN4J,
                Rules.NO_CLASS_IS_BOTH_KINDS_OF_MODEL,
                Rules.PACKAGES_ARE_NULL_MARKED,
                Rules.NAMES_SAY_WHAT_A_CLASS_IS,
                Rules.PUBLIC_CLASSES_ARE_FINAL,
                Rules.NO_SYNCHRONIZED_METHODS,
                Rules.TIME_AND_PAUSES_COME_FROM_OUTSIDE,
                Rules.RANDOMNESS_COMES_FROM_OUTSIDE,
                Rules.NOTHING_IS_PRINTED,
                Rules.LOGS_GO_TO_SLF4J);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holdsOverAllPublishedModules(ArchRule rule) {
        rule.check(PUBLISHED);
    }

    @Test
    void looksAtEveryPackageOfThePublishedModules() {
        assertThat(SourceTree.publishedPackages())
                .as("packages with sources; add the module of a missing one to examples/architecture/pom.xml")
                .contains(Rules.ROOT)
                .allSatisfy(name -> assertThat(PUBLISHED.containPackage(name))
                        .as("class files of %s", name)
                        .isTrue());
    }

    @Test
    void looksAtNothingOfTheExamples() {
        assertThat(PUBLISHED).extracting(type -> type.getPackageName()).isSubsetOf(SourceTree.publishedPackages());
    }
}
