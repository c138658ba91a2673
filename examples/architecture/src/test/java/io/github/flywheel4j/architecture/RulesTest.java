package io.github.flywheel4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.github.flywheel4j.CoreThatKnowsAPattern;
import io.github.flywheel4j.left.LeftPattern;
import io.github.flywheel4j.left.LeftThatKnowsTheLoop;
import io.github.flywheel4j.left.LeftWithATestModel;
import io.github.flywheel4j.left.LeftWithNumbers;
import io.github.flywheel4j.loop.LoopOverBoth;
import io.github.flywheel4j.right.RightPattern;
import io.github.flywheel4j.stats.PureStats;
import io.github.flywheel4j.stats.StatsOfAModel;
import io.github.flywheel4j.testkit.TestModel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule that never failed proves nothing: each one fails on a class made for it and passes its neighbour. */
class RulesTest {
    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(Rules.PATTERNS_DO_NOT_KNOW_EACH_OTHER, List.of(LeftPattern.class, RightPattern.class)),
                Arguments.of(
                        Rules.PATTERNS_DO_NOT_KNOW_EACH_OTHER, List.of(LeftThatKnowsTheLoop.class, LoopOverBoth.class)),
                Arguments.of(Rules.CORE_KNOWS_NO_OTHER_MODULE, List.of(CoreThatKnowsAPattern.class)),
                Arguments.of(Rules.STATS_AND_TEXT_ARE_PURE, List.of(StatsOfAModel.class)),
                Arguments.of(Rules.ONLY_TESTS_USE_THE_TESTKIT, List.of(LeftWithATestModel.class, TestModel.class)),
                Arguments.of(Rules.NO_INTERNALS_OF_LANGCHAIN4J, List.of(Wrong.Internals.class)),
                Arguments.of(Rules.PACKAGES_ARE_NULL_MARKED, List.of(LeftPattern.class)),
                Arguments.of(Rules.NAMES_SAY_WHAT_A_CLASS_IS, List.of(Wrong.TextUtils.class)),
                Arguments.of(Rules.NAMES_SAY_WHAT_A_CLASS_IS, List.of(Wrong.StackManager.class)),
                Arguments.of(Rules.NAMES_SAY_WHAT_A_CLASS_IS, List.of(Wrong.LayerImpl.class)),
                Arguments.of(Rules.PUBLIC_CLASSES_ARE_FINAL, List.of(Wrong.Open.class)),
                Arguments.of(Rules.NO_SYNCHRONIZED_METHODS, List.of(Wrong.Locked.class)),
                Arguments.of(Rules.TIME_AND_PAUSES_COME_FROM_OUTSIDE, List.of(Wrong.Sleeping.class)),
                Arguments.of(Rules.TIME_AND_PAUSES_COME_FROM_OUTSIDE, List.of(Wrong.Dated.class)),
                Arguments.of(Rules.TIME_AND_PAUSES_COME_FROM_OUTSIDE, List.of(Wrong.Now.class)),
                Arguments.of(Rules.RANDOMNESS_COMES_FROM_OUTSIDE, List.of(Wrong.Dice.class)),
                Arguments.of(Rules.RANDOMNESS_COMES_FROM_OUTSIDE, List.of(Wrong.SharedDice.class)),
                Arguments.of(Rules.NOTHING_IS_PRINTED, List.of(Wrong.Printing.class)),
                Arguments.of(Rules.LOGS_GO_TO_SLF4J, List.of(Wrong.OtherLog.class)));
    }

    static Stream<Arguments> kept() {
        return Stream.of(
                Arguments.of(
                        Rules.PATTERNS_DO_NOT_KNOW_EACH_OTHER,
                        List.of(LoopOverBoth.class, LeftWithNumbers.class, PureStats.class)),
                Arguments.of(Rules.STATS_AND_TEXT_ARE_PURE, List.of(PureStats.class)),
                Arguments.of(Rules.NAMES_SAY_WHAT_A_CLASS_IS, List.of(Wrong.Implementation.class)),
                Arguments.of(Rules.PUBLIC_CLASSES_ARE_FINAL, List.of(Wrong.OpenOnPurpose.class, LeftPattern.class)),
                Arguments.of(Rules.TIME_AND_PAUSES_COME_FROM_OUTSIDE, List.of(Wrong.NowByAClock.class)),
                Arguments.of(Rules.RANDOMNESS_COMES_FROM_OUTSIDE, List.of(Wrong.SeededDice.class)));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void failsOnAClassThatBreaksIt(ArchRule rule, List<Class<?>> classes) {
        assertThat(evaluates(rule, classes)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("kept")
    void passesAClassThatKeepsIt(ArchRule rule, List<Class<?>> classes) {
        assertThat(evaluates(rule, classes)).isTrue();
    }

    @Test
    void isProvenForEveryRule() {
        assertThat(broken().map(arguments -> arguments.get()[0]))
                // Two interfaces that LangChain4j 1.20 made incompatible: a class that has both does not compile there.
                .containsAll(ArchitectureTest.rules().stream()
                        .filter(rule -> rule != Rules.NO_CLASS_IS_BOTH_KINDS_OF_MODEL)
                        .toList());
    }

    private static boolean evaluates(ArchRule rule, List<Class<?>> classes) {
        return !rule.evaluate(new ClassFileImporter().importClasses(classes)).hasViolation();
    }
}
