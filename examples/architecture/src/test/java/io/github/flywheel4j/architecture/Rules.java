package io.github.flywheel4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * What holds over all published modules. A package below {@link #ROOT} is a module's; the root itself is core's. Rules for
 * patterns name no pattern, so that a new one is under them from its first class on.
 */
final class Rules {
    static final String ROOT = "io.github.flywheel4j";
    private static final String STATS = ROOT + ".stats..";
    private static final String TEXT = ROOT + ".text..";
    private static final String TESTKIT = ROOT + ".testkit..";
    private static final String LOOP = ROOT + ".loop..";

    /** Patterns meet in the call, its trace and its interaction; only the loop may know several of them. */
    static final ArchRule PATTERNS_DO_NOT_KNOW_EACH_OTHER = slices().matching(ROOT + ".(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAnyPackage(STATS, TEXT))
            .ignoreDependency(resideInAPackage(LOOP), alwaysTrue())
            .because("patterns meet in ChatCall, CallTrace and Interaction; what two of them need is a concept of core")
            .allowEmptyShould(true);

    static final ArchRule CORE_KNOWS_NO_OTHER_MODULE = noClasses()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".*..")
            .because("everything stands on core, so core stands on nothing of ours");

    static final ArchRule STATS_AND_TEXT_ARE_PURE = noClasses()
            .that()
            .resideInAnyPackage(STATS, TEXT)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.langchain4j..")
                    .or(resideInAPackage(ROOT))
                    .or(resideInAPackage("org.slf4j.."))
                    .or(resideInAPackage("com.fasterxml.jackson..")))
            .because("they know nothing of models and calls: values in, values out");

    static final ArchRule ONLY_TESTS_USE_THE_TESTKIT = noClasses()
            .that()
            .resideOutsideOfPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TESTKIT)
            .because("scripted models do not belong into production");

    static final ArchRule NO_INTERNALS_OF_LANGCHAIN4J = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.langchain4j.internal..")
            .because("LangChain4j may change them in any release");

    /** LangChain4j 1.20 gives both interfaces a method with one signature and two return types. */
    static final ArchRule NO_CLASS_IS_BOTH_KINDS_OF_MODEL = noClasses()
            .that()
            .areAssignableTo(ChatModel.class)
            .should(beAssignableTo(StreamingChatModel.class))
            .because("LangChain4j 1.20 makes it impossible")
            .allowEmptyShould(true);

    static final ArchRule PACKAGES_ARE_NULL_MARKED = classes()
            .should(resideInANullMarkedPackage())
            .because("NullAway looks only at packages that say so in package-info.java");

    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveNameMatching(".*\\b\\w*(Utils?|Manager|Helper)(\\$.*)?")
            .because("such a name fits any class: name the concept");

    static final ArchRule PUBLIC_CLASSES_ARE_FINAL = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and()
            .areNotAssignableTo(Throwable.class)
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            // The compiler makes an enum with bodies of its own unfinal.
            .areNotEnums()
            .should()
            .haveModifier(JavaModifier.FINAL)
            .because("who may extend a class is part of its contract: abstract or nothing");

    /** Handlers and servers of tests may: nobody streams through them in production. */
    static final ArchRule NO_SYNCHRONIZED_METHODS = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage(TESTKIT)
            .should()
            .notHaveModifier(JavaModifier.SYNCHRONIZED)
            .because("its lock is visible to everybody who has the object, and pins a virtual thread before Java 24");

    static final ArchRule TIME_AND_PAUSES_COME_FROM_OUTSIDE = noClasses()
            .should()
            .accessTargetWhere(anyOf(List.of(
                    method(Thread.class, "sleep", long.class),
                    method(Thread.class, "sleep", long.class, int.class),
                    method(TimeUnit.class, "sleep", long.class),
                    method(System.class, "currentTimeMillis"),
                    method(Instant.class, "now"),
                    method(LocalDate.class, "now"),
                    method(LocalDateTime.class, "now"),
                    method(OffsetDateTime.class, "now"),
                    method(ZonedDateTime.class, "now"))))
            .because("a layer is given its clock and its sleeper, so that tests need no wall clock");

    /** Ids are the one thing that must differ between two runs. */
    static final ArchRule RANDOMNESS_COMES_FROM_OUTSIDE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".UuidV7")
            .should()
            .accessTargetWhere(anyOf(List.of(
                    method(Random.class, "<init>"),
                    method(SplittableRandom.class, "<init>"),
                    method(SecureRandom.class, "<init>"),
                    method(Math.class, "random"),
                    method(UUID.class, "randomUUID"),
                    method(ThreadLocalRandom.class, "current"))))
            .because("a run that cannot be repeated cannot be compared: a layer is given its random source");

    /** The testkit may: it prints the seed of a test. */
    static final ArchRule NOTHING_IS_PRINTED = noClasses()
            .that()
            .resideOutsideOfPackage(TESTKIT)
            .should(ACCESS_STANDARD_STREAMS)
            .because("the streams belong to the application");

    static final ArchRule LOGS_GO_TO_SLF4J = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    private Rules() {}

    private static DescribedPredicate<JavaAccess<?>> anyOf(List<DescribedPredicate<JavaAccess<?>>> accesses) {
        return accesses.stream().reduce(DescribedPredicate.alwaysFalse(), (any, access) -> any.or(access));
    }

    /** Calls and method references; another overload, as {@code Instant.now(Clock)}, is another method. */
    private static DescribedPredicate<JavaAccess<?>> method(Class<?> owner, String name, Class<?>... parameters) {
        List<String> types = Stream.of(parameters).map(Class::getName).toList();
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + name,
                access -> access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                        && target.getOwner().isEquivalentTo(owner)
                        && target.getName().equals(name)
                        && target.getRawParameterTypes().stream()
                                .map(JavaClass::getName)
                                .toList()
                                .equals(types));
    }

    private static ArchCondition<JavaClass> beAssignableTo(Class<?> type) {
        return ArchCondition.from(assignableTo(type));
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                JavaPackage home = type.getPackage();
                events.add(new SimpleConditionEvent(
                        type,
                        home.isAnnotatedWith(NullMarked.class),
                        type.getFullName() + ": package " + home.getName() + " is not @NullMarked"));
            }
        };
    }
}
