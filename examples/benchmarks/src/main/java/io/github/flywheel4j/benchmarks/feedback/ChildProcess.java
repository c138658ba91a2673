package io.github.flywheel4j.benchmarks.feedback;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another Java process on the same class path. */
final class ChildProcess {

    private ChildProcess() {}

    /** What starts it: the main class and its arguments. */
    static ProcessBuilder of(String option, String... command) {
        List<String> whole = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                option));
        whole.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(whole);
        // By the environment: some native libraries fail on a long command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder;
    }
}
