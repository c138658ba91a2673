package io.github.flywheel4j.examples.quickstart;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
 * @param watches whether a person reads {@code err}
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
        boolean watches,
        int columns) {

    private static final int MOST_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 40;
    private static final int MOST_WARNINGS = 5;
    private static final String CLEAR_LINE = "\r\u001B[K";

    /** That of this process. The shell script says which of its streams are a terminal; else the JVM's guess counts. */
    static Terminal ofProcess() {
        String streams = System.getProperty("quickstart.terminal", console() ? "in,out,err" : "");
        int columns = Integer.getInteger("quickstart.columns", MOST_COLUMNS);
        return new Terminal(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.getenv(),
                findHome(),
                streams.contains("in") && streams.contains("out"),
                streams.contains("out"),
                streams.contains("err"),
                Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, columns)));
    }

    @SuppressWarnings("SystemConsoleNull") // asked for below where Java has such consoles
    private static boolean console() {
        Console console = System.console();
        try {
            // From Java 22 on there is a console without a terminal too.
            return console != null
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return console != null;
        }
    }

    /** Documents are UTF-8, and so are terminals, whatever the locale is set to; on Windows the JVM knows better. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");
        if (windows) {
            return descriptor == FileDescriptor.out ? System.out : System.err;
        }
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    private static Path findHome() {
        Path given = Path.of(System.getProperty("quickstart.home", ""));
        for (Path each = given.toAbsolutePath(); each != null; each = each.getParent()) {
            if (Files.exists(each.resolve("README.md")) && Files.isDirectory(each.resolve("core/docs"))) {
                return each;
            }
        }
        return given.toAbsolutePath();
    }

    boolean colours() {
        return reads && !isDumb() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    private boolean isDumb() {
        return "dumb".equals(environment.get("TERM"));
    }

    /** Whether a person watches the progress of what takes long, and lines can be drawn anew. */
    boolean showsProgress() {
        return watches && !isDumb();
    }

    /** Shows what is going on, in place of what was shown before; empty when it is done. */
    void progress(String what) {
        if (showsProgress()) {
            err.print(CLEAR_LINE + what);
            err.flush();
        }
    }

    /** Names the files that were not read. */
    void warnOf(List<String> skipped) {
        skipped.stream().limit(MOST_WARNINGS).forEach(file -> err.println("skipped: " + file));
        if (skipped.size() > MOST_WARNINGS) {
            err.println("skipped: " + (skipped.size() - MOST_WARNINGS) + " more files");
        }
    }

    /** Shows a problem of a command and gives the status to end with. */
    int report(String command, Problem problem) {
        progress("");
        err.println(command + ": " + problem.getMessage());
        return problem.status();
    }
}
