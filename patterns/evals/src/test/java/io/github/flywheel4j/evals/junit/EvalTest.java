package io.github.flywheel4j.evals.junit;

import static io.github.flywheel4j.evals.junit.EvalAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flywheel4j.evals.Budget;
import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.InconclusivePolicy;
import io.github.flywheel4j.evals.JUnitXml;
import io.github.flywheel4j.evals.Output;
import io.github.flywheel4j.evals.Score;
import io.github.flywheel4j.evals.Scorer;
import io.github.flywheel4j.evals.Shard;
import io.github.flywheel4j.evals.Varies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class EvalTest {

    private static final Set<String> SEEN = new HashSet<>();

    @TempDir
    Path folder;

    /** The last so many of a hundred cases fail. */
    private static EvalRun run(int failing) {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            cases.add(EvalCase.of("case-" + (100 + i), "question", i < 100 - failing ? "yes" : "no"));
        }
        return EvalRunner.create()
                .run(Dataset.of("questions", cases), Candidate.of("always", each -> "yes"), List.of(new Same()));
    }

    /** By name: JUnit hands the exception on from a library of its own. */
    private static boolean isSkipped(Throwable thrown) {
        return thrown.getClass().getSimpleName().equals("TestAbortedException");
    }

    private record Same() implements Scorer {

        @Override
        public String name() {
            return "same";
        }

        @Override
        public String fingerprint() {
            return "1";
        }

        @Override
        public boolean lossy() {
            return false;
        }

        @Override
        public Score score(EvalCase evalCase, Output output) {
            if ("?".equals(evalCase.expected())) {
                throw new IllegalStateException("nothing to compare with");
            }
            return Score.of(output.text().equals(evalCase.expected()));
        }
    }

    @Eval(dataset = "evals/small.jsonl")
    void isATestForEachCase(EvalCase evalCase) {
        SEEN.add(evalCase.id());
        Assertions.assertThat(evalCase.expected()).isEqualTo("yes");
    }

    @AfterAll
    static void sawEachCase() {
        Assertions.assertThat(SEEN).isSubsetOf("one", "two");
    }

    @Eval(dataset = "evals/small.jsonl", slice = "short", onInconclusive = InconclusivePolicy.WARN)
    void isOneTestOverAllCases(Evaluation evaluation) {
        EvalRun run = evaluation.run(Candidate.of("always", each -> "yes"), List.of(new Same()));

        Assertions.assertThat(evaluation.dataset().cases())
                .extracting(EvalCase::id)
                .containsExactly("two");
        Assertions.assertThat(evaluation.policy()).isEqualTo(InconclusivePolicy.WARN);
        assertThat(run).onInconclusive(evaluation.policy()).passRate().isAtLeast(0.5);
    }

    @TestFactory
    Stream<DynamicTest> hasATestForEachCaseOfARun() {
        return EvalAssertions.casesOf(run(0)).limit(3);
    }

    @Test
    void passesWhatIsSurelyHighEnoughAndFailsWhatIsSurelyNot() {
        assertThat(run(2)).passRate().isAtLeast(0.9);
        assertThat(run(2)).passRate("same").isAtMost(0.999);

        assertThatThrownBy(() -> assertThat(run(30)).passRate().isAtLeast(0.9))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("pass rate of 'same': 0.700 (95 % interval 0.6")
                .hasMessageContaining("(expected: at least 0.9)");
    }

    @Test
    void doesAsThePolicySaysWhereTheCasesDoNotTell() {
        assertThatThrownBy(() -> assertThat(run(8)).passRate().isAtLeast(0.9))
                .matches(EvalTest::isSkipped)
                .hasMessageContaining("the cases do not tell");
        assertThatThrownBy(() -> assertThat(run(8))
                        .onInconclusive(InconclusivePolicy.FAIL)
                        .passRate()
                        .isAtLeast(0.9))
                .isInstanceOf(AssertionError.class);
        assertThat(run(8)).onInconclusive(InconclusivePolicy.WARN).passRate().isAtLeast(0.9);
    }

    @Test
    void doesNotPassARateOverWhatIsLeftWhenTheModelFailsHalfTheTime() {
        AtomicInteger asked = new AtomicInteger();
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            cases.add(EvalCase.of("case-" + i, "question", "yes"));
        }
        EvalRun half = EvalRunner.create()
                .run(
                        Dataset.of("questions", cases),
                        Candidate.of("shaky", each -> {
                            if (asked.getAndIncrement() % 2 == 0) {
                                throw new IllegalStateException("down");
                            }
                            return "yes";
                        }),
                        List.of(new Same()));

        assertThatThrownBy(() -> assertThat(half).passRate().isAtLeast(0.9))
                .matches(EvalTest::isSkipped)
                .hasMessageContaining("100 of 200 results have no score, for errors");
        assertThatThrownBy(() -> assertThat(half).hasErrorsAtMost(0.4))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("100 of 200 results are errors");
        assertThat(half).hasErrorsAtMost(0.5).allowingErrors(0.5).passRate().isAtLeast(0.9);
    }

    @Test
    void saysWhenARateIsOfARunThatIsNotComplete() {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            cases.add(EvalCase.of("case-" + i, "question", "yes"));
        }
        AtomicLong now = new AtomicLong();
        EvalRun part = EvalRunner.builder()
                .workers(1)
                .nanoTime(() -> now.addAndGet(1_000_000))
                .budget(Budget.unlimited().withTime(Duration.ofMillis(100)))
                .build()
                .run(Dataset.of("questions", cases), Candidate.of("no", each -> "no"), List.of(new Same()));

        assertThatThrownBy(() -> assertThat(part).passRate().isAtLeast(0.9))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the run is not complete (OUT_OF_BUDGET)");
    }

    @Test
    void failsOrSkipsTheTestOfACase() throws Throwable {
        List<DynamicTest> tests = EvalAssertions.casesOf(run(1)).toList();

        tests.get(0).getExecutable().execute();
        assertThatThrownBy(() -> tests.get(99).getExecutable().execute())
                .isInstanceOf(AssertionError.class)
                .hasMessage("same failed in repeat 0");
        EvalRun broken = EvalRunner.create()
                .run(
                        Dataset.of("broken", List.of(EvalCase.of("a", "q", "?"))),
                        Candidate.of("always", each -> "yes"),
                        List.of(new Same()));
        assertThatThrownBy(() -> EvalAssertions.casesOf(broken)
                        .findFirst()
                        .orElseThrow()
                        .getExecutable()
                        .execute())
                .matches(EvalTest::isSkipped)
                .hasMessageContaining("same could not score");
    }

    @Test
    void writesABaselineOnlyIfToldTo() {
        Path file = folder.resolve("baseline.jsonl");
        EvalRun run = run(10);
        Evaluation evaluation = new Evaluation(
                Dataset.of("questions", List.of(EvalCase.of("a", "q", "x"))), file, InconclusivePolicy.SKIP);

        assertThatThrownBy(() -> evaluation.baseline(run)).hasMessageContaining("-Dflywheel4j.evals.update=true");
        System.setProperty(Evaluation.UPDATE, "true");
        try {
            Assertions.assertThat(evaluation.baseline(run).results()).isEqualTo(run.results());
        } finally {
            System.clearProperty(Evaluation.UPDATE);
        }
        Assertions.assertThat(file).exists();
        Gate gate = Gate.builder().notWorse("same", 0.05).build();
        assertThat(evaluation.check(run, gate, Varies.STACK)).passes();
    }

    @Test
    void doesNotPassTheRateOfARunThatEndedWhenItLookedGood() {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            cases.add(EvalCase.of("case-" + i, "question", "yes"));
        }
        Dataset dataset = Dataset.of("questions", cases);
        EvalRun bad = EvalRunner.create()
                .run(dataset, Candidate.of("bad", each -> "no").withModel("m"), List.of(new Same()));
        Gate gate = Gate.builder().better("same").earlyStopping().build();
        EvalRun early = EvalRunner.builder()
                .workers(1)
                .stopEarly(bad, gate, Varies.PROMPT)
                .build()
                .run(dataset, Candidate.of("good", each -> "yes").withModel("m"), List.of(new Same()));

        assertThatThrownBy(() -> assertThat(early)
                        .onInconclusive(InconclusivePolicy.FAIL)
                        .passRate()
                        .isAtLeast(0.5))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not complete (DECIDED_EARLY)")
                .hasMessageContaining("the cases do not tell");
    }

    @Test
    void storesNoShardAsABaselineAndSaysWhy() {
        List<EvalCase> cases = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            cases.add(EvalCase.of("case-" + i, "question", "yes"));
        }
        EvalRun half = EvalRunner.builder()
                .shard(Shard.parse("1/2"))
                .build()
                .run(Dataset.of("questions", cases), Candidate.of("c", each -> "yes"), List.of(new Same()));
        Evaluation evaluation =
                new Evaluation(Dataset.of("questions", cases), folder.resolve("b.jsonl"), InconclusivePolicy.FAIL);
        System.setProperty(Evaluation.UPDATE, "true");
        try {
            assertThatThrownBy(() -> evaluation.baseline(half))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("of shards with " + half.results().size() + " of the dataset's 20 answers");
        } finally {
            System.clearProperty(Evaluation.UPDATE);
        }
    }

    @Test
    void writesXmlThatBuildServersRead() throws Exception {
        Path file = folder.resolve("xml/evals.xml");
        EvalRun run = run(2);
        Gate gate = Gate.builder().better("same").build();

        JUnitXml.write(file, run, gate.check(run, run, Varies.STACK));

        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        Assertions.assertThat(xml.getDocumentElement().getAttribute("tests")).isEqualTo("101");
        Assertions.assertThat(xml.getDocumentElement().getAttribute("failures")).isEqualTo("2");
        Assertions.assertThat(xml.getDocumentElement().getAttribute("skipped")).isEqualTo("1");
        Assertions.assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(2);
    }

    /** The schema holds what those of Surefire, Jenkins and Ant agree on. */
    @Test
    void writesWhatTheCommonSchemasOfJUnitsXmlAllow() throws Exception {
        Schema schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(EvalTest.class.getResource("/evals/junit.xsd"));
        EvalRun odd = EvalRunner.builder()
                .repeats(2)
                .build()
                .run(
                        Dataset.of(
                                "odd\u0001 <\"names\">",
                                List.of(
                                        EvalCase.of("fails ]]> \u0000", "q", "no"),
                                        EvalCase.of("cannot be scored", "q", "?"),
                                        EvalCase.of("has no answer", "down", "yes"),
                                        EvalCase.of("passes \ud83d\ude00", "q", "yes"))),
                        Candidate.of("always", each -> {
                            if (each.id().equals("has no answer")) {
                                throw new IllegalStateException("down");
                            }
                            return "yes";
                        }),
                        List.of(new Same()));
        Gate gate = Gate.builder().better("same").build();
        GateResult open = gate.check(odd, odd, Varies.STACK);
        List<@Nullable GateResult> gates = new ArrayList<>();
        gates.add(null);
        for (InconclusivePolicy policy : InconclusivePolicy.values()) {
            gates.add(new GateResult(open.outcome(), open.reasons(), policy, open.comparison()));
        }
        for (GateResult result : gates) {
            Path file = folder.resolve("schema.xml");

            JUnitXml.write(file, odd, result);

            assertThatCode(() -> schema.newValidator().validate(new StreamSource(file.toFile())))
                    .as(() -> String.valueOf(result))
                    .doesNotThrowAnyException();
        }
        Assertions.assertThat(Files.readString(folder.resolve("schema.xml")))
                .contains("<error type=\"java.lang.IllegalStateException\" message=\"no answer: ")
                .contains("<failure type=\"failed\"", "failures=\"2\" errors=\"4\"");
    }

    @Test
    void keepsUnprintableCharactersOutOfTheXml() throws IOException {
        EvalRun odd = EvalRunner.create()
                .run(
                        Dataset.of("odd\u0001", List.of(EvalCase.of("a\u0002<&\"", "q", "no"))),
                        Candidate.of("always", each -> "yes"),
                        List.of(new Same()));
        Path file = folder.resolve("odd.xml");

        JUnitXml.write(file, odd, null);

        Assertions.assertThat(Files.readString(file))
                .doesNotContain("\u0001", "\u0002")
                .contains("&lt;&amp;");
    }
}
