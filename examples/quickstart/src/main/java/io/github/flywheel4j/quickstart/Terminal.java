package io.github.flywheel4j.quickstart;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What surrounds a run.
 *
 * @param in questions
 * @param out answers
 * @param err problems, and the progress of what takes long
 * @param environment the environment's variables
 * @param home the folder of this project
 * @param asks whether a person types into {@code in}
 * @param reads whether a person reads {@code out}
 * @param columns how wide lines may be where a person reads them
 */
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path home,
        boolean asks,
        boolean reads,
        int columns) {

    boolean colours() {
        return reads
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.getOrDefault("TERM", ""));
    }
}
