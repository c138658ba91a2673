package io.github.flywheel4j.benchmarks;

import java.io.PrintStream;

/**
 * One bench. Its name and its sentence stand in a picocli {@code @Command(name, description)} on the class, its options are
 * fields with {@code @Option}. An instance serves one run.
 */
public interface Bench {

    /**
     * Measures, prints a table for a person, and returns the figures for a machine.
     *
     * @param table where the table goes; the figures are printed after it by the caller
     * @throws BadInput if an option's value or a file is of no use
     * @throws Exception if the bench itself breaks
     */
    Figures run(PrintStream table) throws Exception;
}
