package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run, or two of them compared, for people and for programs: one HTML page that needs no network, Markdown for a pull
 * request, and JSON. All three say the same, because the page and the Markdown are made of the JSON. Immutable.
 *
 * <pre>{@code
 * Comparison comparison = Comparison.compare(baseline, candidate, Varies.PROMPT);
 * EvalReport report = EvalReport.of(dataset, baseline, candidate, comparison);
 * report.saveHtml(folder.resolve("report.html"));
 * String forThePullRequest = report.markdown();
 * }</pre>
 *
 * <p>A report holds the texts of the cases and of the answers: it belongs where those may be seen. Texts never become part of
 * the page's markup, whatever a model wrote. The page reads a few thousand cases with ease; each takes about as much room as
 * its texts do, twice.
 *
 * <p>The verdict over all is that of the metrics that may gate, over the whole dataset: worse if one is worse, else better if
 * one is better, else inconclusive; none without a baseline or without such a metric.
 */
public final class EvalReport {

    private static final String TEMPLATE = "report.html";
    private static final String DATA = "@data@";

    private final ObjectNode content;
    private final EvalRun.Info candidate;
    private final EvalRun.@Nullable Info baseline;

    private EvalReport(ObjectNode content, EvalRun.Info candidate, EvalRun.@Nullable Info baseline) {
        this.content = content;
        this.candidate = candidate;
        this.baseline = baseline;
    }

    /** A report of one run, compared with nothing. */
    public static EvalReport of(Dataset dataset, EvalRun run) {
        return new EvalReport(new ReportContent(dataset, run, null, null).toJson(), run.info(), null);
    }

    /**
     * A report of two runs and their comparison.
     *
     * @throws IllegalArgumentException if the comparison is of other runs, or one of a gate with margins, whose verdicts are
     *     no claims of better or worse: give {@link #withGate} that
     */
    public static EvalReport of(Dataset dataset, EvalRun baseline, EvalRun candidate, Comparison comparison) {
        if (!comparison.baseline().equals(baseline.info())
                || !comparison.candidate().equals(candidate.info())) {
            throw new IllegalArgumentException("comparison of '"
                    + comparison.baseline().candidate() + "' and '"
                    + comparison.candidate().candidate() + "' (expected: of the two runs given, '"
                    + baseline.info().candidate() + "' and '" + candidate.info().candidate() + "')");
        }
        if (comparison.rows().stream().anyMatch(row -> row.margin() > 0)) {
            throw new IllegalArgumentException(
                    "comparison: a gate's, with margins (expected: that of Comparison.compare; the"
                            + " gate comes with withGate)");
        }
        return new EvalReport(
                new ReportContent(dataset, candidate, baseline, comparison).toJson(),
                candidate.info(),
                baseline.info());
    }

    /**
     * The same with what a gate said of the comparison.
     *
     * @throws IllegalArgumentException if it was asked about another candidate's run, or against another baseline
     */
    public EvalReport withGate(GateResult gate) {
        Comparison asked = gate.comparison();
        if (!asked.candidate().equals(candidate)
                || (baseline != null && !asked.baseline().equals(baseline))) {
            throw new IllegalArgumentException("gate: of '" + asked.candidate().candidate() + "' against '"
                    + asked.baseline().candidate() + "' (expected: of the report's own runs, '" + candidate.candidate()
                    + "'" + (baseline == null ? "" : " against '" + baseline.candidate() + "'") + ")");
        }
        ObjectNode copy = content.deepCopy();
        copy.set("gate", ReportContent.gate(gate));
        return new EvalReport(copy, this.candidate, baseline);
    }

    /**
     * The same with how a judge agrees with people, and with the candidate's pass rate corrected for that.
     *
     * @throws IllegalArgumentException if it is another run than the report's, or was not scored by that judge
     */
    public EvalReport withJudge(CalibratedJudge judge, EvalRun candidate) {
        if (!candidate.info().equals(this.candidate)) {
            throw new IllegalArgumentException("run of '" + candidate.info().candidate()
                    + "' (expected: the report's own candidate, '" + this.candidate.candidate() + "')");
        }
        EvalRun.ScorerInfo scorer = this.candidate.scorers().get(judge.name());
        if (scorer == null || !scorer.fingerprint().equals(judge.fingerprint())) {
            throw new IllegalArgumentException(
                    "judge '" + judge.name() + "' with the fingerprint " + judge.fingerprint()
                            + " did not score the run (expected: one of its scorers, "
                            + (scorer == null ? this.candidate.scorers().keySet() : scorer.fingerprint()) + ")");
        }
        ObjectNode copy = content.deepCopy();
        copy.withArray("judges").add(ReportContent.judge(judge, candidate));
        return new EvalReport(copy, this.candidate, baseline);
    }

    /** The verdict over all; null if there is none. */
    public @Nullable Verdict verdict() {
        JsonNode verdict = content.get("verdict");
        return verdict.isNull() ? null : Verdict.valueOf(verdict.textValue());
    }

    /** One sentence that says how it stands. */
    public String summary() {
        return content.get("summary").textValue();
    }

    /** What a reader must know to trust the figures. */
    public List<String> warnings() {
        return content.get("warnings").valueStream().map(JsonNode::textValue).toList();
    }

    /** The whole report as one JSON object; its {@code schema} changes when its form does. */
    public String json() {
        return WholeText.of(content.toString());
    }

    /** The report as GitHub-flavoured Markdown, short enough for a comment. */
    public String markdown() {
        return WholeText.of(new ReportMarkdown(content).toString());
    }

    /** The report as one HTML page that loads nothing from anywhere. */
    public String html() {
        // No tag can begin within the data, so nothing in a text can end the script element that holds it.
        return template().replace(DATA, json().replace("<", "\\u003c"));
    }

    /**
     * Writes {@link #html()} to a file, in place of what it held.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void saveHtml(Path file) {
        try {
            Files.writeString(file, html());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static String template() {
        try (InputStream page = EvalReport.class.getResourceAsStream(TEMPLATE)) {
            if (page == null) {
                throw new IllegalStateException(TEMPLATE + " is missing beside " + EvalReport.class.getName());
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(TEMPLATE + " cannot be read from the library's jar", e);
        }
    }
}
