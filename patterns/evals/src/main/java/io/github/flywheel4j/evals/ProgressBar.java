package io.github.flywheel4j.evals;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** One line of a terminal that says how far a run is. Called by one run, one event at a time. */
final class ProgressBar implements RunListener {

    private static final int WIDTH = 24;

    /** The run waits for its listeners, and nobody reads faster. */
    private static final Duration BETWEEN_LINES = Duration.ofMillis(100);

    private final PrintStream out;
    private Duration shownAt = Duration.ZERO;
    private int columns;

    ProgressBar(PrintStream out) {
        this.out = out;
    }

    @Override
    public void onStart(Progress progress) {
        shownAt = progress.sinceResumed();
        show(line(progress));
    }

    @Override
    public void onResult(CaseResult result, Progress progress) {
        Duration now = progress.sinceResumed();
        if (now.minus(shownAt).compareTo(BETWEEN_LINES) >= 0 || progress.done() == progress.planned()) {
            shownAt = now;
            show(line(progress));
        }
    }

    @Override
    public void onEnd(EvalRun run) {
        show("");
        out.print('\r');
        out.flush();
    }

    private static String line(Progress progress) {
        int filled = progress.planned() == 0 ? WIDTH : (int) ((long) WIDTH * progress.done() / progress.planned());
        String errors = progress.errors() == 0 ? "" : ", " + progress.errors() + " errors";
        return String.format(
                Locale.ROOT,
                "[%s%s] %d of %d, %.0f a second%s, %s left",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                progress.done(),
                progress.planned(),
                progress.perSecond(),
                errors,
                progress.timeLeft().map(ProgressBar::clock).orElse("?"));
    }

    private static String clock(Duration left) {
        return left.toHours() > 0
                ? "%d:%02d:%02d".formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart())
                : "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
    }

    /** Spaces clear what a longer line left: unlike an escape sequence, every terminal knows them. */
    private void show(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, columns - line.length())));
        out.flush();
        columns = line.length();
    }
}
