package io.github.flywheel4j.evals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.StringJoiner;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Runs as JUnit's XML, which build servers read: a test for each answer, failed if a scorer with a bar failed it, in error if
 * there is no answer or no score; and, where a gate was checked, one for the gate, skipped if it is inconclusive and the
 * policy says so. Texts of questions and answers are not in it. The form is what the schemas of Surefire, Jenkins and the
 * Ant task that they go back to agree on.
 */
public final class JUnitXml {

    private JUnitXml() {}

    /**
     * Writes a run, in place of what the file held.
     *
     * @param gate what a gate said of it; null if none was asked
     * @throws UncheckedIOException if it cannot be written
     */
    public static void write(Path file, EvalRun run, @Nullable GateResult gate) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
                write(xml, run, gate);
                xml.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(file + ": cannot be written as XML", e);
        }
    }

    private static void write(XMLStreamWriter xml, EvalRun run, @Nullable GateResult gate) throws XMLStreamException {
        long failures =
                run.results().stream().filter(each -> !failures(each).isEmpty()).count();
        long errors = run.results().stream()
                .filter(each -> failures(each).isEmpty() && !errors(each).isEmpty())
                .count();
        boolean gateFails = gate != null && outcome(gate) == GateResult.Outcome.FAILED;
        boolean gateSkips = gate != null && outcome(gate) == GateResult.Outcome.INCONCLUSIVE;
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", printable(run.info().dataset()));
        xml.writeAttribute("tests", String.valueOf(run.results().size() + (gate == null ? 0 : 1)));
        xml.writeAttribute("failures", String.valueOf(failures + (gateFails ? 1 : 0)));
        xml.writeAttribute("errors", String.valueOf(errors));
        xml.writeAttribute("skipped", gateSkips ? "1" : "0");
        xml.writeAttribute("time", seconds(run.info().took().toNanos()));
        // The schemas that know a time zone are newer than those that refuse one.
        xml.writeAttribute(
                "timestamp",
                LocalDateTime.ofInstant(run.info().started(), ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME));
        for (CaseResult result : run.results()) {
            write(xml, run, result);
        }
        if (gate != null) {
            writeGate(xml, run, gate);
        }
        xml.writeEndElement();
        xml.writeCharacters("\n");
        xml.writeEndDocument();
    }

    private static void write(XMLStreamWriter xml, EvalRun run, CaseResult result) throws XMLStreamException {
        String name = result.caseId() + (run.info().repeats() > 1 ? " [" + result.repeat() + "]" : "");
        start(
                xml,
                run,
                name,
                result.output() == null ? 0 : result.output().latency().toNanos());
        String failures = failures(result);
        String errors = errors(result);
        if (!failures.isEmpty()) {
            element(xml, "failure", "failed", failures);
        } else if (!errors.isEmpty()) {
            element(xml, "error", type(result), errors);
        }
        xml.writeEndElement();
    }

    private static void writeGate(XMLStreamWriter xml, EvalRun run, GateResult gate) throws XMLStreamException {
        start(xml, run, "gate", 0);
        switch (outcome(gate)) {
            case PASSED -> {}
            case FAILED -> element(xml, "failure", gate.outcome().name(), gate.toString());
            case INCONCLUSIVE -> element(xml, "skipped", null, gate.toString());
        }
        xml.writeEndElement();
    }

    /** What the policy makes of the outcome. */
    private static GateResult.Outcome outcome(GateResult gate) {
        if (gate.outcome() != GateResult.Outcome.INCONCLUSIVE) {
            return gate.outcome();
        }
        return switch (gate.policy()) {
            case FAIL -> GateResult.Outcome.FAILED;
            case SKIP -> GateResult.Outcome.INCONCLUSIVE;
            case WARN -> GateResult.Outcome.PASSED;
        };
    }

    private static void start(XMLStreamWriter xml, EvalRun run, String name, long nanos) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", printable(run.info().candidate()));
        xml.writeAttribute("name", printable(name));
        xml.writeAttribute("time", seconds(nanos));
    }

    /**
     * Writes why a test did not pass.
     *
     * @param type null where the schemas allow none
     */
    private static void element(XMLStreamWriter xml, String name, @Nullable String type, String message)
            throws XMLStreamException {
        xml.writeStartElement(name);
        if (type != null) {
            xml.writeAttribute("type", printable(type));
        }
        xml.writeAttribute("message", printable(message.lines().findFirst().orElse("")));
        xml.writeCharacters(printable(message));
        xml.writeEndElement();
    }

    private static String failures(CaseResult result) {
        StringJoiner failures = new StringJoiner("; ");
        result.scores().forEach((scorer, score) -> {
            if (Boolean.FALSE.equals(score.passed())) {
                failures.add(scorer + (score.category() == null ? "" : ": " + score.category()));
            }
        });
        return failures.toString();
    }

    private static String errors(CaseResult result) {
        StringJoiner errors = new StringJoiner("; ");
        if (result.error() != null) {
            errors.add("no answer: " + result.error().type());
        }
        result.scorerErrors().forEach((scorer, error) -> errors.add(scorer + ": " + error.type()));
        return errors.toString();
    }

    private static String type(CaseResult result) {
        return result.error() != null
                ? result.error().type()
                : result.scorerErrors().values().stream()
                        .map(CaseResult.Failure::type)
                        .findFirst()
                        .orElse("");
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }

    /** XML has no way to write most control characters. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .map(c -> c == '\n' || c == '\t' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF && !isSurrogate(c))
                        ? c
                        : 0xFFFD)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    private static boolean isSurrogate(int c) {
        return c >= 0xD800 && c <= 0xDFFF;
    }
}
