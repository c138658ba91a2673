package io.github.flywheel4j.evals.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.evals.CalibratedJudge;
import io.github.flywheel4j.evals.Comparison;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalReport;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.GateResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of core/docs/guide/evals.md on reports, as it stands there; it needs no browser. */
class ReportsGuideTest {

    @TempDir
    Path folder;

    @Test
    void aReportIsAPageAndAComment() {
        SampleRuns runs = new SampleRuns();
        Dataset dataset = runs.dataset();
        EvalRun baseline = runs.baseline();
        EvalRun candidate = runs.candidate();
        Comparison comparison = runs.comparison();
        GateResult gateResult = runs.gateResult();
        CalibratedJudge judge = runs.judge();

        // snippet
        EvalReport report = EvalReport.of(dataset, baseline, candidate, comparison)
                .withGate(gateResult)
                .withJudge(judge, candidate);
        report.saveHtml(folder.resolve("report.html"));
        String comment = report.markdown();
        // end snippet

        assertThat(folder.resolve("report.html")).isNotEmptyFile();
        assertThat(comment).startsWith("### BETTER: prompt v8 against prompt v7 on shop assistant");
    }
}
