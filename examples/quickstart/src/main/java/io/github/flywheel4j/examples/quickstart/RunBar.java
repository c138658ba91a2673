package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.evals.CaseResult;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.Progress;
import io.github.flywheel4j.evals.RunListener;
import java.time.Duration;

/** One line that says how far a run is, where somebody watches: done, rate, errors and the time left. */
final class RunBar implements RunListener {

    private static final int WIDTH = 24;

    private final Terminal terminal;

    RunBar(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void onResult(CaseResult result, Progress progress) {
        int filled = progress.planned() == 0 ? WIDTH : WIDTH * progress.done() / progress.planned();
        terminal.progress("[%s%s] %d of %d, %.0f a second, %d errors, %s left"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        progress.done(),
                        progress.planned(),
                        progress.perSecond(),
                        progress.errors(),
                        progress.timeLeft().map(RunBar::clock).orElse("?")));
    }

    @Override
    public void onEnd(EvalRun run) {
        terminal.progress("");
    }

    private static String clock(Duration left) {
        return "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
    }
}
