package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.evals.BadDataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Runs a command of the quickstart: what a person can put right is shown in one line, without a stack trace. */
final class CommandRun {

    private CommandRun() {}

    /** The status to end the process with. */
    static int of(Callable<Integer> command, Terminal terminal, String... args) {
        CommandLine line = new CommandLine(command);
        String name = line.getCommandName();
        return line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, given) -> terminal.report(
                        name,
                        new Problem(
                                Problem.BAD_INPUT,
                                String.valueOf(e.getMessage())
                                                .lines()
                                                .findFirst()
                                                .orElse("") + " (expected: the options that --help lists)")))
                .setExecutionExceptionHandler((e, unused, parsed) -> {
                    Problem problem = problem(e);
                    if (problem != null) {
                        return terminal.report(name, problem);
                    }
                    throw e;
                })
                .execute(args);
    }

    /** Null for a fault of the program, of which the stack trace is wanted. */
    private static @Nullable Problem problem(Exception e) {
        if (e instanceof Problem problem) {
            return problem;
        }
        if (e instanceof IllegalArgumentException || e instanceof BadDataset) {
            return new Problem(Problem.BAD_INPUT, String.valueOf(e.getMessage()));
        }
        if (e instanceof UncheckedIOException unchecked) {
            return new Problem(Problem.BAD_INPUT, unchecked.getMessage() + " (" + kind(unchecked.getCause()) + ")");
        }
        return e instanceof IOException io ? new Problem(Problem.BAD_INPUT, reason(io)) : null;
    }

    /** Where a message names the file already. */
    private static String kind(@Nullable Throwable e) {
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName()
                : reason(e);
    }

    /** The messages of file systems' exceptions are paths; what happened is in their names. */
    private static String reason(@Nullable Throwable e) {
        return e == null ? "no reason given" : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
