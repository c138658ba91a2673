package io.github.flywheel4j.evals;

import java.util.List;
import java.util.stream.Collectors;

/** A dataset that cannot be used as it is: all that is wrong with it, in one exception. Nothing of it was loaded. */
public final class BadDataset extends RuntimeException {

    /** Beyond these a message helps nobody; {@link #problems()} has them all. */
    private static final int IN_MESSAGE = 20;

    private final transient List<Problem> problems;

    /**
     * Something that is wrong with one case.
     *
     * @param line where it stands, from 1: the line of a file, the place in a list
     * @param reason what is wrong and what was expected; quotes ids and names of fields, never the text of a case
     */
    public record Problem(long line, String reason) {}

    BadDataset(String message) {
        super(message);
        this.problems = List.of();
    }

    BadDataset(String name, String unit, long total, List<Problem> problems) {
        super(message(name, unit, total, problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong with which case, in the order of the file; empty if the whole is at fault. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(String name, String unit, long total, List<Problem> problems) {
        String shown = problems.stream()
                .limit(IN_MESSAGE)
                .map(problem -> unit + " " + problem.line() + ": " + problem.reason())
                .collect(Collectors.joining("; "));
        int more = problems.size() - IN_MESSAGE;
        return name + ": " + problems.size() + " of " + total + " cases cannot be used, so none was loaded: " + shown
                + (more > 0 ? "; and " + more + " more" : "")
                + " (mend them, or load with Dataset.loadUsable, which sets them aside and lists them)";
    }
}
